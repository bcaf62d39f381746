"""`exercises new`: a copy of the template under a name of its own.

Invariant: what is made passes its laws as it is; nothing that is there already is changed.
"""

import shutil
from pathlib import Path

from exercises.definition import BAD_NAME, FILE, NAME
from exercises.errors import ExerciseError

TEMPLATE = Path(__file__).parent / "template"
TITLE = "A title"

IS_THERE = "{path} is there already. Choose another name, or remove it."


def new(name: str, here: Path) -> Path:
    """Make the exercise's folder in `here` and return it. Raises ExerciseError."""
    made = free(name, here)
    shutil.copytree(TEMPLATE, made, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", ".ruff_cache"))
    title = name.replace("-", " ").capitalize()
    for file in (FILE, "notebook.ipynb"):
        path = made / file
        path.write_text(path.read_text(encoding="utf-8").replace(TITLE, title), encoding="utf-8")
    return made


def free(name: str, here: Path) -> Path:
    """Return the folder that an exercise of that name would have. Raises ExerciseError if it cannot have it."""
    if not NAME.fullmatch(name):
        raise ExerciseError(BAD_NAME.format(name=name))
    made = here / name
    if made.exists():
        raise ExerciseError(IS_THERE.format(path=made))
    return made
