"""How a Spark DataFrame shows itself as a cell's last value.

Invariant: at most rows+1 rows are fetched; an error while fetching is the cell's error, not a note
beside a cell that counts as passed; pandas is not needed.
"""

import datetime
import decimal
from typing import Any

from lab_kernel import html, messages, text
from lab_kernel.session import NoSpark

MAX_CELL = 300
# Set on a DataFrame by %%sql -n; anything else shows the kernel's default number of rows.
ROWS_ATTRIBUTE = "_dataflow_rows"
NUMBERS = ("tinyint", "smallint", "int", "bigint", "float", "double", "decimal")


def is_dataframe(value: Any) -> bool:
    """True for a Spark DataFrame (classic or Connect), without importing pyspark."""
    return any(
        kind.__name__ == "DataFrame" and kind.__module__.startswith("pyspark.sql")
        for kind in type(value).__mro__
    )


def bundle(frame: Any, rows: int) -> dict[str, str]:
    """Returns the HTML and plain text of a DataFrame; runs the query. Raises what Spark raises."""
    names, types = frame.columns, [kind for _, kind in frame.dtypes]
    if frame.isStreaming:
        return _stream(names, types)
    rows = getattr(frame, ROWS_ATTRIBUTE, rows)
    fetched = frame.take(rows + 1)
    shown = [[shorten(value) for value in row] for row in fetched[:rows]]
    note = caption(len(fetched), rows)
    right = {i for i, kind in enumerate(types) if kind.split("(")[0] in NUMBERS}
    if not names:
        return {"text/plain": note, "text/html": html.table((), (), caption=note)}
    plain = [["null" if cell is None else cell for cell in row] for row in shown]
    return {
        "text/html": html.table(names, shown, types=types, caption=note, right=right),
        "text/plain": text.table(names, plain, types=types, right=right) + f"\n{note}",
    }


def caption(fetched: int, rows: int) -> str:
    """Says how many rows are shown, and whether there are more (`fetched` is at most rows + 1)."""
    if fetched > rows:
        return messages.SHOWING_SOME.format(rows=rows)
    if fetched == 1:
        return messages.SHOWING_ONE
    return messages.SHOWING_ALL.format(rows=fetched) if fetched else messages.SHOWING_NONE


def shorten(value: Any) -> str | None:
    """Returns a value as people read it, at most MAX_CELL characters; None stays None."""
    if value is None:
        return None
    if isinstance(value, bool):
        found = str(value).lower()
    elif isinstance(value, datetime.datetime):
        found = value.isoformat(sep=" ")
    elif isinstance(value, (bytes, bytearray)):
        found = value.hex(" ")
    elif isinstance(value, decimal.Decimal):
        found = format(value, "f")
    elif isinstance(value, float):
        found = repr(value)
    elif isinstance(value, dict):
        pairs = (f"{_inner(key)}: {_inner(item)}" for key, item in value.items())
        found = "{" + ", ".join(pairs) + "}"
    elif isinstance(value, tuple) and hasattr(value, "asDict"):
        pairs = (f"{key}: {_inner(item)}" for key, item in value.asDict().items())
        found = "{" + ", ".join(pairs) + "}"
    elif isinstance(value, (list, tuple)):
        found = "[" + ", ".join(_inner(item) for item in value) + "]"
    else:
        found = str(value)
    return found if len(found) <= MAX_CELL else found[: MAX_CELL - 1] + "…"


def install(shell: Any, rows: int) -> None:
    """Makes a shell show DataFrames this way."""
    formatter = shell.display_formatter
    original = formatter.format

    def format_with_spark(value, include=None, exclude=None):
        # Not a registered formatter: IPython prints a formatter's error and calls the cell a success.
        if isinstance(value, NoSpark):
            value.fail()
        if is_dataframe(value):
            return bundle(value, rows), {}
        return original(value, include=include, exclude=exclude)

    formatter.format = format_with_spark


def uninstall(shell: Any) -> None:
    """Takes `install` back."""
    vars(shell.display_formatter).pop("format", None)


def _inner(value: Any) -> str:
    found = shorten(value)
    return "null" if found is None else found


def _stream(names: list[str], types: list[str]) -> dict[str, str]:
    headings = (messages.COLUMN, messages.TYPE)
    rows = list(zip(names, types, strict=True))
    return {
        "text/html": html.panel("info", messages.STREAMING) + html.table(headings, rows),
        "text/plain": f"{messages.STREAMING}\n{text.table(headings, rows)}",
    }
