"""What lessons say of themselves: title, part, minutes, what they teach, their tasks.

Invariant: only read, with nothing but a JSON reader; a notebook that is broken, or that says nothing of
itself, is left out and stops nobody.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# The course's order. A lesson's number names it and orders it within its part.
PARTS = {
    "start": "Start",
    "bronze": "Bronze: data as it was received",
    "silver": "Silver: data that can be trusted",
    "gold": "Gold: data that answers questions",
    "performance": "Performance: why a query is slow",
    "streaming": "Streaming: data that never ends",
    "mlflow": "MLflow: models and their history",
    "engineering": "Engineering: pipelines that can be relied on",
}


@dataclass(frozen=True)
class Lesson:
    """One notebook's own words. `tasks` are the ids of what there is to try."""

    name: str
    title: str
    part: str
    minutes: int
    teaches: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()

    @property
    def number(self) -> str:
        return self.name.partition("_")[0]


def read(folders: Iterable[Path]) -> list[Lesson]:
    """Returns the lessons of some folders in the course's order; of two files of a name the first that can be read."""
    found: dict[str, Lesson] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.ipynb")):
            if path.stem not in found:
                lesson = _lesson(path)
                if lesson is not None:
                    found[path.stem] = lesson
    return sorted(found.values(), key=lambda lesson: (_place(lesson.part), lesson.name))


def by_part(lessons: Iterable[Lesson]) -> dict[str, list[Lesson]]:
    """Returns the lessons of each part that has any, parts and lessons in the order that they came in."""
    parts: dict[str, list[Lesson]] = {}
    for lesson in lessons:
        parts.setdefault(lesson.part, []).append(lesson)
    return parts


def heading(part: str) -> str:
    """Returns what people read for a part."""
    return PARTS.get(part, part.capitalize())


def _place(part: str) -> int:
    order = list(PARTS)
    return order.index(part) if part in order else len(order)


def _lesson(path: Path) -> Lesson | None:
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        about = notebook["metadata"]["dataflow"]
        return Lesson(
            name=path.stem,
            title=str(about["title"]),
            part=str(about.get("part", "other")),
            minutes=int(about.get("minutes", 0)),
            teaches=_texts(about, "teaches"),
            needs=_texts(about, "needs"),
            topics=_texts(about, "topics"),
            tasks=tuple(_tasks(notebook["cells"])),
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _texts(about: Mapping[str, Any], key: str) -> tuple[str, ...]:
    return tuple(str(text) for text in about.get(key, ()))


def _tasks(cells: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    for cell in cells:
        task = cell.get("metadata", {}).get("dataflow", {}).get("task")
        if task:
            yield str(task)
