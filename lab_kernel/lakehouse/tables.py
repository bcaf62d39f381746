"""What `lakehouse.tables()` shows.

Invariant: one unreadable table is a row that says so, never the end of the list.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lab_kernel import memory, messages
from lab_kernel.html import table as html_table
from lab_kernel.text import table as text_table

HEADINGS = ("layer", "table", "rows", "version", "size")


@dataclass(frozen=True)
class Table:
    """One Delta table now. `rows`, `version`, `bytes` are None if it cannot be read (`problem`)."""

    layer: str
    name: str
    location: str
    rows: int | None = None
    version: int | None = None
    bytes: int | None = None
    problem: str | None = None

    @classmethod
    def read(cls, spark: Any, layer: str, name: str, location: str) -> "Table":
        try:
            # Counts and sizes come from the table's log; no data file is opened.
            log = spark.sparkContext._jvm.org.apache.spark.sql.delta.DeltaLog.forTable(
                spark._jsparkSession, location
            )
            snapshot = log.unsafeVolatileSnapshot()
            version, size = snapshot.version(), snapshot.sizeInBytes()
            rows = spark.read.format("delta").load(location).count()
            return cls(layer, name, location, rows, version, size)
        except Exception as error:
            reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
            return cls(layer, name, location, problem=messages.TABLE_BROKEN.format(reason=reason))

    def cells(self) -> tuple[str, ...]:
        if self.problem:
            return (self.layer, self.name, self.problem, "", "")
        size = memory.human(self.bytes) if self.bytes >= 1 << 20 else f"{self.bytes:,} bytes"
        return (self.layer, self.name, f"{self.rows:,}", str(self.version), size)


class TableList:
    """A list of tables that shows itself as one."""

    def __init__(self, root: str, tables: list[Table]) -> None:
        self.root, self.rows = root, tables

    def __iter__(self) -> Iterator[Table]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, key: int | str) -> Table:
        """By position, or by name such as "silver.sales"."""
        if isinstance(key, int):
            return self.rows[key]
        for table in self.rows:
            if f"{table.layer}.{table.name}" == key:
                return table
        raise KeyError(key)

    def __repr__(self) -> str:
        if not self.rows:
            return messages.TABLES_EMPTY.format(root=self.root)
        return text_table(HEADINGS, [table.cells() for table in self.rows], right={2, 3, 4})

    def _repr_html_(self) -> str:
        caption = messages.TABLES_CAPTION if self.rows else messages.TABLES_EMPTY
        rows = [table.cells() for table in self.rows]
        return html_table(
            HEADINGS if rows else (), rows, caption=caption.format(root=self.root), right={2, 3, 4}
        )
