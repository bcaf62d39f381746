"""Where a course's notebooks, answers and other files lie.

SRC/notebooks/*.ipynb   the notebooks, and beside them whatever they read or import; without this folder, SRC itself
SRC/solutions/NAME.py   optional: the answers to the tasks of NAME.ipynb, in the form of this project's own solutions

Invariant: a folder is read, never written to; one that is no course is refused with what was expected.
"""

from dataclasses import dataclass
from pathlib import Path

from tests.notebooks import lessons
from tests.notebooks.lessons import Lesson

NO_FOLDER = "{source} is no folder. Give a folder with notebooks: make course SRC=my_course"
NO_NOTEBOOKS = "There is no notebook (*.ipynb) in {folder}. Put a course's notebooks there, or give another folder."
NOT_THERE = "{solutions} has the answers to {name}.ipynb, but {folder} has no notebook of that name."
NOT_CHOSEN = "No notebook of {folder} has {text!r} in its name. There are: {names}."


class CourseError(ValueError):
    """A folder cannot be run as a course; the message says why and what to do."""


@dataclass(frozen=True)
class Folder:
    """A course on disk. `name` is that of its folder."""

    source: Path
    notebooks: Path
    lessons: tuple[Lesson, ...]

    @property
    def name(self) -> str:
        return self.source.name


def read(source: Path, text: str = "") -> Folder:
    """Return the course in a folder, only notebooks with `text` in their name. Raises CourseError."""
    source = source.resolve()
    if not source.is_dir():
        raise CourseError(NO_FOLDER.format(source=source))
    notebooks = source / "notebooks"
    notebooks = notebooks if notebooks.is_dir() else source
    solutions = source / "solutions"
    found = {path.stem: lessons.lesson(path, solutions) for path in sorted(notebooks.glob("*.ipynb"))}
    if not found:
        raise CourseError(NO_NOTEBOOKS.format(folder=notebooks))
    for answers in sorted(solutions.glob("*.py")):
        if answers.stem not in found:
            raise CourseError(NOT_THERE.format(solutions=answers, name=answers.stem, folder=notebooks))
    chosen = tuple(lesson for name, lesson in found.items() if text in name)
    if not chosen:
        raise CourseError(NOT_CHOSEN.format(folder=notebooks, text=text, names=", ".join(found)))
    return Folder(source, notebooks, chosen)
