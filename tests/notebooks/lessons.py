"""Where the lessons are and what belongs to each.

Invariant: a lesson is found by its file name alone; its number is the prefix of all of its tasks.
"""

import ast
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

from tests.helpers.versions import ROOT

LESSONS = ROOT / "notebooks"
SOLUTIONS = Path(__file__).parent / "solutions"
CRIMES = Path(__file__).parent / "crimes"

_TASK = re.compile(r"# task: (\S+)\s*")
_WRONG = re.compile(r"# wrong: (\S+) (\S.*)")
_OTHER = re.compile(r"# other data: (\{.*\})\s*")


class SolutionsError(ValueError):
    """A solutions file cannot be read; the message says which line."""


@dataclass(frozen=True)
class Wrong:
    """An answer that people really give, named for its mistake; its check must say so."""

    task: str
    mistake: str
    code: str


@dataclass(frozen=True)
class Answers:
    """What a solutions file holds: by task the solution, the wrong answers, parameters of other data."""

    solutions: Mapping[str, str] = field(default_factory=dict)
    wrong: tuple[Wrong, ...] = ()
    other_data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Lesson:
    """One notebook and the answers to its tasks."""

    path: Path
    solutions: Path

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def number(self) -> str:
        return self.name.partition("_")[0]

    def read(self) -> nbformat.NotebookNode:
        return read(self.path)

    def answers(self) -> Answers:
        """Return what the solutions file holds; nothing without one."""
        if not self.solutions.is_file():
            return Answers()
        return parse_answers(self.solutions.read_text(encoding="utf-8"), self.solutions.name)

    def minutes(self) -> int:
        """Return how long the lesson says that it takes a student; 0 when it does not say."""
        stated = self.read().metadata.get("dataflow", {}).get("minutes", 0)
        return stated if isinstance(stated, int) else 0


def read(path: Path) -> nbformat.NotebookNode:
    """Read a notebook as it is: nothing upgraded, nothing repaired."""
    return nbformat.from_dict(nbformat.reader.reads(path.read_text(encoding="utf-8")))


def lesson(path: Path, solutions: Path = SOLUTIONS) -> Lesson:
    return Lesson(path=path, solutions=solutions / f"{path.stem}.py")


def lessons(folder: Path = LESSONS) -> list[Lesson]:
    """Return the lessons in their order."""
    return [lesson(path) for path in sorted(folder.glob("*.ipynb"))]


def parse_answers(text: str, name: str) -> Answers:
    """Return the blocks `# task: ID`, `# wrong: ID MISTAKE` and the line `# other data: {...}` of a solutions file.

    Text before the first block may only be a docstring or comments. Raises SolutionsError for a
    task solved twice, a mistake named twice, an empty block, unreadable other data, and code before the first block.
    """
    blocks: dict[tuple[str, str], str] = {}
    current: tuple[str, str] | None = None
    head: list[str] = []
    other: Mapping[str, Any] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        task, wrong, data = _TASK.fullmatch(line), _WRONG.fullmatch(line), _OTHER.fullmatch(line)
        if task or wrong:
            current = (task[1], "") if task else (wrong[1], wrong[2].strip())
            if current in blocks:
                what = f"mistake {current[1]!r} is there twice" if wrong else f"task {current[0]} is solved twice"
                raise SolutionsError(f"{name}:{number}: {what}")
            blocks[current] = ""
        elif data:
            other = _other_data(data[1], f"{name}:{number}")
        elif current is None:
            head.append(line)
        else:
            blocks[current] += line + "\n"
    if _has_code("\n".join(head)):
        raise SolutionsError(f"{name}: code before the first `# task: ...` line")
    for (task, mistake), code in blocks.items():
        if not code.strip():
            raise SolutionsError(f"{name}: {mistake or 'task'} {task} has no code")
    return Answers(
        solutions={task: code.strip("\n") for (task, mistake), code in blocks.items() if not mistake},
        wrong=tuple(Wrong(task, mistake, code.strip("\n")) for (task, mistake), code in blocks.items() if mistake),
        other_data=other,
    )


def _other_data(text: str, place: str) -> Mapping[str, Any]:
    try:
        return json.loads(text)
    except ValueError as error:
        raise SolutionsError(f"{place}: other data is no JSON: {error}") from None


def _has_code(head: str) -> bool:
    body = ast.parse(head).body
    return any(not isinstance(node, ast.Expr) for node in body)


def task_of(cell: Any) -> str | None:
    """Return the task that a cell is the place for, if any."""
    return cell.get("metadata", {}).get("dataflow", {}).get("task")


def tags_of(cell: Any) -> list[str]:
    return list(cell.get("metadata", {}).get("tags", []))


def source_of(cell: Any) -> str:
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)
