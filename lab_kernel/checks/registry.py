"""Which tasks there are and how each computes what it expects.

Invariant: a task id is registered once; its number names the module `lesson_NN` that registers it.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from lab_kernel.checks import messages

# Two computations of the same aggregate may add in another order.
TOLERANCE = 1e-6


class UnknownTask(KeyError):
    """No lesson registers a task of this id."""


class CannotCheck(RuntimeError):
    """The expected value cannot be computed here."""


@dataclass(frozen=True)
class Task:
    """One thing to try. `tolerance` is relative; `ordered` makes the order of a list count."""

    id: str
    expected: Callable[["Context"], Any]
    hint: str = ""
    tolerance: float = TOLERANCE
    ordered: bool = False


class Context:
    """What an expectation is computed from: this notebook's Spark and lakehouse."""

    def __init__(self, kernel: Any = None) -> None:
        self._kernel = kernel

    @cached_property
    def kernel(self) -> Any:
        from lab_kernel import extension

        found = self._kernel or extension.current()
        if found is None:
            raise CannotCheck(messages.NO_SPARK)
        return found

    @property
    def spark(self) -> Any:
        return self.kernel.session.get()

    @property
    def lakehouse(self) -> Any:
        return self.kernel.lakehouse

    def bronze(self, name: str) -> Any:
        """The bronze table of this name as a DataFrame, whatever SQL calls it."""
        return self._delta(self.lakehouse.bronze(name))

    def silver(self, name: str) -> Any:
        return self._delta(self.lakehouse.silver(name))

    def gold(self, name: str) -> Any:
        return self._delta(self.lakehouse.gold(name))

    def history(self, location: str) -> list[dict[str, Any]]:
        """The commits of a Delta table, the first one first."""
        log = self.spark.sql(f"DESCRIBE HISTORY delta.`{location}`").collect()
        return sorted((row.asDict() for row in log), key=lambda row: row["version"])

    def _delta(self, location: str) -> Any:
        return self.spark.read.format("delta").load(location)


@dataclass
class Registry:
    """Task ids and their tasks."""

    tasks: dict[str, Task] = field(default_factory=dict)

    def add(self, task: Task) -> None:
        """Registers a task; raises ValueError if another function has its id already."""
        known = self.tasks.get(task.id)
        if known is not None and _place(known) != _place(task):
            raise ValueError(f"task {task.id} is registered by {_place(known)} already")
        self.tasks[task.id] = task

    def find(self, task_id: str) -> Task:
        """Returns a task, loading its lesson's module if need be; raises UnknownTask."""
        if task_id not in self.tasks:
            module = f"{__package__}.lesson_{str(task_id).partition('-')[0]}"
            try:
                importlib.import_module(module)
            except ModuleNotFoundError as error:
                if error.name != module:
                    raise
        if task_id not in self.tasks:
            raise UnknownTask(messages.UNKNOWN_TASK.format(task=task_id))
        return self.tasks[task_id]


def _place(task: Task) -> str:
    return f"{task.expected.__module__}.{task.expected.__qualname__}"


_registry = Registry()
find = _registry.find


def task(
    task_id: str, *, hint: str = "", tolerance: float = TOLERANCE, ordered: bool = False
) -> Callable[[Callable[[Context], Any]], Callable[[Context], Any]]:
    """Registers the function that computes what a task expects.

    The function gets a Context and returns a number, text, date, list, set, Spark or pandas
    DataFrame. Numbers are compared with the relative `tolerance`, tables by content: neither the
    order of rows nor of columns counts. `hint` is shown with a wrong answer.
    """

    def register(expected: Callable[[Context], Any]) -> Callable[[Context], Any]:
        _registry.add(Task(task_id, expected, hint, tolerance, ordered))
        return expected

    return register
