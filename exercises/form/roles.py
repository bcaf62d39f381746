"""What each cell is for, out of nbgrader's cell metadata; the only reader of it.

Invariant: every cell has exactly one role, every cell that nbgrader knows has a `grade_id` of its own, and combinations that mean
nothing are refused with the cell.
"""

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from exercises.errors import FormError
from exercises.form import markers

SCHEMA_VERSION = 3
INSTRUCTOR_TAG = "instructor"
GRADE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")

NOT_A_NOTEBOOK = "this is no notebook: {reason}."
NO_ID = "its nbgrader metadata has no grade_id; give it one, such as \"grade_id\": \"clean\"."
BAD_ID = "grade_id {value!r} has characters or a length that no id should: use letters, digits, . _ and -."
TWICE = "grade_id {value!r} is used by an earlier cell too; every one must be different."
ID_TWICE = "the cell id {value!r} is used by an earlier cell too."
NOT_BOOL = "nbgrader's {key} must be true or false, not {value!r}."
NO_VERSION = "its nbgrader metadata has no schema_version; add \"schema_version\": {known}."
OLD = "its nbgrader metadata has schema_version {value!r}; run `exercises import` on its assignment, or `nbgrader update`."
NEW = "its nbgrader metadata has schema_version {value!r}; this version reads up to {known}."
NO_POINTS = "a cell with grade: true needs points, a number from 0."
LOCKED_ANSWER = "an answer cell cannot be locked: students could not write into it."
TASK_TYPE = "a task cell must be a markdown cell."
TASK_MIX = "a task cell cannot have solution or grade without being manually graded."
MARKDOWN_TEST = "a markdown cell cannot hold tests; set solution to true too (graded by hand), or make it a code cell."
MARKDOWN_ANSWER = "a markdown answer is graded by hand and needs grade: true with points."
TYPE_CHANGED = "its metadata says {said}, but it is a {found} cell."
REGION_OUTSIDE = (
    "### BEGIN {kind} in a cell that is no {wanted}: set its metadata, such as "
    "\"nbgrader\": {{\"schema_version\": 3, \"grade_id\": \"totals\", {example}}}."
)
UNKNOWN_TYPE = "a cell of type {value!r} is not known."

_EXAMPLE = {
    markers.SOLUTION: '"solution": true',
    markers.HIDDEN: '"grade": true, "points": 1',
    markers.SCHEME: '"task": true, "points": 1',
}
_FOR = {markers.SOLUTION: "answer (solution: true)", markers.HIDDEN: "test (grade: true)", markers.SCHEME: "task or manual cell"}


class Role(enum.StrEnum):
    """GIVEN is read-only text or code, ANSWER what the student writes, TEST nbgrader's tests, MANUAL an answer graded by a person,
    TASK a manually graded task, INSTRUCTOR what students never get, FREE everything else."""

    GIVEN = "given"
    ANSWER = "answer"
    TEST = "test"
    MANUAL = "manual"
    TASK = "task"
    INSTRUCTOR = "instructor"
    FREE = "free"


ANSWERS = (Role.ANSWER, Role.MANUAL)


@dataclass(frozen=True)
class CellRole:
    """A cell's place (from 0), the name that messages use, its role, and its grade_id if it has one."""

    index: int
    name: str
    role: Role
    grade_id: str | None
    regions: tuple[markers.Region, ...]


def roles(notebook: Mapping[str, Any], *, exercise: str = "") -> list[CellRole]:
    """Return the role of every cell. Raises FormError with exercise, cell and line."""
    cells = notebook.get("cells") if isinstance(notebook, Mapping) else None
    if not isinstance(cells, list) or not all(isinstance(cell, Mapping) for cell in cells):
        raise FormError(NOT_A_NOTEBOOK.format(reason="it has no list of cells"), exercise=exercise)
    found, grade_ids, ids = [], set(), set()
    for index, cell in enumerate(cells):
        one = _cell(index, cell, exercise)
        if one.grade_id is not None and one.grade_id in grade_ids:
            raise FormError(TWICE.format(value=one.grade_id), exercise=exercise, cell=str(index + 1))
        if cell.get("id") is not None and cell["id"] in ids:
            raise FormError(ID_TWICE.format(value=cell["id"]), exercise=exercise, cell=one.name)
        grade_ids.add(one.grade_id)
        ids.add(cell.get("id"))
        found.append(one)
    return found


def _cell(index: int, cell: Mapping[str, Any], exercise: str) -> CellRole:
    told = cell.get("metadata", {}).get("nbgrader")
    name = str(index + 1)
    if isinstance(told, Mapping) and isinstance(told.get("grade_id"), str) and told["grade_id"]:
        name = f"{told['grade_id']!r} ({index + 1})"

    def refuse(text: str, line: int | None = None, **fields: Any) -> FormError:
        return FormError(text.format(**fields), exercise=exercise, cell=name, line=line)

    kind = cell.get("cell_type")
    if kind not in ("code", "markdown", "raw"):
        raise refuse(UNKNOWN_TYPE, value=kind)
    source = cell.get("source", "")
    regions = tuple(markers.regions(source if isinstance(source, str) else "".join(source), exercise=exercise, cell=name))
    role = _role(cell, told, refuse)
    for region in regions:
        fits = {
            markers.SOLUTION: role in (*ANSWERS, Role.INSTRUCTOR),
            markers.HIDDEN: role in (Role.TEST, Role.INSTRUCTOR),
            markers.SCHEME: role in (Role.TASK, Role.MANUAL, Role.INSTRUCTOR),
        }
        if not fits[region.kind]:
            fields = {"kind": region.kind, "wanted": _FOR[region.kind], "example": _EXAMPLE[region.kind]}
            raise refuse(REGION_OUTSIDE, line=region.begin, **fields)
    grade_id = told["grade_id"] if role not in (Role.FREE, Role.INSTRUCTOR) else None
    return CellRole(index, name, role, grade_id, regions)


def _role(cell: Mapping[str, Any], told: Any, refuse: Any) -> Role:
    if INSTRUCTOR_TAG in (cell.get("metadata", {}).get("tags") or ()):
        return Role.INSTRUCTOR
    if not isinstance(told, Mapping):
        return Role.FREE
    flags = {}
    for key in ("grade", "solution", "locked", "task"):
        flags[key] = told.get(key, False)
        if not isinstance(flags[key], bool):
            raise refuse(NOT_BOOL, key=key, value=flags[key])
    if not any(flags.values()):
        return Role.FREE
    version = told.get("schema_version")
    if version is None:
        raise refuse(NO_VERSION, known=SCHEMA_VERSION)
    if not isinstance(version, int) or version < SCHEMA_VERSION:
        raise refuse(OLD, value=version)
    if version > SCHEMA_VERSION:
        raise refuse(NEW, value=version, known=SCHEMA_VERSION)
    grade_id = told.get("grade_id")
    if not isinstance(grade_id, str) or not grade_id:
        raise refuse(NO_ID)
    if not GRADE_ID.fullmatch(grade_id):
        raise refuse(BAD_ID, value=grade_id)
    if told.get("cell_type", cell["cell_type"]) != cell["cell_type"]:
        raise refuse(TYPE_CHANGED, said=told["cell_type"], found=cell["cell_type"])
    if flags["grade"] and not _points(told.get("points")):
        raise refuse(NO_POINTS)
    markdown = cell["cell_type"] == "markdown"
    if flags["task"]:
        if not markdown:
            raise refuse(TASK_TYPE)
        if flags["solution"] or flags["grade"]:
            raise refuse(TASK_MIX)
        return Role.TASK
    if flags["solution"] and flags["locked"]:
        raise refuse(LOCKED_ANSWER)
    if flags["solution"] and flags["grade"]:
        return Role.MANUAL
    if flags["solution"]:
        if markdown:
            raise refuse(MARKDOWN_ANSWER)
        return Role.ANSWER
    if flags["grade"]:
        if markdown:
            raise refuse(MARKDOWN_TEST)
        return Role.TEST
    return Role.GIVEN


def _points(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
