"""%sql and %%sql: statements in, a DataFrame out.

Invariant: every statement of a cell runs, in order, until one fails, and that failure is the cell's; a
semicolon in a text, a name or a comment separates nothing.
"""

import argparse
import re
import shlex
from collections.abc import Callable, Mapping
from typing import Any

from lab_kernel import display, messages, sql_parameters
from lab_kernel.sql_text import first_line, split

# A long option is told from a comment by its name.
_OPTION = re.compile(r"(-[^-\s]\S*|--(?:output|rows|limit)(?![^\s=])\S*)\s*")


class SqlUsageError(ValueError):
    """The magic's line cannot be understood."""


def run(spark: Any, statements: list[str], variables: Mapping[str, Any]) -> Any:
    """Runs statements with these variables as parameters and returns the last one's DataFrame.

    A failure names its statement.
    """
    frame = None
    for number, statement in enumerate(statements, start=1):
        try:
            frame = sql_parameters.execute(spark, statement, variables)
        except Exception as error:
            if len(statements) > 1:
                note = messages.SQL_WHICH.format(number=number, total=len(statements), statement=first_line(statement))
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
        """Run SQL: %%sql [-o NAME] [-n ROWS] [-l ROWS] and statements below, or %sql STATEMENT.

        -o NAME keeps the last result as a DataFrame of that name; -n ROWS shows that many rows;
        -l ROWS (or --limit ROWS) takes no more than that many rows of the last result, kept or shown.
        :name in a statement is the value of the notebook's variable of that name.
        """
        options, text = parse(line, cell)
        statements = split(text)
        if not statements:
            raise SqlUsageError(messages.SQL_EMPTY)
        spark = self._spark()
        self._before(spark)
        try:
            frame = run(spark, statements, self._shell.user_ns)
        finally:
            self._after(spark)
        if options.limit and frame.columns:
            frame = frame.limit(options.limit)
        if options.output:
            self._shell.user_ns[options.output] = frame
        if not frame.columns:
            print(messages.SQL_DONE.format(statement=first_line(statements[-1])))
            return None
        setattr(frame, display.ROWS_ATTRIBUTE, options.rows or self._rows)
        return frame


def parse(line: str, cell: str | None) -> tuple[argparse.Namespace, str]:
    """Returns the options and the SQL text of a magic's line and cell. Raises SqlUsageError."""
    parser = argparse.ArgumentParser(prog="%%sql", add_help=False, exit_on_error=False)
    parser.add_argument("-o", "--output")
    parser.add_argument("-n", "--rows", type=_count)
    parser.add_argument("-l", "--limit", type=_count)
    words, rest = [], line.lstrip()
    # Options come first; what follows is SQL and must not be split like a shell's line.
    while (option := _OPTION.match(rest)) is not None:
        value, rest = "", rest[option.end() :]
        if "=" not in option[1]:
            value, rest = (*rest.split(maxsplit=1), "", "")[:2]
        words += [option[1], value] if value else [option[1]]
    try:
        options = parser.parse_args(shlex.split(" ".join(words)))
    except (argparse.ArgumentError, argparse.ArgumentTypeError, ValueError) as error:
        raise SqlUsageError(f"%%sql: {error}") from None
    except SystemExit:
        raise SqlUsageError(f"%%sql: {' '.join(words)}") from None
    if options.output and not options.output.isidentifier():
        raise SqlUsageError(messages.SQL_BAD_NAME.format(name=options.output))
    return options, f"{rest}\n{cell}" if cell is not None else rest


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError(messages.SQL_BAD_COUNT.format(found=text))
    return count
