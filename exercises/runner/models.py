"""Reads MLflow's own store as hostile data: the registry out of its SQLite file, and of each model the text that describes it.

Invariant: nothing is loaded, unpickled or run. The database is read from memory, so it names no other file; only plain tables are
asked, and a view, a trigger, a virtual table, a function or a query without end is refused. Of a model's folder only `MLmodel` is
opened, by a name made here.
"""

import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MB = 1024 * 1024
MOST_BYTES = 16 * MB
MOST_ROWS = 5_000
MOST_TEXT = MB
# What is nested deeper than any signature takes the parser too long.
MOST_DESCRIPTION, MOST_BRACKETS = MB // 16, 1_000
# Steps of SQLite's machine between two looks, and how many looks one question may take.
STEPS, MOST_LOOKS = 1_000, 5_000
MAGIC = b"SQLite format 3\0"
# Bytes 18 and 19 of the header: 2 is a file whose newest pages lie in another one.
WAL = b"\2\2"

MODEL_ID = re.compile(r"models:/(m-[0-9a-f]{32})")
TABLES = {
    "model_versions": ("name", "version", "run_id", "source"),
    "model_version_tags": ("name", "version", "key", "value"),
    "registered_model_aliases": ("name", "alias", "version"),
    "params": ("run_uuid", "key", "value"),
    "latest_metrics": ("run_uuid", "key", "value", "is_nan"),
    "tags": ("run_uuid", "key", "value"),
}


class Unreadable(ValueError):
    """The store cannot be read; the text says why."""


@dataclass(frozen=True)
class Store:
    """Where MLflow's database is, and the folder in which it keeps models."""

    database: Path
    artifacts: Path


@dataclass(frozen=True)
class Version:
    """One version of a registered model. `inputs` are the columns of its signature; None without one."""

    number: int
    params: dict[str, str]
    metrics: dict[str, float]
    run_tags: dict[str, str]
    tags: dict[str, str]
    inputs: list[str] | None
    example: bool


@dataclass(frozen=True)
class Model:
    """A registered model: its versions, the oldest first, and which version an alias names."""

    name: str
    versions: list[Version] = field(default_factory=list)
    aliases: dict[str, int] = field(default_factory=dict)


def read_model(store: Store, name: str) -> Model | None:
    """Return a registered model, or None if there is none of this name. Raises Unreadable."""
    connection = _open(store.database)
    try:
        rows = {table: list(_rows(connection, table)) for table in TABLES}
    except sqlite3.Error as error:
        raise Unreadable(f"its database is damaged ({type(error).__name__})") from None
    finally:
        connection.close()
    versions = sorted((row for row in rows["model_versions"] if row["name"] == name), key=lambda row: _whole(row["version"]))
    if not versions:
        return None
    aliases = {str(row["alias"]): _whole(row["version"]) for row in rows["registered_model_aliases"] if row["name"] == name}
    return Model(name, [_version(store, rows, one) for one in versions], aliases)


def _version(store: Store, rows: dict[str, list[dict[str, Any]]], one: dict[str, Any]) -> Version:
    number, run = _whole(one["version"]), one["run_id"]

    def pairs(table: str) -> dict[str, Any]:
        of_run = (row for row in rows[table] if run and row["run_uuid"] == run and not row.get("is_nan"))
        return {str(row["key"]): row["value"] for row in of_run}

    tags = {
        str(row["key"]): str(row["value"])
        for row in rows["model_version_tags"]
        if row["name"] == one["name"] and row["version"] == number
    }
    metrics = {key: float(value) for key, value in pairs("latest_metrics").items() if isinstance(value, int | float)}
    texts = [{key: str(value) for key, value in pairs(table).items()} for table in ("params", "tags")]
    return Version(number, texts[0], metrics, texts[1], tags, *_described(store.artifacts, str(one["source"])))


def _described(artifacts: Path, source: str) -> tuple[list[str] | None, bool]:
    """The input columns of a model's signature, and whether an example lies beside it, as its `MLmodel` says."""
    import yaml

    told = MODEL_ID.fullmatch(source)
    paths = sorted(artifacts.glob(f"*/models/{told[1]}/artifacts/MLmodel")) if told else []
    if not paths or paths[0].is_symlink() or not paths[0].is_file() or paths[0].stat().st_size > MOST_DESCRIPTION:
        return None, False
    try:
        text = paths[0].read_text(encoding="utf-8")
        if text.count("[") + text.count("{") > MOST_BRACKETS:
            return None, False
        found = yaml.safe_load(text)
        example = bool((found.get("saved_input_example_info") or {}).get("artifact_path"))
        signature = found.get("signature") or {}
        inputs = [str(one["name"]) for one in json.loads(signature["inputs"])] if "inputs" in signature else None
    except (yaml.YAMLError, OSError, ValueError, RecursionError, KeyError, TypeError, AttributeError):
        return None, False
    return inputs, example


def _open(path: Path) -> sqlite3.Connection:
    if path.is_symlink() or not path.is_file():
        raise Unreadable("it has no database")
    if path.stat().st_size > MOST_BYTES:
        raise Unreadable(f"its database is larger than {MOST_BYTES // MB} MB")
    content = path.read_bytes()
    if not content.startswith(MAGIC) or content[18:20] == WAL:
        raise Unreadable("its database is no SQLite file that is whole by itself")
    connection = sqlite3.connect(":memory:")
    try:
        connection.deserialize(content)
        connection.text_factory = lambda text: text.decode("utf-8", "replace")
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_TEXT)
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        for setting in ("query_only = ON", "trusted_schema = OFF", "cell_size_check = ON"):
            connection.execute(f"PRAGMA {setting}")
        _plain(connection)
    except sqlite3.Error as error:
        connection.close()
        raise Unreadable(f"its database is damaged ({type(error).__name__})") from None
    except Unreadable:
        connection.close()
        raise
    connection.set_authorizer(_allowed)
    return connection


def _plain(connection: sqlite3.Connection) -> None:
    """Raise Unreadable unless every table that is asked is a plain one, with plain columns."""
    kinds = dict(connection.execute("SELECT name, type || ' ' || coalesce(sql, '') FROM sqlite_master LIMIT 5000"))
    for table, columns in TABLES.items():
        if not kinds.get(table, "").startswith("table CREATE TABLE"):
            raise Unreadable(f"its database has no plain table {table}")
        # The last column says whether a column is computed (2, 3) or hidden (1).
        known = {row[1]: row[6] for row in connection.execute(f"PRAGMA table_xinfo({table})")}
        if any(known.get(column) != 0 for column in columns):
            raise Unreadable(f"its table {table} has not the columns that MLflow makes")


def _rows(connection: sqlite3.Connection, table: str) -> Iterator[dict[str, Any]]:
    """Yield a table's rows. Raises Unreadable, sqlite3.Error."""
    looks = iter(range(MOST_LOOKS))
    connection.set_progress_handler(lambda: next(looks, None) is None, STEPS)
    columns = TABLES[table]
    for number, row in enumerate(connection.execute(f"SELECT {', '.join(columns)} FROM {table}")):
        if number == MOST_ROWS:
            raise Unreadable(f"its table {table} has more than {MOST_ROWS} rows")
        yield dict(zip(columns, row, strict=True))


def _allowed(action: int, table: str | None, column: str | None, *_: Any) -> int:
    reads = action == sqlite3.SQLITE_READ and column in TABLES.get(str(table), ())
    return sqlite3.SQLITE_OK if reads or action == sqlite3.SQLITE_SELECT else sqlite3.SQLITE_DENY


def _whole(value: Any) -> int:
    if not isinstance(value, int):
        raise Unreadable("a version has no number")
    return value
