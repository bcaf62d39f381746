"""`exercises new` and `exercises course`: copies of what the project brings along, under a name of their own.

Invariant: what is made passes its laws as it is; nothing that is there already is changed.
"""

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from exercises import folder
from exercises.definition import BAD_NAME, FILE, NAME
from exercises.errors import ExerciseError

# Wherever the package lies, in a folder or in one file.
PACKAGE = files("exercises")
TITLE = "A title"
FIRST = "first-steps"

IS_THERE = "{path} is there already. Choose another name, or remove it."


def new(name: str, here: Path) -> Path:
    """Make the exercise's folder in `here` and return it. Raises ExerciseError."""
    made = free(name, here)
    folder.write(_exercise(name), made)
    return made


def course(name: str, here: Path) -> Path:
    """Make the folder of a course's repository in `here` and return it: one exercise, and what a CI needs. Raises ExerciseError."""
    made = free(name, here)
    first = {f"{FIRST}/{path}": content for path, content in _exercise(FIRST).items()}
    # A name that begins with a dot is not packed by every tool, so it gets its dot here.
    around = {path.replace("dot-", "."): content for path, content in _tree(PACKAGE / "course")}
    folder.write({**around, **first}, made)
    return made


def free(name: str, here: Path) -> Path:
    """Return the folder that an exercise of that name would have. Raises ExerciseError if it cannot have it."""
    if not NAME.fullmatch(name):
        raise ExerciseError(BAD_NAME.format(name=name))
    made = here / name
    if made.exists():
        raise ExerciseError(IS_THERE.format(path=made))
    return made


def _exercise(name: str) -> dict[str, bytes]:
    made = dict(_tree(PACKAGE / "template"))
    title = name.replace("-", " ").capitalize()
    for file in (FILE, "notebook.ipynb"):
        made[file] = made[file].replace(TITLE.encode(), title.encode())
    return made


def _tree(here: Traversable, before: str = "") -> Iterator[tuple[str, bytes]]:
    for one in sorted(here.iterdir(), key=lambda entry: entry.name):
        if one.name in folder.IGNORED_FOLDERS:
            continue
        if one.is_dir():
            yield from _tree(one, f"{before}{one.name}/")
        else:
            yield before + one.name, one.read_bytes()
