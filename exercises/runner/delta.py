"""Reads Delta tables as hostile data, with the Parquet reader alone: no JVM, and nothing that follows a path of the log's.

Invariant: only files inside the table's folder are opened; a log that has a gap, or names what is not there, is
`Unreadable`, never half-read.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import unquote

MOST_COMMITS = 10_000
MOST_ROWS = 5_000_000
# Files have other names for the columns then than the schema.
MAPPING = "delta.columnMapping.mode"


class Unreadable(ValueError):
    """The folder is no Delta table that can be read; the text says why."""


@dataclass(frozen=True)
class Log:
    """`files` are those of the newest version, `ever` those of all; `resent` is how many files each commit added as new rows."""

    version: int
    columns: dict[str, Any]
    partitions: list[str]
    files: dict[str, dict[str, Any]]
    commits: list[dict[str, Any]]
    ever: dict[str, dict[str, Any]]
    resent: list[int]


def read_log(folder: Path) -> Log:
    """Replay the log from its first commit. Raises Unreadable."""
    numbers = sorted(int(path.stem) for path in (folder / "_delta_log").glob("*.json") if path.stem.isdecimal())
    if not numbers:
        raise Unreadable("its log has no commits")
    # A run begins with nothing, so its tables have all their commits; a log without the first was not written there.
    if numbers != list(range(len(numbers))) or len(numbers) > MOST_COMMITS:
        raise Unreadable("its log does not have every commit from the first on")
    files: dict[str, dict[str, Any]] = {}
    ever: dict[str, dict[str, Any]] = {}
    metadata: Any = {}
    commits, resent = [], []
    for number in numbers:
        note: dict[str, Any] = {"version": number}
        new = 0
        for action in _actions(folder / "_delta_log" / f"{number:020d}.json"):
            if add := action.get("add"):
                files[_key(add)] = ever[_key(add)] = add
                new += add.get("dataChange") is not False
            if remove := action.get("remove"):
                files.pop(_key(remove), None)
            metadata = action.get("metaData", metadata)
            if isinstance(info := action.get("commitInfo"), dict):
                note |= info
        commits.append(note)
        resent.append(new)
    if isinstance(metadata, dict) and str((metadata.get("configuration") or {}).get(MAPPING, "none")) != "none":
        raise Unreadable("it uses column mapping, which the checks do not read")
    try:
        columns = {one["name"]: one["type"] for one in json.loads(metadata["schemaString"])["fields"]}
        return Log(numbers[-1], columns, list(metadata.get("partitionColumns", [])), files, commits, ever, resent)
    except (KeyError, TypeError, ValueError, RecursionError):
        raise Unreadable("its log has no schema") from None


def read_files(folder: Path, log: Log, kind: type[dict] = dict) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Yield each file of the newest version, as the log has it, with its rows, which are of this kind. Raises Unreadable."""
    import pyarrow
    import pyarrow.parquet as parquet

    count = 0
    for add in log.files.values():
        if add.get("deletionVector"):
            raise Unreadable("it has deletion vectors, which the checks do not read")
        if not is_there(folder, add):
            raise Unreadable(f"the file {add['path'][:80]!r} is not there")
        try:
            file = parquet.ParquetFile(folder / unquote(add["path"]))
            count += file.metadata.num_rows
            if count > MOST_ROWS:
                raise Unreadable(f"it has more than {MOST_ROWS} rows")
            found = file.read().to_pylist()
        except (pyarrow.ArrowException, OSError, MemoryError) as error:
            raise Unreadable(f"a file of it is damaged ({type(error).__name__})") from None
        values = add.get("partitionValues") or {}
        fixed = {name: typed(values.get(name), log.columns.get(name)) for name in log.partitions}
        yield add, [kind({**{name: row.get(name) for name in log.columns}, **fixed}) for row in found]


def is_there(folder: Path, add: dict[str, Any]) -> bool:
    """Whether a file that the log names lies inside the table's folder."""
    path = folder / unquote(add["path"])
    return folder.resolve() in path.resolve().parents and path.is_file()


def typed(text: str | None, kind: Any) -> Any:
    """A partition's value as the column's type has it; the log keeps texts. Raises Unreadable."""
    if text is None or kind == "string":
        return text
    try:
        if kind in ("integer", "long", "short", "byte"):
            return int(text)
        if kind in ("double", "float"):
            return float(text)
        if kind == "boolean":
            return text == "true"
        if kind == "date":
            return date.fromisoformat(text)
        if kind == "timestamp":
            return datetime.fromisoformat(text)
        if str(kind).startswith("decimal"):
            return Decimal(text)
    except (ValueError, ArithmeticError):
        raise Unreadable(f"a partition's value {text[:40]!r} is no {kind}") from None
    return text


def _actions(path: Path) -> list[dict[str, Any]]:
    damaged = f"its commit {path.name} is damaged"
    try:
        found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (ValueError, OSError, RecursionError):
        raise Unreadable(damaged) from None
    if not all(isinstance(action, dict) for action in found):
        raise Unreadable(damaged)
    return found


def _key(file: Any) -> str:
    if not isinstance(file, dict) or not isinstance(file.get("path"), str):
        raise Unreadable("a commit names no file")
    return file["path"]
