"""The student version of an exercise: all the files that are handed out.

Invariant: of the instructor's folder only the derived notebook, the data of the visible seed, and the visible checks with the facts
they read are in it; the same folder gives the same files.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from exercises import definition, folder
from exercises.errors import ExerciseError
from exercises.form import declared, leaks, notebooks
from exercises.form.pipeline import derive

NOTEBOOK, CHECKS, DATA = "notebook.ipynb", "checks.py", "data"
FACTS = "facts.json"
# Hidden from JupyterLab's file browser.
ABOUT = ".exercise/exercise.json"
STUDENT_CHECKS, STUDENT_FACTS = ".exercise/checks.py", ".exercise/facts.json"
NEEDED = (definition.FILE, NOTEBOOK, CHECKS)

NO_FILE = "{exercise}: {name} is missing."
NOT_BESIDE = (
    "{exercise}: a visible check imports {name}, which students do not get: their copy of checks.py stands alone. "
    "Move what it needs into checks.py."
)
NO_FACT = "{exercise}: a visible check reads the fact {key!r}, which data.py's facts(seed) does not give."


def release(exercise: Path, seed: int | None = None) -> dict[str, bytes]:
    """Return the student version of an exercise's folder. `seed` makes its data (default: the one in exercise.toml).

    Runs the exercise's own data.py. Raises ExerciseError and its kinds.
    """
    found = folder.read(exercise)
    told = definition.read(exercise.name, found)
    return of_files(exercise.name, found, folder.prepare(exercise, told.seed if seed is None else seed))


def of_files(name: str, found: Mapping[str, bytes], prepared: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the student version of an exercise's files, whose data/… and facts.json were prepared elsewhere.

    Runs nothing of the exercise's. Raises ExerciseError and its kinds.
    """
    told = definition.read(name, found)
    for needed in NEEDED:
        if needed not in found:
            raise ExerciseError(NO_FILE.format(exercise=name, name=needed))
    complete = notebooks.read(found[NOTEBOOK], exercise=name)
    checks_source = found[CHECKS].decode("utf-8", "replace")
    checks = declared.declared(checks_source, exercise=name)
    part = declared.visible(checks_source, exercise=name)
    for module in part.modules:
        if f"{module}.py" in found:
            raise ExerciseError(NOT_BESIDE.format(exercise=name, name=f"{module}.py"))
    made = {one: content for one, content in prepared.items() if one.startswith(DATA + "/")}
    made[NOTEBOOK] = notebooks.dump(derive(complete, exercise=name))
    if part.code:
        made[STUDENT_CHECKS] = part.code.encode()
    made[STUDENT_FACTS] = _json(_facts(name, part.facts, prepared))
    made[ABOUT] = _json(
        {
            "name": name,
            "title": told.title,
            "points": told.points,
            "checks": [{"name": one.name, "points": one.points, "message": one.message} for one in checks if one.visible],
        }
    )
    _no_leaks(name, complete, part, checks, made)
    return made


def _facts(name: str, keys: tuple[str, ...], prepared: Mapping[str, bytes]) -> dict[str, Any]:
    facts = json.loads(prepared.get(FACTS, b"{}"))
    for key in keys:
        if key not in facts:
            raise ExerciseError(NO_FACT.format(exercise=name, key=key))
    return {key: facts[key] for key in keys}


def _no_leaks(name: str, complete: Mapping[str, Any], part: Any, checks: list, made: Mapping[str, bytes]) -> None:
    """The notebook was looked through when it was derived; now everything beside it, and hidden checks everywhere."""
    hidden = leaks.telling(part.hidden_lines, leaks.A_HIDDEN_CHECK, _given(complete, name))
    for one in checks:
        if not one.visible:
            hidden += leaks.telling((one.name, one.message), leaks.A_HIDDEN_CHECK, _given(complete, name))
    own = {key: made[key] for key in (STUDENT_CHECKS, ABOUT) if key in made}
    leaks.files(own, [*hidden, *leaks.secrets(complete, exercise=name)], exercise=name)
    leaks.files({NOTEBOOK: made[NOTEBOOK]}, hidden, exercise=name)


def _given(complete: Mapping[str, Any], name: str) -> set[str]:
    """The lines that students see in the notebook anyway."""
    secret = {one.line for one in leaks.secrets(complete, exercise=name)}
    lines = {line.strip() for cell in complete["cells"] for line in notebooks.text(cell).split("\n")}
    return lines - secret


def _json(value: Any) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()
