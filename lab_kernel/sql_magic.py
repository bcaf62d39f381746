"""%sql and %%sql: statements in, a DataFrame out.

Invariant: every statement of a cell runs, in order, until one fails, and that failure is the cell's; a
semicolon in a text, a name or a comment separates nothing.
"""

import argparse
import shlex
from collections.abc import Callable
from typing import Any

from lab_kernel import display, messages

_QUOTES = "'\"`"


class SqlUsageError(ValueError):
    """The magic's line cannot be understood."""


def split(text: str) -> list[str]:
    """Returns the statements of a text, without the semicolons between them and without empty ones."""
    statements, start, i, meaningful = [], 0, 0, False
    while i < len(text):
        char, pair = text[i], text[i : i + 2]
        if pair == "--":
            i = _until(text, "\n", i)
        elif pair == "/*":
            i = _until(text, "*/", i + 2)
        elif char in _QUOTES:
            meaningful, i = True, _quoted(text, i)
        elif char == ";":
            if meaningful:
                statements.append(text[start:i].strip())
            start, i, meaningful = i + 1, i + 1, False
        else:
            meaningful |= not char.isspace()
            i += 1
    if meaningful:
        statements.append(text[start:].strip())
    return statements


def run(spark: Any, statements: list[str]) -> Any:
    """Runs statements and returns the last one's DataFrame. A failure names its statement."""
    frame = None
    for number, statement in enumerate(statements, start=1):
        try:
            frame = spark.sql(statement)
        except Exception as error:
            if len(statements) > 1:
                note = messages.SQL_WHICH.format(
                    number=number, total=len(statements), statement=_first_line(statement)
                )
                error.add_note(note)
            raise
    return frame


class SqlMagic:
    """The function behind both magics. `before` and `after` run around the statements."""

    def __init__(
        self,
        shell: Any,
        spark: Callable[[], Any],
        rows: int,
        before: Callable[[Any], None] = lambda spark: None,
        after: Callable[[Any], None] = lambda spark: None,
    ) -> None:
        self._shell, self._spark, self._rows = shell, spark, rows
        self._before, self._after = before, after

    def register(self) -> None:
        self._shell.register_magic_function(self.sql, magic_kind="line_cell", magic_name="sql")

    def sql(self, line: str, cell: str | None = None) -> Any:
        """Run SQL: %%sql [-o NAME] [-n ROWS] and statements below, or %sql STATEMENT.

        -o NAME keeps the last result as a DataFrame of that name; -n ROWS shows that many rows.
        """
        options, text = parse(line, cell)
        statements = split(text)
        if not statements:
            raise SqlUsageError(messages.SQL_EMPTY)
        spark = self._spark()
        self._before(spark)
        try:
            frame = run(spark, statements)
        finally:
            self._after(spark)
        if options.output:
            self._shell.user_ns[options.output] = frame
        if not frame.columns:
            print(messages.SQL_DONE.format(statement=_first_line(statements[-1])))
            return None
        setattr(frame, display.ROWS_ATTRIBUTE, options.rows or self._rows)
        return frame


def parse(line: str, cell: str | None) -> tuple[argparse.Namespace, str]:
    """Returns the options and the SQL text of a magic's line and cell. Raises SqlUsageError."""
    parser = argparse.ArgumentParser(prog="%%sql", add_help=False, exit_on_error=False)
    parser.add_argument("-o", "--output")
    parser.add_argument("-n", "--rows", type=int)
    words, rest = [], line.lstrip()
    # Options come first; what follows is SQL and must not be split like a shell's line.
    while rest.startswith("-") and not rest.startswith("--"):
        parts = rest.split(maxsplit=2)
        words += parts[:2]
        rest = parts[2] if len(parts) > 2 else ""
    try:
        options = parser.parse_args(shlex.split(" ".join(words)))
    except (argparse.ArgumentError, argparse.ArgumentTypeError, ValueError) as error:
        raise SqlUsageError(f"%%sql: {error}") from None
    except SystemExit:
        raise SqlUsageError(f"%%sql: {' '.join(words)}") from None
    if options.output and not options.output.isidentifier():
        raise SqlUsageError(messages.SQL_BAD_NAME.format(name=options.output))
    return options, f"{rest}\n{cell}" if cell is not None else rest


def _until(text: str, end: str, start: int) -> int:
    found = text.find(end, start)
    return len(text) if found < 0 else found + len(end)


def _quoted(text: str, start: int) -> int:
    quote, i = text[start], start + 1
    while i < len(text):
        if text[i] == "\\" and quote != "`":
            i += 2
        elif text[i] == quote:
            return i + 1
        else:
            i += 1
    return len(text)


def _first_line(statement: str, width: int = 80) -> str:
    line = " ".join(statement.split())
    return line if len(line) <= width else line[: width - 1] + "…"
