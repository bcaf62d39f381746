"""Makes the lakehouse's Delta tables known to SQL as bronze.x, silver.x, gold.x.

Invariant: after `refresh` every Delta table under the root has its name in the session, except those
that the student dropped and has not written since; nothing here deletes data.
"""

from typing import TYPE_CHECKING, Any

from lab_kernel.lakehouse.layout import LAYERS

if TYPE_CHECKING:
    from lab_kernel.lakehouse.lakehouse import Lakehouse


class Catalog:
    """The names of one session."""

    def __init__(self, lakehouse: "Lakehouse") -> None:
        self._lakehouse = lakehouse
        self._session: Any = None
        # Table -> newest commit when we last saw it registered; kept to tell "dropped" from "new".
        self._known: dict[tuple[str, str], str | None] = {}
        self._dropped: dict[tuple[str, str], str | None] = {}

    def prepare(self, spark: Any) -> None:
        """Makes the three databases and registers what is there already."""
        self._session = spark
        self._known, self._dropped = {}, {}
        for layer in LAYERS:
            location = self._lakehouse.area(layer)
            spark.sql(f"CREATE DATABASE IF NOT EXISTS {layer} LOCATION {_literal(location)}")
        # Called while Spark starts: a storage that waited for the start would wait for itself.
        with self._lakehouse.storage.through(spark):
            self.refresh(spark)

    def refresh(self, spark: Any) -> list[str]:
        """Registers new tables and forgets vanished ones; returns tables newly seen as dropped."""
        if spark is not self._session:
            self.prepare(spark)
            return []
        there = set(self._lakehouse.delta_tables())
        unseen = there - self._known.keys()
        if not unseen and there == self._known.keys():
            return self._note_drops(spark)
        dropped = self._note_drops(spark)
        for layer, name in sorted(self._known.keys() - there):
            self.forget(layer, name)
        for layer, name in sorted(there - self._known.keys()):
            newest = self._lakehouse.version_file(layer, name)
            if self._dropped.get((layer, name), "") == newest:
                continue
            location = f"{self._lakehouse.area(layer)}/{name}"
            spark.sql(
                f"CREATE TABLE IF NOT EXISTS {layer}.`{name}` USING DELTA "
                f"LOCATION {_literal(location)}"
            )
            self._dropped.pop((layer, name), None)
            self._known[layer, name] = newest
        return dropped

    def _note_drops(self, spark: Any) -> list[str]:
        """Finds names that we registered and the session no longer has, though the files are there."""
        if not self._known:
            return []
        manager = spark._jsparkSession.sessionState().catalog()
        have = set()
        for layer in {layer for layer, _ in self._known}:
            listed = manager.listTables(layer)
            have |= {(layer, listed.apply(i).table()) for i in range(listed.size())}
        gone = []
        for layer, name in sorted(self._known.keys() - have):
            if (layer, name.lower()) in have:
                continue
            del self._known[layer, name]
            newest = self._lakehouse.version_file(layer, name)
            if newest is not None:
                self._dropped[layer, name] = newest
                gone.append(f"{layer}.{name}")
        return gone

    def forget(self, layer: str, name: str) -> None:
        """Takes a name out of SQL; the files of a table that Spark manages go with it."""
        self._known.pop((layer, name), None)
        self._dropped.pop((layer, name), None)
        spark = self._usable()
        if spark is not None:
            manager = spark._jsparkSession.sessionState().catalog()
            jvm = spark.sparkContext._jvm
            identifier = jvm.org.apache.spark.sql.catalyst.TableIdentifier(
                name.lower(), jvm.scala.Option.apply(layer)
            )
            if manager.tableExists(identifier):
                manager.dropTable(identifier, True, False)

    def forget_files(self, location: str) -> None:
        """Drops Delta's cached state of a location, so that a new table there starts at version 0."""
        spark = self._usable()
        if spark is not None:
            jvm = spark.sparkContext._jvm
            path = jvm.org.apache.hadoop.fs.Path(location)
            jvm.org.apache.spark.sql.delta.DeltaLog.invalidateCache(spark._jsparkSession, path)

    def stop_streams(self, checkpoint: str) -> list[str]:
        """Stops the running streams whose checkpoint lies in this location; returns their names."""
        spark = self._usable()
        if spark is None:
            return []
        stopped = []
        for query in spark.streams.active:
            if checkpoint in _checkpoint_of(query):
                query.stop()
                stopped.append(query.name or str(query.id))
        return stopped

    def _usable(self) -> Any:
        spark = self._session
        if spark is None or spark.sparkContext._jsc is None:
            return None
        gateway = spark.sparkContext._gateway
        return spark if gateway.proc is None or gateway.proc.poll() is None else None


def _checkpoint_of(query: Any) -> str:
    """The folder of a query's checkpoint with a slash at its end; pyspark has no public name for it."""
    return str(query._jsq.streamingQuery().resolvedCheckpointRoot()) + "/"


def _literal(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
