"""One data file of a Delta table: its rows, and what its log promises of them.

Invariant: what a file holds is read from its rows; the log's statistics only say which files a reader leaves out. A promise that
the rows do not keep is a `Lie`, so statistics that nobody computed gain nothing.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

SECOND = 19
LIES = "The log says that the file {file} has no {column} {value}, and it has."


class Lie(AssertionError):
    """The log's statistics say that a file cannot hold a value which it holds; a check may raise it as it is."""


@dataclass(frozen=True)
class DataFile:
    """`name` is its path inside the table, `size` what it has on disk, in bytes."""

    name: str
    size: int
    rows: list[dict[str, Any]] = field(repr=False)
    add: Mapping[str, Any] = field(repr=False)

    @cached_property
    def bounds(self) -> dict[str, tuple[Any, Any]]:
        """The smallest and largest value of each column that the log has both of, as the log spells them."""
        try:
            stats = json.loads(self.add["stats"])
            low, high = stats["minValues"], stats["maxValues"]
            return {column: (low[column], high[column]) for column in low if column in high}
        except (KeyError, TypeError, ValueError, RecursionError):
            return {}

    def may_hold(self, column: str, value: Any) -> bool:
        """Whether a reader that asks for this value has to open the file. Raises Lie."""
        holds = any(row[column] == value for row in self.rows)
        may = self._may(column, value)
        if holds and not may:
            raise Lie(LIES.format(file=self.name, column=column, value=value))
        return may

    def _may(self, column: str, value: Any) -> bool:
        if column in (self.add.get("partitionValues") or {}):
            # The rows have a partition's value from the log itself.
            return any(row[column] == value for row in self.rows[:1])
        if column not in self.bounds:
            return True
        low, high = (_spelled(bound, value) for bound in self.bounds[column])
        told = _spelled(value, value)
        try:
            return low <= told <= high
        except (TypeError, ArithmeticError):
            return True


def _spelled(value: Any, like: Any) -> Any:
    """A value in the form in which the log's bounds of its kind can be compared."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")[:SECOND]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(like, datetime) and isinstance(value, str):
        return value.replace(" ", "T")[:SECOND]
    if isinstance(like, Decimal) and isinstance(value, int | float):
        return Decimal(str(value))
    return value
