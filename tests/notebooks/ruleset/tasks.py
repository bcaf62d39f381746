"""Tasks, their checks and their solutions.

Invariant: each task has one place, one check right after it and one solution that is not given
away, and no check or solution is without its task.
"""

import ast
from collections import Counter
from collections.abc import Iterator

from tests.notebooks.lessons import source_of, task_of
from tests.notebooks.ruleset.base import Problem, Subject, python_of

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
        if task not in subject.answers:
            message = f"no solution: add `# task: {task}` to solutions/{subject.name}.py"
            yield Problem("solutions", message, index)
    for task, answer in subject.answers.items():
        if task not in places:
            yield Problem("solutions", f"solves {task}, which is no task of this lesson")
            continue
        given = {line.strip() for line in source_of(subject.cells[places[task]]).splitlines()}
        for line in map(str.strip, answer.splitlines()):
            telling = len(line) >= _TELLING_LENGTH and not line.startswith(("#", "import", "from"))
            if telling and line in given:
                message = f"gives away a line of the solution: {line!r}"
                yield Problem("solutions", message, places[task])


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


RULES = (tasks_rule, solutions_rule)
