"""The file itself: format, ids, metadata, outputs.

Invariant: after `fix` a notebook has the one canonical text that git sees, whoever saved it last;
only a missing kept output stays a problem, because it has to be executed to be known.
"""

import copy
import hashlib
import re
from collections.abc import Iterator
from typing import Any

import nbformat

from tests.notebooks.lessons import source_of, tags_of
from tests.notebooks.ruleset.base import Problem, Subject

KERNELSPEC = {"display_name": "Spark + Delta", "language": "python", "name": "dataflow-spark"}
LANGUAGE_INFO = {"name": "python"}
NOTEBOOK_KEYS = {"kernelspec", "language_info", "dataflow"}
CELL_KEYS = {"tags", "dataflow"}
CHECKED = "nbval-check-output"
PARAMETERS = "parameters"
TAGS = {PARAMETERS, CHECKED, "raises-exception"}

_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")


def canonical(notebook: Any) -> str:
    """Return the one text of a notebook: sorted keys, indent 1, a newline at the end."""
    # Not nbformat.writes: it would repair ids on the way, and differently each time.
    return nbformat.v4.writes(copy.deepcopy(notebook)).rstrip("\n") + "\n"


def format_rule(subject: Subject) -> Iterator[Problem]:
    """nbformat 4.5, valid, with a unique id on each cell, in canonical text."""
    notebook = subject.notebook
    version = (notebook.get("nbformat"), notebook.get("nbformat_minor"))
    if version != (4, 5):
        message = f"expected nbformat (4, 5), got {version}"
        yield Problem("format", message, fixable=version[0] == 4)
    seen: dict[str, int] = {}
    for index, cell in enumerate(subject.cells):
        identity = cell.get("id", "")
        if not _ID.fullmatch(identity):
            yield Problem("format", f"cell id {identity!r} is missing or unusable", index, True)
        elif identity in seen:
            message = f"cell id {identity!r} is already that of cell {seen[identity]}"
            yield Problem("format", message, index, True)
        seen.setdefault(identity, index)
        if not source_of(cell).strip():
            yield Problem("format", "empty cell", index, True)
    if len(seen) == len(subject.cells) and all(map(_ID.fullmatch, seen)):
        # With other ids nbformat would repair, warn, and say less than the lines above.
        try:
            nbformat.validate(copy.deepcopy(notebook))
        except nbformat.ValidationError as error:
            yield Problem("format", f"not valid nbformat: {str(error).splitlines()[0]}")
    if version == (4, 5) and subject.text != canonical(notebook):
        message = "not in canonical form (sorted keys, indent 1, newline at the end)"
        yield Problem("format", message, fixable=True)


def metadata_rule(subject: Subject) -> Iterator[Problem]:
    """Our kernel, and nothing in the metadata that another editor would write differently."""
    metadata = subject.notebook.get("metadata", {})
    if dict(metadata.get("kernelspec", {})) != KERNELSPEC:
        yield Problem("kernelspec", f"expected {KERNELSPEC}", fixable=True)
    if dict(metadata.get("language_info", LANGUAGE_INFO)) != LANGUAGE_INFO:
        yield Problem("metadata", f"language_info: expected {LANGUAGE_INFO}", fixable=True)
    for key in sorted(set(metadata) - NOTEBOOK_KEYS):
        yield Problem("metadata", f"key {key!r} is not allowed in the notebook", fixable=True)
    for index, cell in enumerate(subject.cells):
        for key in sorted(set(cell.get("metadata", {})) - CELL_KEYS):
            yield Problem("metadata", f"key {key!r} is not allowed in a cell", index, True)
        for key in sorted(set(cell.get("metadata", {}).get("dataflow", {})) - {"task"}):
            yield Problem("metadata", f"dataflow.{key} is not allowed in a cell", index)
        for tag in sorted(set(tags_of(cell)) - TAGS):
            yield Problem("metadata", f"tag {tag!r} means nothing here: {sorted(TAGS)}", index)
        if cell.get("attachments"):
            yield Problem("metadata", "an attachment would be copied with every commit", index)


def outputs_rule(subject: Subject) -> Iterator[Problem]:
    """Tagged nbval-check-output, outputs kept, execution count kept: all three or none."""
    for index, cell in subject.code():
        tagged, outputs = CHECKED in tags_of(cell), cell.get("outputs", [])
        counted = cell.get("execution_count") is not None
        if tagged and not outputs:
            message = (
                f"tagged {CHECKED} without outputs, so it compares nothing: "
                "run it and keep the output (tests/notebooks/record.py), or drop the tag"
            )
            yield Problem("outputs", message, index)
        elif tagged and not counted:
            message = "kept outputs without an execution count are never compared"
            yield Problem("outputs", message, index, True)
        elif not tagged and (outputs or counted):
            message = f"outputs or an execution count, but no {CHECKED} tag: nothing compares them"
            yield Problem("outputs", message, index, True)
        if tagged:
            yield from _kept(index, outputs)


def _kept(index: int, outputs: list[Any]) -> Iterator[Problem]:
    for output in outputs:
        kind = output["output_type"]
        if kind == "stream" and output.get("name") == "stderr":
            yield Problem("outputs", "keeps what was written to stderr", index)
        elif kind == "error":
            yield Problem("outputs", "keeps an error", index)
        for mime in sorted(set(output.get("data", {})) - {"text/plain"}):
            message = f"keeps {mime}; only text can be compared: print the value instead"
            yield Problem("outputs", message, index)


def fix(subject: Subject) -> None:
    """Repair the notebook in place, as far as it needs no author."""
    notebook = subject.notebook
    if notebook.get("nbformat") == 4:
        notebook["nbformat_minor"] = 5
    metadata = notebook.setdefault("metadata", nbformat.NotebookNode())
    for key in set(metadata) - NOTEBOOK_KEYS:
        del metadata[key]
    metadata["kernelspec"] = nbformat.from_dict(KERNELSPEC)
    metadata["language_info"] = nbformat.from_dict(LANGUAGE_INFO)
    notebook["cells"] = [cell for cell in subject.cells if source_of(cell).strip()]
    seen: set[str] = set()
    for index, cell in enumerate(notebook["cells"]):
        for key in set(cell["metadata"]) - CELL_KEYS:
            del cell["metadata"][key]
        if not _ID.fullmatch(cell.get("id", "")) or cell["id"] in seen:
            digest = hashlib.sha256(f"{index} {source_of(cell)}".encode()).hexdigest()
            cell["id"] = f"{subject.number}-{digest[:8]}"
        seen.add(cell["id"])
    ordinal = 0
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        ordinal += 1
        if CHECKED not in tags_of(cell):
            cell["outputs"], cell["execution_count"] = [], None
        elif cell["outputs"] and cell.get("execution_count") is None:
            cell["execution_count"] = ordinal


RULES = (format_rule, metadata_rule, outputs_rule)
