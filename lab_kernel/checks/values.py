"""Answers in one form: a plain value, a sequence of values, or a table.

Invariant: what comes out has no type of Spark, pandas or numpy left, so that comparing needs none of
them; nothing is imported that the answer's owner has not imported already.
"""

import datetime
import decimal
from dataclasses import dataclass
from typing import Any

from lab_kernel.display import is_dataframe

# A lesson's answers are small; a forgotten aggregate must not pull a whole table into Python.
MAX_ROWS = 20_000


@dataclass(frozen=True)
class Table:
    """Columns in lower case and rows of plain values. `cut` says that there were more rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    cut: bool = False

    def arranged(self, columns: tuple[str, ...]) -> "Table":
        """The same table with its columns in this order."""
        places = [self.columns.index(column) for column in columns]
        rows = tuple(tuple(row[place] for place in places) for row in self.rows)
        return Table(columns, rows, self.cut)


@dataclass(frozen=True)
class Values:
    """Several plain values; `unordered` if they came as a set."""

    items: tuple[Any, ...]
    unordered: bool = False


def unanswered(value: Any) -> bool:
    """True for what a starter cell leaves: None, ..., an empty text or list."""
    if value is None or value is Ellipsis:
        return True
    return isinstance(value, (str, list, tuple, dict, set)) and len(value) == 0


def plain(value: Any) -> Any:
    """Returns a plain value, Values or Table. A streaming DataFrame raises what Spark raises."""
    if is_dataframe(value):
        fetched = value.limit(MAX_ROWS + 1).collect()
        rows = tuple(tuple(_cell(cell) for cell in row) for row in fetched[:MAX_ROWS])
        return Table(_names(value.columns), rows, len(fetched) > MAX_ROWS)
    if _is_row(value):
        return Table(_names(value.__fields__), (tuple(_cell(cell) for cell in value),))
    module = type(value).__module__.partition(".")[0]
    if module == "pandas":
        return _from_pandas(value)
    if isinstance(value, dict):
        # A mapping is a table of two columns whose names do not matter.
        return Values(tuple((_cell(k), _cell(v)) for k, v in value.items()), unordered=True)
    if isinstance(value, (list, tuple)) and value and all(map(_is_row, value)):
        rows = tuple(tuple(_cell(cell) for cell in row) for row in value)
        return Table(_names(value[0].__fields__), rows)
    if isinstance(value, (list, tuple)):
        return Values(tuple(_cell(item) for item in value))
    if isinstance(value, (set, frozenset)):
        return Values(tuple(_cell(item) for item in value), unordered=True)
    return _cell(value)


def scalar(value: Any) -> Any:
    """A table or list with a single cell is as good as the cell; anything else stays."""
    if isinstance(value, Table) and len(value.rows) == 1 and len(value.columns) == 1:
        return value.rows[0][0]
    if isinstance(value, Values) and len(value.items) == 1:
        return value.items[0]
    return value


def _names(columns: Any) -> tuple[str, ...]:
    return tuple(str(column).lower() for column in columns)


def _is_row(value: Any) -> bool:
    return isinstance(value, tuple) and hasattr(value, "__fields__") and hasattr(value, "asDict")


def _from_pandas(value: Any) -> Any:
    if hasattr(value, "to_frame"):
        return Values(tuple(_cell(item) for item in value.tolist()))
    if not hasattr(value, "itertuples"):
        return _cell(value)
    index = [name for name in value.index.names if name is not None]
    frame = value.reset_index() if index else value
    rows = tuple(
        tuple(_cell(cell) for cell in row) for row in frame.itertuples(index=False, name=None)
    )
    return Table(_names(frame.columns), rows[:MAX_ROWS], len(rows) > MAX_ROWS)


def _cell(value: Any) -> Any:
    if value is None or isinstance(value, (bool, str, int)):
        return value
    if isinstance(value, float):
        return None if value != value else value
    if isinstance(value, decimal.Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if hasattr(value, "item") and hasattr(value, "dtype"):
        return _cell(value.item())
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    if isinstance(value, (list, tuple)):
        return tuple(_cell(item) for item in value)
    return str(value)
