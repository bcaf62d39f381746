"""Notebooks for tests, in a line each."""

import itertools
from typing import Any

_numbers = itertools.count()


def code(source: str, grade_id: str | None = None, **flags: Any) -> dict[str, Any]:
    return {**_cell("code", source, grade_id, flags), "outputs": [], "execution_count": None}


def text(source: str, grade_id: str | None = None, **flags: Any) -> dict[str, Any]:
    return _cell("markdown", source, grade_id, flags)


def answer(source: str, grade_id: str = "answer") -> dict[str, Any]:
    return code(source, grade_id, solution=True)


def given(source: str, grade_id: str = "given") -> dict[str, Any]:
    return code(source, grade_id, locked=True)


def test(source: str, grade_id: str = "test") -> dict[str, Any]:
    return code(source, grade_id, grade=True, locked=True, points=1)


def notebook(*cells: dict[str, Any]) -> dict[str, Any]:
    kernel = {"name": "dataflow-spark", "display_name": "Spark + Delta", "language": "python"}
    return {"cells": list(cells), "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def _cell(kind: str, source: str, grade_id: str | None, flags: dict[str, Any]) -> dict[str, Any]:
    metadata: dict[str, Any] = dict(flags.pop("metadata", {}))
    if grade_id is not None or flags:
        base = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3, "cell_type": kind}
        metadata["nbgrader"] = {**base, **({"grade_id": grade_id} if grade_id is not None else {}), **flags}
    return {"cell_type": kind, "id": f"c{next(_numbers)}", "metadata": metadata, "source": source}
