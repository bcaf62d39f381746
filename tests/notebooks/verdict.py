"""What an executed notebook proves.

Invariant: pure; the same functions judge a papermill run, an nbval run and the deliberately broken
lessons, so what turns those red is what would turn a lesson red.
"""

import re
from collections.abc import Iterator
from typing import Any

import nbformat

from tests.notebooks.lessons import Answers, source_of, tags_of, task_of
from tests.notebooks.noise import unexpected

CHECK_MIME = "application/vnd.dataflow.check+json"

AT_CELL = "cell {index} {what}\n{source}\n{detail}"
NO_PLACE = "no cell is the place for task {task}, so its solution was never run"

# Papermill's own cells around an error; they would shift the numbers of the others.
_ADDED = "papermill-error-cell-tag"
# The mistake of a cell that was put before a solution.
_WRONG = "wrong"
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_SHOWN_LINES = 5
# Spark's traces are as long as a lesson; what happened is at both ends.
_ERROR_LINES = 20


def solved(notebook: Any, answers: Answers) -> Any:
    """Put the solution of each task in the place of its starter; return the notebook.

    Before it come the wrong answers to the task, each with the task's check.
    """
    cells = []
    for index, cell in enumerate(notebook["cells"]):
        task = task_of(cell) or ""
        if task in answers.solutions:
            for number, wrong in enumerate(w for w in answers.wrong if w.task == task):
                for place, source in (("answer", wrong.code), ("check", source_of(notebook["cells"][index + 1]))):
                    added = nbformat.v4.new_code_cell(source, id=f"wrong-{index}-{number}-{place}")
                    added["metadata"]["dataflow"] = {_WRONG: wrong.mistake}
                    cells.append(added)
            cell["source"] = answers.solutions[task]
        cells.append(cell)
    notebook["cells"] = cells
    return notebook


def as_written(notebook: Any) -> Any:
    """Drop the cells that papermill added around an error; return the notebook."""
    notebook["cells"] = [cell for cell in notebook["cells"] if _ADDED not in tags_of(cell)]
    return notebook


def statuses(notebook: Any) -> dict[str, tuple[int, dict[str, Any]]]:
    """Return the last panel of each check: task to (cell index, what the panel says)."""
    found = {}
    for index, cell in enumerate(notebook["cells"]):
        for panel in _panels(cell):
            found[panel["task"]] = (index, panel)
    return found


def failures(lesson: str, notebook: Any) -> Iterator[str]:
    """Cells that raised, did not raise though they say so, or wrote what nobody expected."""
    for index, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] != "code":
            continue
        raised = [o for o in cell.get("outputs", []) if o["output_type"] == "error"]
        expected = "raises-exception" in tags_of(cell)
        if raised and not expected:
            yield at_cell(index, cell, "raised", "\n".join(raised[0]["traceback"]))
        if expected and not raised:
            yield at_cell(index, cell, "is tagged raises-exception but raised nothing", "")
        for output in cell.get("outputs", []):
            if output["output_type"] == "stream":
                text = unexpected(lesson, output["name"], output["text"])
                if text:
                    yield at_cell(index, cell, "wrote a warning", text)


def unanswered(notebook: Any, tasks: Iterator[str] | list[str]) -> Iterator[str]:
    """Checks of the untouched lesson that are missing, or pass although nobody answered."""
    panels = statuses(notebook)
    for task in tasks:
        index, panel = panels.get(task, (None, None))
        if panel is None:
            yield f"check {task}: showed no panel"
        elif panel["status"] == "passed":
            cell = notebook["cells"][index]
            yield at_cell(index, cell, f"passes {task} although nobody answered", str(panel))


def uncaught(notebook: Any, answers: Answers) -> Iterator[str]:
    """Wrong answers whose check did not say "not yet"."""
    seen = set()
    for index, cell in enumerate(notebook["cells"]):
        mistake = cell.get("metadata", {}).get("dataflow", {}).get(_WRONG)
        for panel in _panels(cell) if mistake else ():
            seen.add((panel["task"], mistake))
            if panel["status"] != "failed":
                yield at_cell(index, cell, f"is {panel['status']} with the mistake {mistake!r}", str(panel))
            elif not panel["found"]:
                yield at_cell(index, cell, f"could not be judged with the mistake {mistake!r}", str(panel))
    for wrong in answers.wrong:
        if (wrong.task, wrong.mistake) not in seen:
            yield f"check {wrong.task}: showed no panel for the mistake {wrong.mistake!r}"


def _panels(cell: Any) -> Iterator[Any]:
    for output in cell.get("outputs", []):
        panel = output.get("data", {}).get(CHECK_MIME)
        if panel is not None:
            yield panel


def unpassed(notebook: Any, tasks: Iterator[str] | list[str]) -> Iterator[str]:
    """Checks of the solved lesson that did not pass."""
    panels = statuses(notebook)
    for task in tasks:
        index, panel = panels.get(task, (None, None))
        if panel is None:
            yield f"check {task}: showed no panel"
        elif panel["status"] != "passed":
            cell = notebook["cells"][index]
            yield at_cell(index, cell, f"does not pass {task} with its solution", str(panel))


def never_run(notebook: Any) -> Iterator[str]:
    """Code cells that papermill did not complete."""
    for index, cell in enumerate(notebook["cells"]):
        status = cell["metadata"].get("papermill", {}).get("status")
        if cell["cell_type"] == "code" and status not in ("completed", "failed"):
            yield at_cell(index, cell, "never ran", "")


def at_cell(index: int, cell: Any, what: str, detail: str) -> str:
    source, detail = shortened(source_of(cell)), shortened(_COLOURS.sub("", detail), _ERROR_LINES)
    return AT_CELL.format(index=index, what=what, source=source, detail=detail)


def shortened(text: str, shown: int = _SHOWN_LINES) -> str:
    """Return a text, a long one as its first and last lines."""
    lines = text.splitlines()
    if len(lines) > 2 * shown:
        lines = [*lines[:shown], "    ...", *lines[-shown:]]
    return "\n".join(f"    {line}" for line in lines)
