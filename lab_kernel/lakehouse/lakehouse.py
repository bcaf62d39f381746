"""The object that lessons call `lakehouse`.

Invariant: see the package. Spark is asked for (and waited for) only where a table has to be read.
"""

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from lab_kernel import messages
from lab_kernel.lakehouse import layout
from lab_kernel.lakehouse.catalog import Catalog
from lab_kernel.lakehouse.layout import LAYERS
from lab_kernel.lakehouse.storage import HadoopStorage, LocalStorage, Storage
from lab_kernel.lakehouse.tables import Table, TableList

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


class LakehouseError(ValueError):
    """A name or file that the lakehouse cannot take; the message says what it can."""


class Lakehouse:
    """Locations of one student's data under one root, local or remote.

    `spark` returns the session and may wait for it; `topic_forgetter` removes a Kafka topic by name
    and returns whether there was one.
    """

    def __init__(
        self,
        root: str,
        spark: Callable[[], Any],
        topic_forgetter: Callable[[str], bool] | None = None,
    ) -> None:
        self.root = root
        self.local = root.startswith("/")
        self.storage: Storage = LocalStorage() if self.local else HadoopStorage(spark)
        self._spark = spark
        self._forget_topic = topic_forgetter
        self.catalog = Catalog(self)

    def __repr__(self) -> str:
        return f"Lakehouse({self.root})"

    # --- locations ------------------------------------------------------------------------------

    def area(self, part: str) -> str:
        """Where all of a part lies: "bronze", "silver", "gold", "landing" or "checkpoints"."""
        return layout.area(self.root, part)

    def landing(self, name: str) -> str:
        """Where files of this name arrive, as they are received."""
        return self._location(layout.LANDING, name)

    def bronze(self, name: str) -> str:
        """Where the bronze table lies: raw, as received."""
        return self._location("bronze", name)

    def silver(self, name: str) -> str:
        """Where the silver table lies: typed, cleaned, de-duplicated."""
        return self._location("silver", name)

    def gold(self, name: str) -> str:
        """Where the gold table lies: ready to be read by people."""
        return self._location("gold", name)

    def checkpoint(self, name: str, query: str | None = None) -> str:
        """Where a stream keeps what it has done. Several streams of one name need a `query` each."""
        location = self._location(layout.CHECKPOINTS, name)
        return location if query is None else f"{location}/{self._checked(query)}"

    # --- files ----------------------------------------------------------------------------------

    def land(self, name: str, files: str | Path | Iterable[str | Path]) -> list[str]:
        """Copies local files into the landing zone; returns their locations there, in order.

        Raises LakehouseError if there is none, one is missing, or two have the same name.
        """
        paths = [Path(files)] if isinstance(files, (str, Path)) else [Path(file) for file in files]
        target = self.landing(name)
        if not paths:
            raise LakehouseError(messages.NO_FILES.format(name=name))
        seen: set[str] = set()
        for path in paths:
            if not path.is_file():
                raise LakehouseError(messages.FILE_MISSING.format(path=path))
            if path.name in seen:
                raise LakehouseError(messages.SAME_FILE_NAME.format(name=path.name))
            seen.add(path.name)
        landed = []
        for path in paths:
            location = f"{target}/{path.name}"
            self.storage.copy_in(path, location)
            landed.append(location)
        return landed

    def exists(self, location: str) -> bool:
        """True if there is anything at the location: a table, a folder with files, or a file."""
        return self.storage.exists(location)

    def delta_tables(self) -> list[tuple[str, str]]:
        """Returns (layer, name) of every Delta table under the root."""
        found = []
        for layer in LAYERS:
            for name in self.storage.folders(self.area(layer)):
                if _NAME.fullmatch(name) and self.version_file(layer, name):
                    found.append((layer, name))
        return found

    def version_file(self, layer: str, name: str) -> str | None:
        """The newest commit file of a table's log, or None if there is no Delta table."""
        files = self.storage.files(f"{self.area(layer)}/{name}/_delta_log")
        commits = [file for file in files if file.endswith((".json", ".parquet"))]
        return commits[-1] if commits else None

    # --- tables ---------------------------------------------------------------------------------

    def tables(self) -> TableList:
        """Every table with its rows, version and bytes; makes all of them known to SQL."""
        spark = self._spark()
        self.catalog.refresh(spark)
        return TableList(
            self.root,
            [
                Table.read(spark, layer, name, self._location(layer, name))
                for layer, name in self.delta_tables()
            ],
        )

    def reset(self, *names: str) -> None:
        """Removes all that belongs to each name: landing files, tables, checkpoints, Kafka topic.

        Together, because a checkpoint that outlives its topic or its table makes the next run skip
        or lose rows. A stream that still uses one of the checkpoints is stopped first.
        """
        for name in names:
            self._reset(self._checked(name))

    def _reset(self, name: str) -> None:
        for stream in self.catalog.stop_streams(self.checkpoint(name)):
            print(messages.RESET_STREAM.format(name=name, stream=stream))
        removed = []
        if self.storage.remove(self.landing(name)):
            removed.append(messages.PART_LANDING)
        for layer in LAYERS:
            location = self._location(layer, name)
            if self.storage.exists(location):
                removed.append(messages.PART_TABLE.format(layer=layer))
            # Dropping a table that Spark manages removes its files; of others only the name.
            self.catalog.forget(layer, name)
            self.storage.remove(location)
            self.catalog.forget_files(location)
        if self.storage.remove(self.checkpoint(name)):
            removed.append(messages.PART_CHECKPOINT)
        if self._forget_topic is not None:
            try:
                if self._forget_topic(name):
                    removed.append(messages.PART_TOPIC)
            except Exception as error:  # the files are gone already: say it, do not stop here
                reason = str(error).splitlines()[0] if str(error) else type(error).__name__
                print(messages.RESET_TOPIC_LATER.format(name=name, reason=reason))
        if removed:
            print(messages.RESET_REMOVED.format(name=name, parts=", ".join(removed)))
        else:
            print(messages.RESET_NOTHING.format(name=name))

    def _location(self, area: str, name: str) -> str:
        return f"{self.area(area)}/{self._checked(name)}"

    def _checked(self, name: str) -> str:
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise LakehouseError(messages.BAD_NAME.format(name=name))
        return name
