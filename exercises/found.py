"""What a check finds of a run: a table's rows, files and log, and a stream's checkpoint.

Invariant: what is read is kept, because every check of a run may ask again; what cannot be read fails the check with a sentence
that a student may read. Nothing is imported before a table is read.
"""

from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote

UNREADABLE = "{table} cannot be read: {reason}."
NO_COLUMN = "{table} has no column {column}; it has {columns}."
WRONG_TYPE = "{table}: the column {column} should be {wanted}, and is {found}."
BAD_STREAM = "The streaming checkpoint {name} cannot be read: {reason}."


class CheckFailed(AssertionError):
    """What was found is not what was expected; the text goes to the student."""


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
    def files(self) -> list[Any]:
        """The data files of the newest version: `.name`, `.size`, `.rows`, and `.may_hold(column, value)`, whether who asks
        for it has to open the file, by the log's statistics. Raises CheckFailed when they cannot be read.
        """
        from exercises.runner.delta import Unreadable, read_files
        from exercises.runner.files import DataFile

        try:
            found = list(read_files(self._folder, self._log, self._row))
        except Unreadable as error:
            raise CheckFailed(UNREADABLE.format(table=self.name, reason=error)) from None
        return [DataFile(add["path"], (self._folder / unquote(add["path"])).stat().st_size, rows, add) for add, rows in found]

    @cached_property
    def _row(self) -> type[dict]:
        """A row of this table: who asks it for a column that is not there is told so, and not that a key is missing."""
        table = self

        class Row(dict):
            __slots__ = ()

            def __missing__(self, column: Any) -> Any:
                raise table._without(column)

        return Row

    def _without(self, column: Any) -> CheckFailed:
        return CheckFailed(NO_COLUMN.format(table=self.name, column=column, columns=", ".join(self.columns) or "none"))

    @cached_property
    def _rows(self) -> list[dict[str, Any]]:
        return [row for file in self.files for row in file.rows]

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

    @property
    def replaced(self) -> list[str]:
        """The data files that an earlier version has and the newest has not."""
        return [name for name in self._log.ever if name not in self._log.files]

    @property
    def gone(self) -> list[str]:
        """Of all data files that any version has, those that are not there any more: these versions cannot be read."""
        from exercises.runner.delta import is_there

        return [name for name, add in self._log.ever.items() if not is_there(self._folder, add)]

    @property
    def resent(self) -> list[int]:
        """For each commit how many files it added as new rows: what a stream that reads the table is sent."""
        return list(self._log.resent)

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
            raise self._without(column)
        return [row[column] for row in self._rows]

    def must_have(self, **types: str) -> None:
        """Raise CheckFailed unless the table has these columns with these types; a type may be several, divided by "|"."""
        known = self.types
        for column, wanted in types.items():
            if column not in known:
                raise self._without(column)
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
