"""Student versions and what students make of them."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from exercises.runner import archive
from exercises.service import queue
from exercises.service.models import ACCEPTED, Version
from tests.exercises.service.samples import EXERCISE, exercise

CHECKS = '''from exercises.checks import check


@check("there is a table", points=4, message="Write silver.sales.")
def there(result):
    result.table("silver", "sales")
'''


def cell(identity: str, source: str, *, kind: str = "code", grade_id: str = "", solution: bool = False, **more) -> dict[str, Any]:
    """A cell as JupyterLab writes it."""
    told = {"grade_id": grade_id, "solution": solution, "grade": False, "locked": not solution, "schema_version": 3}
    made = {"cell_type": kind, "id": identity, "metadata": {"nbgrader": told} if grade_id else {}, "source": source}
    if kind == "code":
        made |= {"outputs": [], "execution_count": None}
    return made | more


def notebook(*cells: Mapping[str, Any]) -> bytes:
    made = {"cells": list(cells), "metadata": {"kernelspec": {"name": "dataflow-spark"}}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(made).encode()


def first_version() -> list[dict[str, Any]]:
    return [
        cell("title", "# First steps", kind="markdown"),
        cell("read", "rows = [1, 2, 3]", grade_id="read"),
        cell("task", "Make `total`.", kind="markdown"),
        cell("total", "total = ...", grade_id="total", solution=True),
        cell("check", "check()", grade_id="check"),
    ]


def student_version(*cells: Mapping[str, Any], **files: bytes) -> dict[str, bytes]:
    """All files of a student version; `files` by names with __ for / and _dot_ for a dot."""
    about = {"name": EXERCISE, "title": "First steps", "points": 10, "checks": []}
    return {
        "notebook.ipynb": notebook(*(cells or first_version())),
        "data/rows.csv": b"id\n1\n2\n",
        ".exercise/exercise.json": json.dumps(about).encode(),
        ".exercise/checks.py": CHECKS.encode(),
        ".exercise/facts.json": b"{}",
        **{name.replace("__", "/").replace("_dot_", "."): content for name, content in files.items()},
    }


def hand_out(service, people, files: Mapping[str, bytes], *, name: str = EXERCISE, **query) -> int:
    """Push a version whose laws hold and whose student version is this; return its number."""
    path = f"/api/courses/{people.course}/exercises/{name}"
    packed = archive.pack(files, compress=True)
    data = exercise(change=hashlib.sha256(packed).hexdigest())
    answer = service.ask("POST", path, people.teacher, data=data, params=query)
    assert answer.status_code == 202, answer.text
    claim = queue.take(service.database, "test", service.clock)
    assert claim is not None and claim.kind == "laws"
    student = service.store.put(packed)

    def write(session):
        found = session.get_one(Version, claim.version)
        found.state, found.student = ACCEPTED, student

    assert queue.finish(service.database, claim, service.clock, write)
    return answer.json()["version"]
