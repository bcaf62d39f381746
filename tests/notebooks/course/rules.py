"""What is asked of a notebook's file before it is run.

Invariant: of any course only what running needs; with `strict`, all that a lesson of this project must keep.
"""

import copy
import warnings
from collections.abc import Iterator
from typing import Any

import nbformat

from tests.notebooks import lessons
from tests.notebooks import rules as ruleset
from tests.notebooks.lessons import Lesson, task_of
from tests.notebooks.ruleset.tasks import checks_in

UNREADABLE = "is no notebook that can be read: {reason}"
OLD = "is of nbformat {version}; open it in JupyterLab and save it, which makes it nbformat 4"
INVALID = "is no valid notebook: {reason}"
NO_CODE = "has no code cell, so there is nothing to run"
LANGUAGE = "is written in {language}; the lab runs Python"
UNCHECKED = "task {task} is followed by no check of it, so nobody would know whether an answer is right"
UNSOLVED = "task {task} has no solution in {solutions}, which has others"
NO_TASK = "{solutions} answers {task}, and no cell is the place for it (metadata.dataflow.task)"
ANSWERS = "its answers cannot be read: {reason}"


def problems(lesson: Lesson, strict: bool = False) -> list[str]:
    """Return what keeps a notebook from being run, or every breach of a lesson's rules."""
    found = list(_runnable(lesson))
    if strict and not found:
        found = [problem.describe("").strip(": ") for problem in ruleset.problems(lesson)]
    return found


def _runnable(lesson: Lesson) -> Iterator[str]:
    try:
        notebook = lesson.read()
        version = notebook.get("nbformat")
    except Exception as error:  # whatever a foreign file holds
        yield UNREADABLE.format(reason=_first_line(error))
        return
    if version != 4:
        yield OLD.format(version=version)
        return
    try:
        with warnings.catch_warnings():
            # Cells without an id of their own can be run all the same.
            warnings.simplefilter("ignore")
            nbformat.validate(copy.deepcopy(notebook))
    except nbformat.ValidationError as error:
        yield INVALID.format(reason=_first_line(error))
        return
    language = _language(notebook)
    if language not in ("", "python"):
        yield LANGUAGE.format(language=language)
    if not any(cell["cell_type"] == "code" for cell in notebook["cells"]):
        yield NO_CODE
    yield from _tasks(lesson, notebook)


def _tasks(lesson: Lesson, notebook: Any) -> Iterator[str]:
    """A course need not have tasks; those that it marks are to be checked, and if some are solved, all."""
    cells = notebook["cells"]
    places = {task_of(cell): index for index, cell in enumerate(cells) if task_of(cell)}
    for task, index in places.items():
        if not any(task in checks_in(cell) for cell in cells[index + 1 :]):
            yield UNCHECKED.format(task=task)
    try:
        answers = lesson.answers()
    except (lessons.SolutionsError, SyntaxError) as error:
        yield ANSWERS.format(reason=error)
        return
    if not lesson.solutions.is_file():
        return
    for task in sorted(set(places) - set(answers.solutions)):
        yield UNSOLVED.format(task=task, solutions=lesson.solutions.name)
    for task in sorted({*answers.solutions, *(wrong.task for wrong in answers.wrong)} - set(places)):
        yield NO_TASK.format(task=task, solutions=lesson.solutions.name)


def _language(notebook: Any) -> str:
    metadata = notebook.get("metadata", {})
    named = metadata.get("language_info", {}).get("name") or metadata.get("kernelspec", {}).get("language") or ""
    return str(named).lower().removeprefix("i").rstrip("0123456789")


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0] or type(error).__name__
