"""A tiny lesson that keeps every rule, for tests to break.

Invariant: `write` puts a sound lesson and its solution on disk; a test changes one thing in it.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat

from tests.notebooks.lessons import Lesson
from tests.notebooks.ruleset import form

NAME = "90_sample"
TASK = "90-double"

PARAMETERS = "seed = 7"
CLAIM = "rows = [seed, seed + 1]\nassert len(rows) == 2"
CHECKED = "print('rows:', len(rows))"
STARTER = "answer = None  # how much is twice the seed?"
CHECK = f'check("{TASK}", answer)'
ENDING = "## What you should now be able to do\n\n- count rows"
STOP = "for query in spark.streams.active:\n    query.stop()"
SOLUTION = "answer = seed + seed"
MISTAKE = "counts it three times"
WRONG = "answer = 3 * seed"
ANSWERS = f"# other data: {{\"seed\": 8}}\n# task: {TASK}\n{SOLUTION}\n# wrong: {TASK} {MISTAKE}\n{WRONG}\n"


def notebook() -> Any:
    """Return the sound lesson, anew each time."""
    v4 = nbformat.v4
    cells = [
        v4.new_markdown_cell("# A sample\n\nIt counts."),
        v4.new_code_cell(PARAMETERS, metadata={"tags": [form.PARAMETERS]}),
        v4.new_code_cell(CLAIM),
        v4.new_code_cell(
            CHECKED,
            metadata={"tags": [form.CHECKED]},
            execution_count=3,
            outputs=[v4.new_output("stream", name="stdout", text="rows: 2\n")],
        ),
        v4.new_code_cell(STARTER, metadata={"dataflow": {"task": TASK}}),
        v4.new_code_cell(CHECK),
        v4.new_markdown_cell(ENDING),
        v4.new_code_cell(STOP),
    ]
    for index, cell in enumerate(cells):
        cell["id"] = f"cell-{index}"
    about = {"title": "A sample", "minutes": 20, "part": "start", "teaches": ["counting"], "needs": [], "topics": ["medallion"]}
    metadata = {
        "kernelspec": form.KERNELSPEC,
        "language_info": form.LANGUAGE_INFO,
        "dataflow": about,
    }
    made = v4.new_notebook(cells=cells, metadata=metadata)
    made["nbformat_minor"] = 5
    return made


def write(
    folder: Path,
    change: Callable[[Any], None] | None = None,
    *,
    solution: str = ANSWERS,
    name: str = NAME,
) -> Lesson:
    """Write the lesson, changed, in canonical form and return it."""
    made = notebook()
    if change is not None:
        change(made)
    path = folder / f"{name}.ipynb"
    path.write_text(form.canonical(made), encoding="utf-8")
    solutions = folder / f"{name}.py"
    solutions.write_text(solution, encoding="utf-8")
    return Lesson(path=path, solutions=solutions)
