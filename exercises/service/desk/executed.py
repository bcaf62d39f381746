"""A notebook that a run left, made into something to look at.

Invariant: nothing in it is believed and nothing of its markup runs: text is text, a picture has bytes that begin like one, and of
HTML only the tags of tables and plain text are left, without any attribute. The page that shows it is sandboxed besides.
"""

import base64
import binascii
import gzip
import json
import re
from dataclasses import dataclass, field
from typing import Any

from exercises.service.desk.cleaning import clean

MOST_CELLS, MOST_OUTPUTS = 500, 50
MOST_SOURCE, MOST_TEXT, MOST_PICTURE = 100_000, 100_000, 2_000_000
PICTURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}

_COLOUR = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")


@dataclass(frozen=True)
class Output:
    """`kind` is text, error, html or picture; `content` is ready for a page: html is clean, a picture is a data: address."""

    kind: str
    content: str


@dataclass(frozen=True)
class Cell:
    """A cell to look at. `answer` is a student's; `name` is its grade_id, if it has one."""

    kind: str
    source: str
    answer: bool = False
    name: str = ""
    outputs: list[Output] = field(default_factory=list)


def unpacked(data: bytes) -> bytes:
    """Return what the runner had packed; it never packs more than a person could read."""
    return gzip.decompress(data)


def cells(notebook: bytes) -> list[Cell] | None:
    """Return the notebook's cells to look at, or None where it is no notebook. Never raises."""
    try:
        found = json.loads(notebook)["cells"]
        return [_cell(one) for one in found[:MOST_CELLS] if isinstance(one, dict)]
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        return None


def _cell(cell: dict[str, Any]) -> Cell:
    told = cell.get("metadata", {}).get("nbgrader", {})
    told = told if isinstance(told, dict) else {}
    kind = "code" if cell.get("cell_type") == "code" else "text"
    outputs = cell.get("outputs") if kind == "code" else None
    shown = [_output(one) for one in (outputs or [])[:MOST_OUTPUTS] if isinstance(one, dict)]
    return Cell(
        kind=kind,
        source=_text(cell.get("source"))[:MOST_SOURCE],
        answer=told.get("solution") is True,
        name=str(told.get("grade_id") or "")[:100],
        outputs=[one for one in shown if one is not None],
    )


def _output(output: dict[str, Any]) -> Output | None:
    kind = output.get("output_type")
    if kind == "stream":
        return Output("text", _plain(output.get("text")))
    if kind == "error":
        trace = output.get("traceback")
        return Output("error", _plain("\n".join(map(str, trace)) if isinstance(trace, list) else output.get("evalue")))
    data = output.get("data")
    if not isinstance(data, dict):
        return None
    for form, beginning in PICTURES.items():
        if (picture := _picture(data.get(form), beginning)) is not None:
            return Output("picture", f"data:{form};base64,{picture}")
    html = _text(data.get("text/html"))
    if html and len(html) <= MOST_TEXT:
        return Output("html", clean(html))
    plain = _plain(data.get("text/plain"))
    return Output("text", plain) if plain else None


def _picture(value: Any, beginning: bytes) -> str | None:
    """The picture's own bytes, encoded again; None for what is none."""
    if value is None:
        return None
    try:
        found = base64.b64decode(_text(value), validate=False)
    except (binascii.Error, ValueError):
        return None
    return base64.b64encode(found).decode() if found.startswith(beginning) and len(found) <= MOST_PICTURE else None


def _plain(value: Any) -> str:
    return _COLOUR.sub("", _text(value))[:MOST_TEXT]


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "".join(map(str, value))
    return value if isinstance(value, str) else ""
