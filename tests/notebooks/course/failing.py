"""Where in a notebook a problem is.

Invariant: pure; a problem that is about no cell (memory, time) has none, and is still shown.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.notebooks import lessons, verdict
from tests.notebooks.lessons import source_of
from tests.notebooks.runner import Result

# What the judge says, and what nbval says: the one counts all cells, the other those with code.
_ANY_CELL = re.compile(r"cell (\d+) (.*)")
_CODE_CELL = re.compile(r"^(?:E\s+)?Cell (\d+): ?(.*)", re.MULTILINE)
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
# A reader wants to know how things stood; all of it is in the executed notebook.
_CELLS_BEFORE = 3
_LINES = 30


@dataclass(frozen=True)
class Failure:
    """One problem. `cell` is an index among all cells of the executed notebook, as `identity` is its id there."""

    text: str
    what: str = ""
    cell: int | None = None
    identity: str = ""
    source: str = ""
    error: str = ""
    before: tuple[tuple[int, str], ...] = field(default_factory=tuple)


def executed(result: Result) -> Any:
    """Return the notebook as it was executed, or None if it never was."""
    path: Path = result.run.out / result.job.lesson.path.name
    return verdict.as_written(lessons.read(path)) if path.is_file() else None


def failures(result: Result, notebook: Any) -> Iterator[Failure]:
    """The problems of a run, each with its cell."""
    for problem in result.problems:
        text = _COLOURS.sub("", problem)
        index, what = _place(text, notebook)
        if notebook is None or index is None or index >= len(notebook["cells"]):
            yield Failure(text=text)
            continue
        cell = notebook["cells"][index]
        yield Failure(
            text=text,
            what=what,
            cell=index,
            identity=str(cell.get("id", "")),
            source=source_of(cell),
            error=_error(cell) or text,
            before=tuple(_before(notebook, index)),
        )


def _place(text: str, notebook: Any) -> tuple[int | None, str]:
    match = _ANY_CELL.match(text)
    if match is not None:
        return int(match[1]), match[2]
    match = _CODE_CELL.search(text)
    if match is not None and notebook is not None:
        code = [index for index, cell in enumerate(notebook["cells"]) if cell["cell_type"] == "code"]
        if int(match[1]) < len(code):
            return code[int(match[1])], match[2]
    return None, ""


def _error(cell: Any) -> str:
    """Return the traceback below a cell, whole: here is room for it."""
    for output in cell.get("outputs", []):
        if output["output_type"] == "error":
            return _COLOURS.sub("", "\n".join(output["traceback"]))
    return ""


def _before(notebook: Any, index: int) -> Iterator[tuple[int, str]]:
    """The last outputs before a cell, and what it showed itself before it failed."""
    shown = []
    for number, cell in enumerate(notebook["cells"][: index + 1]):
        texts = [_text(output) for output in cell.get("outputs", [])]
        said = "\n".join(text for text in texts if text)
        if said:
            lines = said.splitlines()
            shown.append((number, "\n".join(lines if len(lines) <= _LINES else ["…", *lines[-_LINES:]])))
    yield from shown[-_CELLS_BEFORE:]


def _text(output: Any) -> str:
    text = output.get("text") if output["output_type"] == "stream" else output.get("data", {}).get("text/plain", "")
    return _COLOURS.sub("", text if isinstance(text, str) else "".join(text or []))
