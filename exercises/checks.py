"""What an exercise's `checks.py` is written with: the `check` decorator, and `Result`, the way to what a run left.

Invariant: a check reads data and facts, never the student's code; what it raises is a sentence that a student may read. Nothing is
imported before a table is read.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

LAYERS = ("bronze", "silver", "gold")

NO_TABLE = "There is no Delta table {table}."
UNREADABLE = "{table} cannot be read: {reason}."
NO_COLUMN = "{table} has no column {column}; it has {columns}."
WRONG_TYPE = "{table}: the column {column} should be {wanted}, and is {found}."
NO_STREAM = "There is no streaming checkpoint at lakehouse.checkpoint({name})."
BAD_STREAM = "The streaming checkpoint {name} cannot be read: {reason}."
BAD_CHECK = "a check needs a name and points above 0: {name!r}, {points!r}"
TWICE = "two checks are called {name!r}"


class CheckFailed(AssertionError):
    """What was found is not what was expected; the text goes to the student."""


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
    """What a run left in its lakehouse, and what there was to expect.

    `facts` is what data.py's facts(seed) gave for the seed of this run; `notebook_status` is the run's outcome, such as "ok" or
    "cell_failed".
    """

    def __init__(self, lakehouse: Path, facts: dict[str, Any], notebook_status: str = "ok") -> None:
        self._root = lakehouse
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

    def stream(self, name: str, query: str | None = None) -> "Stream":
        """Return what a stream noted in `lakehouse.checkpoint(name, query)`. Raises CheckFailed when there is nothing."""
        folder = self._root / "checkpoints" / name
        folder = folder if query is None else folder / query
        if not (folder / "offsets").is_dir():
            told = repr(name) if query is None else f"{name!r}, {query!r}"
            raise CheckFailed(NO_STREAM.format(name=told))
        return Stream(folder, name)


class Table:
    """A Delta table, read from its log and its files. What is read is kept: every check of a run may ask again."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self.name = folder, name

    @cached_property
    def _log(self) -> Any:
        from exercises.runner.delta import Unreadable, read_log

        try:
            return read_log(self._folder)
        except Unreadable as error:
            raise CheckFailed(UNREADABLE.format(table=self.name, reason=error)) from None

    @cached_property
    def _rows(self) -> list[dict[str, Any]]:
        from exercises.runner.delta import Unreadable, read_rows

        try:
            return read_rows(self._folder, self._log)
        except Unreadable as error:
            raise CheckFailed(UNREADABLE.format(table=self.name, reason=error)) from None

    @property
    def version(self) -> int:
        return self._log.version

    @property
    def columns(self) -> list[str]:
        return list(self._log.columns)

    @property
    def types(self) -> dict[str, Any]:
        """Spark's types by column, as Delta writes them: string, date, integer, decimal(12,2), …"""
        return {column: spelled(kind) for column, kind in self._log.columns.items()}

    def history(self) -> list[dict[str, Any]]:
        """The commits' own notes, oldest first: version, operation, operationParameters, …

        Whoever wrote the table wrote these too: they tell how honest work was done, and prove nothing.
        """
        return self._log.commits

    def rows(self) -> list[dict[str, Any]]:
        """All rows of the newest version. Raises CheckFailed when its files cannot be read."""
        return self._rows

    def values(self, column: str) -> list[Any]:
        """One column's values, in no particular order. Raises CheckFailed when there is no such column."""
        if column not in self._log.columns:
            raise CheckFailed(NO_COLUMN.format(table=self.name, column=column, columns=", ".join(self.columns) or "none"))
        return [row[column] for row in self._rows]

    def must_have(self, **types: str) -> None:
        """Raise CheckFailed unless the table has these columns with these types; a type may be several, divided by "|"."""
        known = self.types
        for column, wanted in types.items():
            if column not in known:
                raise CheckFailed(NO_COLUMN.format(table=self.name, column=column, columns=", ".join(known) or "none"))
            if known[column] not in wanted.split("|"):
                fields = {"wanted": wanted.replace("|", " or "), "found": known[column]}
                raise CheckFailed(WRONG_TYPE.format(table=self.name, column=column, **fields))


class Stream:
    """A streaming query's checkpoint: which batches it planned, and which it finished."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self.name = folder, name

    @cached_property
    def planned(self) -> list[int]:
        """The numbers of the batches whose offsets were written, in order."""
        return self._numbers("offsets")

    @cached_property
    def committed(self) -> list[int]:
        """The numbers of the batches that were finished, in order. Spark keeps the newest hundred."""
        return self._numbers("commits")

    def offsets(self, batch: int) -> list[Any]:
        """Where each source stood after a batch, as Spark wrote it. Raises CheckFailed."""
        import json

        try:
            text = (self._folder / "offsets" / str(batch)).read_text(encoding="utf-8")
            _, _, *sources = text.split("\n")
            return [None if one.strip() == "-" else json.loads(one) for one in sources if one.strip()]
        except (OSError, ValueError, RecursionError) as error:
            raise CheckFailed(BAD_STREAM.format(name=self.name, reason=type(error).__name__)) from None

    def _numbers(self, part: str) -> list[int]:
        folder = self._folder / part
        return sorted(int(path.name) for path in folder.iterdir() if path.name.isdecimal()) if folder.is_dir() else []


def spelled(kind: Any) -> str:
    """Return a type of Delta's schema as Spark spells it: array<string>, struct<a:integer>, …"""
    if not isinstance(kind, dict):
        return str(kind)
    if kind.get("type") == "array":
        return f"array<{spelled(kind.get('elementType'))}>"
    if kind.get("type") == "map":
        return f"map<{spelled(kind.get('keyType'))},{spelled(kind.get('valueType'))}>"
    if kind.get("type") == "struct" and isinstance(kind.get("fields"), list):
        fields = [f"{one.get('name')}:{spelled(one.get('type'))}" for one in kind["fields"]]
        return f"struct<{','.join(fields)}>"
    return str(kind.get("type"))


def repeated(values: Iterable[Any]) -> dict[Any, int]:
    """Return the values that occur more than once, and how often."""
    return {value: count for value, count in Counter(values).items() if count > 1}


def some(values: Iterable[Any], most: int = 3) -> str:
    """Return the first few of some values, in order, for a message."""
    ordered = sorted(values, key=str)
    return ", ".join(map(str, ordered[:most])) + (", …" if len(ordered) > most else "")
