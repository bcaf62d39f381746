"""Which lessons `make lessons FILTER=...` is about.

Invariant: a filter is the name of a part, or else a piece of lessons' names; one that fits nothing says what would.
"""

from collections.abc import Iterable
from typing import Any

from lab_kernel.lessons import PARTS
from tests.notebooks.lessons import Lesson

NOTHING = "No lesson is of the part {text!r} or has it in its name. Parts: {parts}. Lessons: {lessons}."


class NothingChosen(ValueError):
    """A filter fits no lesson; the message says what there is."""


def part_of(lesson: Lesson) -> str:
    """Return the part of the course that a lesson says it belongs to."""
    about: Any = lesson.read().get("metadata", {}).get("dataflow", {})
    return str(about.get("part", "")) if hasattr(about, "get") else ""


def chosen(lessons: Iterable[Lesson], text: str) -> list[Lesson]:
    """Return the lessons that a filter means, all for an empty one. Raises NothingChosen."""
    every = list(lessons)
    found = [lesson for lesson in every if text and part_of(lesson) == text]
    found = found or [lesson for lesson in every if text in lesson.name]
    if not found:
        names = ", ".join(lesson.name for lesson in every)
        raise NothingChosen(NOTHING.format(text=text, parts=", ".join(PARTS), lessons=names))
    return found
