"""The notebook that is run: the instructor's cells, with the student's answers in their places.

Invariant: of the submitted notebook only the source text of answer cells is used, matched by grade_id. Outputs,
metadata, edited or added cells of the student's have no way in; a missing answer leaves the cell as it was handed
out.
"""

import copy
from typing import Any

MOST_SOURCE = 200_000


def rebuild(handed_out: dict[str, Any], submitted: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return the notebook to run, and the grade_ids of answers that are missing. Never raises for what a student sent."""
    answers = _answers(submitted)
    made, missing = copy.deepcopy(handed_out), []
    for cell in made["cells"]:
        if cell.get("cell_type") == "code":
            cell["outputs"], cell["execution_count"] = [], None
        identity = answer_id(cell)
        if identity is None:
            continue
        if identity in answers:
            cell["source"] = answers[identity]
        elif cell.get("cell_type") == "code":
            missing.append(identity)
    return made, missing


def answer_id(cell: Any) -> str | None:
    """The grade_id of an answer cell; None for every other cell."""
    told = cell.get("metadata") if isinstance(cell, dict) else None
    told = told.get("nbgrader") if isinstance(told, dict) else None
    if not isinstance(told, dict) or not told.get("solution") or not isinstance(told.get("grade_id"), str):
        return None
    return told["grade_id"]


def _answers(submitted: dict[str, Any]) -> dict[str, str]:
    """The answers by grade_id. Of a cell that is there twice, the first counts: the one that was handed out."""
    found: dict[str, str] = {}
    cells = submitted.get("cells")
    for cell in cells if isinstance(cells, list) else ():
        identity = _named(cell)
        if identity is None or identity in found:
            continue
        source = cell.get("source", "")
        if isinstance(source, list):
            source = "".join(line for line in source if isinstance(line, str))
        if isinstance(source, str):
            found[identity] = source[:MOST_SOURCE]
    return found


def _named(cell: Any) -> str | None:
    """Whatever else a student made of the cell's metadata, its grade_id names it."""
    told = cell.get("metadata") if isinstance(cell, dict) else None
    told = told.get("nbgrader") if isinstance(told, dict) else None
    name = told.get("grade_id") if isinstance(told, dict) else None
    return name if isinstance(name, str) else None
