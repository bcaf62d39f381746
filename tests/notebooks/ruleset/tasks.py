"""Tasks, their checks, their solutions and the wrong answers to them.

Invariant: each task has one place, one check right after it, one solution that is not given
away and a wrong answer that its check must catch, and no check or answer is without its task.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.notebooks.lessons import source_of, tags_of, task_of
from tests.notebooks.ruleset.base import Problem, Subject, python_of
from tests.notebooks.ruleset.form import PARAMETERS

# Shorter lines (`)`, `else:`) are in every program.
_TELLING_LENGTH = 12


def tasks_rule(subject: Subject) -> Iterator[Problem]:
    """A task cell is code, is followed by its check, and belongs to this lesson."""
    tasks = [(i, task_of(cell)) for i, cell in enumerate(subject.cells) if task_of(cell)]
    for task, count in Counter(task for _, task in tasks).items():
        if count > 1:
            yield Problem("tasks", f"task {task} has {count} cells")
    if not tasks:
        yield Problem("tasks", "no task: a lesson has something to try, with a self-check")
    for index, task in tasks:
        cell = subject.cells[index]
        if cell["cell_type"] != "code":
            yield Problem("tasks", f"the place for {task} is no code cell", index)
        if not task.startswith(f"{subject.number}-"):
            message = f"task {task} does not start with {subject.number}-"
            yield Problem("tasks", message, index)
        following = subject.cells[index + 1 : index + 2]
        if [task] not in [checks_in(cell) for cell in following]:
            message = f'the cell after task {task} is not its check("{task}", ...)'
            yield Problem("tasks", message, index)
    places = {task for _, task in tasks}
    for index, cell in subject.code():
        for task in checks_in(cell):
            if task not in places:
                yield Problem("tasks", f"checks {task}, which no cell is the place for", index)


def solutions_rule(subject: Subject) -> Iterator[Problem]:
    """Every task has a solution, none of which stands in the lesson."""
    places = {task_of(cell): i for i, cell in enumerate(subject.cells) if task_of(cell)}
    for task, index in places.items():
        if task not in subject.answers.solutions:
            message = f"no solution: add `# task: {task}` to solutions/{subject.name}.py"
            yield Problem("solutions", message, index)
    for task, answer in subject.answers.solutions.items():
        if task not in places:
            yield Problem("solutions", f"solves {task}, which is no task of this lesson")
            continue
        given = {line.strip() for line in source_of(subject.cells[places[task]]).splitlines()}
        for line in map(str.strip, answer.splitlines()):
            telling = len(line) >= _TELLING_LENGTH and not line.startswith(("#", "import", "from"))
            if telling and line in given:
                message = f"gives away a line of the solution: {line!r}"
                yield Problem("solutions", message, places[task])


def wrong_rule(subject: Subject) -> Iterator[Problem]:
    """Every task has a wrong answer, else nobody knows whether its check can say no."""
    places = {task_of(cell): i for i, cell in enumerate(subject.cells) if task_of(cell)}
    for task, index in places.items():
        if task not in {wrong.task for wrong in subject.answers.wrong}:
            message = f"no wrong answer: add `# wrong: {task} MISTAKE` to solutions/{subject.name}.py"
            yield Problem("wrong", message, index)
    for wrong in subject.answers.wrong:
        if wrong.task not in places:
            yield Problem("wrong", f"answers {wrong.task}, which is no task of this lesson")


def other_data_rule(subject: Subject) -> Iterator[Problem]:
    """The solutions file names other data to run the lesson with, by the lesson's own parameters."""
    given = {}
    for cell in subject.cells:
        if PARAMETERS in tags_of(cell) and cell["cell_type"] == "code":
            given.update(_literals(python_of(cell)))
    if not subject.answers.other_data:
        message = f'no other data: add `# other data: {{"seed": 7}}` to solutions/{subject.name}.py'
        yield Problem("other-data", message)
    for name, value in subject.answers.other_data.items():
        if name not in given:
            yield Problem("other-data", f"sets {name}, which is no parameter: {sorted(given)}")
        elif given[name] == value:
            yield Problem("other-data", f"{name} = {value!r} is what the lesson has already")


def _literals(code: str) -> dict[str, Any]:
    """The `name = literal` lines of a cell; another rule says what else is wrong with it."""
    found: dict[str, Any] = {}
    try:
        body = ast.parse(code).body
    except SyntaxError:
        return found
    for node in body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            try:
                found[node.targets[0].id] = ast.literal_eval(node.value)
            except ValueError:
                found[node.targets[0].id] = ...
    return found


def checks_in(cell: dict) -> list[str]:
    """Return the task ids that a cell checks."""
    if cell["cell_type"] != "code":
        return []
    try:
        tree = ast.parse(python_of(cell))
    except SyntaxError:
        return []
    return [
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "check"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    ]


RULES = (tasks_rule, solutions_rule, wrong_rule, other_data_rule)
