"""The passes that make a student version, each small, none knowing of the others.

Invariant: a pass takes a notebook and returns another one; markers are stripped, cells locked and checksums stamped by
nbgrader's own preprocessors, so that a derived notebook is one that nbgrader would have made.
"""

import copy
from collections.abc import Mapping
from functools import cache
from typing import Any

from exercises.errors import ExerciseError, FormError
from exercises.form.roles import ANSWERS, Role, roles
from exercises.program import program

Notebook = dict[str, Any]

NO_NBGRADER = (
    "Deriving a student version needs nbgrader, which is not installed here. `{program} push` has the service try "
    "the laws; to check here: pip install nbgrader"
)
NBGRADER_REFUSED = "nbgrader's {name} refused it: {reason}"

NOTEBOOK_KEYS = ("kernelspec", "language_info")
KERNELSPEC_KEYS = ("name", "display_name", "language")
CELL_KEYS = ("nbgrader", "tags", "deletable", "editable", "dataflow")


def validate(notebook: Notebook, exercise: str) -> Notebook:
    """Refuse whatever is not in the form."""
    roles(notebook, exercise=exercise)
    return notebook


def drop_instructor_cells(notebook: Notebook, exercise: str) -> Notebook:
    """Take out the cells with the tag `instructor`."""
    kept = [notebook["cells"][one.index] for one in roles(notebook, exercise=exercise) if one.role is not Role.INSTRUCTOR]
    return {**notebook, "cells": kept}


def strip_solutions(notebook: Notebook, exercise: str) -> Notebook:
    """Put nbgrader's stub in the place of every solution."""
    return _nbgrader("ClearSolutions", notebook, exercise)


def strip_hidden_tests(notebook: Notebook, exercise: str) -> Notebook:
    return _nbgrader("ClearHiddenTests", notebook, exercise)


def strip_mark_schemes(notebook: Notebook, exercise: str) -> Notebook:
    return _nbgrader("ClearMarkScheme", notebook, exercise)


def clear_outputs(notebook: Notebook, exercise: str) -> Notebook:
    """Take out outputs and counts, and what is attached to answers."""
    made = copy.deepcopy(notebook)
    for one in roles(made, exercise=exercise):
        cell = made["cells"][one.index]
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
        if one.role in ANSWERS:
            cell.pop("attachments", None)
    return made


def clean_metadata(notebook: Notebook, exercise: str) -> Notebook:
    """Keep the metadata that somebody reads; what an editor left behind says nothing to students."""
    made = copy.deepcopy(notebook)
    told = made.get("metadata", {})
    made["metadata"] = {key: told[key] for key in NOTEBOOK_KEYS if key in told}
    if "kernelspec" in told:
        made["metadata"]["kernelspec"] = {key: told["kernelspec"][key] for key in KERNELSPEC_KEYS if key in told["kernelspec"]}
    if "language_info" in told:
        made["metadata"]["language_info"] = {"name": told["language_info"].get("name", "python")}
    for cell in made["cells"]:
        cell["metadata"] = {key: cell["metadata"][key] for key in CELL_KEYS if key in cell["metadata"]}
    return made


def lock(notebook: Notebook, exercise: str) -> Notebook:
    """Make what students must not change undeletable or read-only in the editor. A kindness: grading does not rely on it."""
    return _nbgrader("LockCells", notebook, exercise)


def stamp_checksums(notebook: Notebook, exercise: str) -> Notebook:
    return _nbgrader("ComputeChecksums", notebook, exercise)


def available() -> bool:
    """Whether nbgrader is there."""
    try:
        needed()
    except ExerciseError:
        return False
    return True


def needed() -> None:
    """Raise ExerciseError unless nbgrader is there."""
    _preprocessor("ClearSolutions")


@cache
def _preprocessor(name: str) -> Any:
    try:
        import nbgrader.preprocessors
    except ImportError as error:
        raise ExerciseError(NO_NBGRADER.format(program=program())) from error
    return getattr(nbgrader.preprocessors, name)


def _nbgrader(name: str, notebook: Notebook, exercise: str) -> Notebook:
    """Run one of nbgrader's preprocessors, without its configuration and its database."""
    preprocessor = _preprocessor(name)()
    import nbformat

    try:
        made, _ = preprocessor.preprocess(nbformat.from_dict(copy.deepcopy(notebook)), {})
    except (RuntimeError, ValueError) as error:
        raise FormError(NBGRADER_REFUSED.format(name=name, reason=error), exercise=exercise) from error
    return _plain(made)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value
