"""Where the lessons are and what belongs to each.

Invariant: a lesson is found by its file name alone; its number is the prefix of all of its tasks.
"""

import ast
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from tests.helpers.versions import ROOT

LESSONS = ROOT / "notebooks"
SOLUTIONS = Path(__file__).parent / "solutions"
CRIMES = Path(__file__).parent / "crimes"

_TASK = re.compile(r"# task: (\S+)\s*")


class SolutionsError(ValueError):
    """A solutions file cannot be read; the message says which line."""


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

    def answers(self) -> dict[str, str]:
        """Return the solution of each task, by task id; none without a solutions file."""
        if not self.solutions.is_file():
            return {}
        return parse_solutions(self.solutions.read_text(encoding="utf-8"), self.solutions.name)

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


def parse_solutions(text: str, name: str) -> dict[str, str]:
    """Return the blocks `# task: ID` of a solutions file.

    Text before the first block may only be a docstring or comments. Raises SolutionsError for a
    task given twice, an empty block, and code before the first block.
    """
    found: dict[str, str] = {}
    current: str | None = None
    head: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        match = _TASK.fullmatch(line)
        if match is not None:
            current = match[1]
            if current in found:
                raise SolutionsError(f"{name}:{number}: task {current} is solved twice")
            found[current] = ""
        elif current is None:
            head.append(line)
        else:
            found[current] += line + "\n"
    if _has_code("\n".join(head)):
        raise SolutionsError(f"{name}: code before the first `# task: ...` line")
    for task, code in found.items():
        if not code.strip():
            raise SolutionsError(f"{name}: task {task} has no code")
    return {task: code.strip("\n") for task, code in found.items()}


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
