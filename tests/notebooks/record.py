"""Executes lessons in the lab image and keeps what their tagged cells printed.

Invariant: only the outputs of `nbval-check-output` cells change, and only when every cell ran.

usage: python -m tests.notebooks.record NOTEBOOK...
"""

import sys
from pathlib import Path
from typing import Any

from tests.notebooks import lessons, runner, verdict
from tests.notebooks.lessons import Lesson, tags_of
from tests.notebooks.ruleset import form

RECORDED = "{path}: kept the output of {count} cells; read the difference before you commit it"


def keep(lesson: Any, executed: Any) -> int:
    """Copy the outputs of tagged cells, by cell id, into the lesson; return how many."""
    outputs = {cell["id"]: cell.get("outputs", []) for cell in executed["cells"]}
    count = ordinal = 0
    for cell in lesson["cells"]:
        if cell["cell_type"] != "code":
            continue
        ordinal += 1
        if form.CHECKED in tags_of(cell):
            cell["outputs"] = [_plain(output, ordinal) for output in outputs[cell["id"]]]
            cell["execution_count"] = ordinal
            count += 1
    return count


def _plain(output: Any, ordinal: int) -> Any:
    """Drop what differs between runs and is never compared."""
    if output["output_type"] == "execute_result":
        output["execution_count"] = ordinal
    if "metadata" in output:
        output["metadata"] = {}
    return output


def record(lesson: Lesson) -> int:
    """Execute the untouched lesson and rewrite it; raise AssertionError when a cell failed."""
    untouched = Lesson(path=lesson.path, solutions=Path("/nowhere"))
    result = runner.execute(runner.Job(runner.PAPERMILL, untouched), runner.BUILD / "record")
    executed = lessons.read(result.run.out / lesson.path.name)
    failed = list(verdict.failures(lesson.name, executed)) + list(verdict.never_run(executed))
    if failed:
        raise AssertionError("\n\n".join(failed))
    notebook = lesson.read()
    count = keep(notebook, executed)
    lesson.path.write_text(form.canonical(notebook), encoding="utf-8")
    return count


if __name__ == "__main__":
    for name in sys.argv[1:]:
        print(RECORDED.format(path=name, count=record(lessons.lesson(Path(name)))))
