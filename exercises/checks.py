"""What an exercise's `checks.py` is written with: the `check` decorator, and `Result`, the way to what a run left.

Invariant: a check reads data and facts, never the student's code; what it raises is a sentence that a student may read. Nothing is
imported before a table is read.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from exercises.found import CheckFailed, Stream, Table

LAYERS = ("bronze", "silver", "gold")

NO_TABLE = "There is no Delta table {table}."
NO_STREAM = "There is no streaming checkpoint at lakehouse.checkpoint({name})."
NO_REGISTRY = "There is no registered model {name}: MLflow's store is not there, or is a server's."
NO_MODEL = "There is no registered model {name}."
BAD_REGISTRY = "MLflow's store cannot be read: {reason}."
BAD_CHECK = "a check needs a name and points above 0: {name!r}, {points!r}"
TWICE = "two checks are called {name!r}"


@dataclass(frozen=True)
class Check:
    """One graded check. `message` is what a student reads when it does not pass and says nothing itself."""

    name: str
    points: float
    visible: bool
    message: str
    run: Callable[["Result"], None] = field(repr=False)


class Registry(list[Check]):
    """The checks of one file, in its order."""


_collecting: list[Registry] = []


def check(name: str, *, points: float, visible: bool = True, message: str = "") -> Callable:
    """Declare a check: a function that takes a `Result`, and raises CheckFailed when something is wrong."""
    if not name or points <= 0:
        raise ValueError(BAD_CHECK.format(name=name, points=points))

    def declare(function: Callable[["Result"], None]) -> Callable[["Result"], None]:
        if _collecting:
            if any(one.name == name for one in _collecting[-1]):
                raise ValueError(TWICE.format(name=name))
            _collecting[-1].append(Check(name, float(points), visible, message, function))
        return function

    return declare


def collect(path: Path) -> Registry:
    """Return the checks that the file declares. Raises whatever the file raises."""
    from exercises.runner.prepare import load

    _collecting.append(Registry())
    try:
        load(path)
        return _collecting[-1]
    finally:
        _collecting.pop()


class Result:
    """What a run left in its lakehouse and in MLflow's store, and what there was to expect.

    `facts` is what data.py's facts(seed) gave for the seed of this run; `notebook_status` is the run's outcome, such as "ok" or
    "cell_failed".
    """

    def __init__(self, lakehouse: Path, facts: dict[str, Any], notebook_status: str = "ok", models: Any = None) -> None:
        self._root, self._models = lakehouse, models
        self.facts, self.notebook_status = facts, notebook_status
        self._tables: dict[tuple[str, str], Table] = {}

    def exists(self, layer: str, name: str) -> bool:
        return (self._root / layer / name / "_delta_log").is_dir()

    def table(self, layer: str, name: str) -> "Table":
        """Return the table. Raises CheckFailed when there is none."""
        if not self.exists(layer, name):
            raise CheckFailed(NO_TABLE.format(table=f"{layer}.{name}"))
        key = (layer, name)
        if key not in self._tables:
            self._tables[key] = Table(self._root / layer / name, f"{layer}.{name}")
        return self._tables[key]

    def model(self, name: str) -> Any:
        """Return a registered model: `.versions` and `.aliases`. Raises CheckFailed when there is none."""
        from exercises.runner.models import Unreadable, read_model

        if self._models is None or not self._models.database.is_file():
            raise CheckFailed(NO_REGISTRY.format(name=name))
        try:
            found = read_model(self._models, name)
        except Unreadable as error:
            raise CheckFailed(BAD_REGISTRY.format(reason=error)) from None
        if found is None:
            raise CheckFailed(NO_MODEL.format(name=name))
        return found

    def stream(self, name: str, query: str | None = None) -> "Stream":
        """Return what a stream noted in `lakehouse.checkpoint(name, query)`. Raises CheckFailed when there is nothing."""
        folder = self._root / "checkpoints" / name
        folder = folder if query is None else folder / query
        if not (folder / "offsets").is_dir():
            told = repr(name) if query is None else f"{name!r}, {query!r}"
            raise CheckFailed(NO_STREAM.format(name=told))
        return Stream(folder, name)


def repeated(values: Iterable[Any]) -> dict[Any, int]:
    """Return the values that occur more than once, and how often."""
    return {value: count for value, count in Counter(values).items() if count > 1}


def some(values: Iterable[Any], most: int = 3) -> str:
    """Return the first few of some values, in order, for a message."""
    ordered = sorted(values, key=str)
    return ", ".join(map(str, ordered[:most])) + (", …" if len(ordered) > most else "")
