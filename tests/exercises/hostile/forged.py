"""Crimes with the notebook itself: each takes what was handed out and gives back what is handed in.

Invariant: `EXPECTED` has the points that the answer in it is worth; nothing that is done around the answer adds to them.
"""

import copy
from typing import Any

from tests.exercises.hostile.exam import HONEST, READ, answered, cell, handed_out, notebook

PASSED = {"output_type": "stream", "name": "stdout", "text": "all checks passed: 10 of 10\n"}


def forged_outputs() -> dict[str, Any]:
    """Outputs that say what a good answer would have said."""
    made = handed_out()
    for one in made["cells"]:
        one["outputs"], one["execution_count"] = [PASSED], 1
    return made


def forged_metadata() -> dict[str, Any]:
    """The answer cell says that it is a graded test of a thousand points, already corrected."""
    made = handed_out()
    told = made["cells"][1]["metadata"]["nbgrader"]
    told.update(grade=True, points=1000, auto_score=1000, manual_score=1000, checksum="0" * 32)
    made["metadata"]["nbgrader"] = {"score": 1000}
    return made


def edited_given_cell() -> dict[str, Any]:
    """The cell that reads the data is changed to write the table itself."""
    return notebook(cell(READ["source"] + "\n" + HONEST, "read"), cell("# your answer", "answer", answer=True))


def added_cells() -> dict[str, Any]:
    """Cells before, between and after, which nobody asked for."""
    more = [cell(HONEST, f"more-{number}") for number in range(3)]
    nameless = {**cell(READ["source"] + "\n" + HONEST, "x"), "metadata": {}}
    return notebook(nameless, READ, more[0], cell("# your answer", "answer", answer=True), more[1], nameless)


def deleted_given_cell() -> dict[str, Any]:
    """The instructor's cell is gone; it is put back, and the honest answer counts."""
    return notebook(answered(HONEST)["cells"][1])


def deleted_answer_cell() -> dict[str, Any]:
    return notebook(READ)


def renamed_answer_cell() -> dict[str, Any]:
    return notebook(READ, cell(HONEST, "another", answer=True))


def duplicated_answer_cell() -> dict[str, Any]:
    """The first one counts."""
    return notebook(READ, cell("# your answer", "answer", answer=True), cell(HONEST, "answer", answer=True))


def answer_in_markdown() -> dict[str, Any]:
    """The type of a cell is the instructor's; the text is run as what it was handed out as."""
    made = answered(HONEST)
    made["cells"][1]["cell_type"] = "markdown"
    return made


def cells_of_no_shape() -> dict[str, Any]:
    made = copy.deepcopy(handed_out())
    made["cells"] += [None, 7, "cell", [], {}, {"metadata": None}, {"metadata": {"nbgrader": []}, "source": {"a": 1}}]
    made["cells"][1]["source"] = [1, None, {"a": []}]
    made["metadata"] = []
    return made


def a_magic_for_the_kernel() -> dict[str, Any]:
    """The notebook asks for another kernel, which would run commands of its own."""
    made = handed_out()
    made["metadata"]["kernelspec"] = {"name": "python3", "display_name": "x", "argv": ["sh", "-c", "true"]}
    return made


# Points and the failure class that the student reads.
EXPECTED = {
    forged_outputs: (0, "check_failed"),
    forged_metadata: (0, "check_failed"),
    edited_given_cell: (0, "check_failed"),
    added_cells: (0, "check_failed"),
    deleted_given_cell: (10, "ok"),
    deleted_answer_cell: (0, "cell_missing"),
    renamed_answer_cell: (0, "cell_missing"),
    duplicated_answer_cell: (0, "check_failed"),
    answer_in_markdown: (10, "ok"),
    cells_of_no_shape: (0, "check_failed"),
    a_magic_for_the_kernel: (0, "check_failed"),
}
