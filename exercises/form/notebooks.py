"""Notebooks in and out, as plain data.

Invariant: the same notebook gives the same bytes; a cell's source is one text.
"""

import json
from collections.abc import Mapping
from typing import Any

from exercises.errors import FormError

MAJOR, MINOR = 4, 5
NOT_A_NOTEBOOK = "this is no notebook: {reason}."
OLD_FORMAT = "nbformat {major}.{minor}: save it as 4.5, in which every cell has an id."


def read(data: bytes, *, exercise: str = "") -> dict[str, Any]:
    """Return the notebook. Raises FormError."""
    try:
        found = json.loads(data)
        if not isinstance(found, dict) or not isinstance(found.get("cells"), list):
            raise ValueError("it has no list of cells")
        major, minor = found.get("nbformat"), found.get("nbformat_minor")
    except (ValueError, RecursionError) as error:
        raise FormError(NOT_A_NOTEBOOK.format(reason=error), exercise=exercise) from None
    if major != MAJOR or not isinstance(minor, int) or minor < MINOR:
        raise FormError(OLD_FORMAT.format(major=major, minor=minor), exercise=exercise)
    for cell in found["cells"]:
        if not isinstance(cell, Mapping):
            raise FormError(NOT_A_NOTEBOOK.format(reason="a cell is no object"), exercise=exercise)
        cell["source"] = text(cell)
        if not isinstance(cell.setdefault("metadata", {}), dict):
            raise FormError(NOT_A_NOTEBOOK.format(reason="a cell's metadata is no object"), exercise=exercise)
    return found


def dump(notebook: Mapping[str, Any]) -> bytes:
    """Return the notebook's bytes, as Jupyter would save it: a source is a list of lines, so that differences stay readable."""
    made = dict(notebook)
    made["cells"] = [{**cell, "source": text(cell).splitlines(keepends=True)} for cell in notebook["cells"]]
    return (json.dumps(made, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()


def text(cell: Mapping[str, Any]) -> str:
    """Return a cell's source as one text."""
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)
