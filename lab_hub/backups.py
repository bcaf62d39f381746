"""Copies of the files that a class cannot make anew: who has an account, and what was submitted and graded.

Invariant: a copy is taken with SQLite's own online backup, found whole, synced and renamed before it counts, so a file in the
folder of copies with a copy's name is one that can be restored; a damaged database is never copied, and never pushes a copy out. A
file that is restored over is kept beside it.
"""

import os
import re
import sqlite3
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from lab_hub import backup_messages as messages

# Beside the newest ones, the last copy of each of so many days.
DAYS = 14
# What writes holds the lock for milliseconds; whoever holds it longer than this is asked again at the next round.
_LOCK_SECONDS = 20
_STAMP = "%Y%m%d-%H%M%S"
_COPY = re.compile(r"(?P<name>hub|exercises)-(?P<day>\d{8})-\d{6}\.sqlite")
# What SQLite keeps beside a database; it belongs to the file that goes.
_BESIDE = ("-journal", "-wal", "-shm")


class BackupError(Exception):
    """Nothing was copied or restored; the message says why, and what to do."""


@dataclass(frozen=True)
class Database:
    """One file, by the name that its copies carry."""

    name: str
    path: Path


def damage(path: Path) -> str | None:
    """Return what SQLite finds wrong with a file, None if nothing. A file that is locked, or not there, is not damaged."""
    if not path.exists():
        return None
    try:
        with closing(_opened(path)) as database:
            said = [row[0] for row in database.execute("PRAGMA quick_check(3)")]
    except sqlite3.OperationalError as error:
        # A lock, or a disk that cannot be read: neither is mended by a copy.
        return str(error) if "malformed" in str(error) else None
    except sqlite3.DatabaseError as error:
        return str(error)
    return None if said == ["ok"] else "; ".join(said).replace("\n", " ")


def copy(database: Database, folder: Path, now: datetime | None = None) -> Path:
    """Take a copy and return it. Raises BackupError."""
    stamp = (now or datetime.now(UTC)).strftime(_STAMP)
    made = folder / f"{database.name}-{stamp}.sqlite"
    partial = folder / f".{made.name}.part"
    try:
        partial.unlink(missing_ok=True)
        with closing(_opened(database.path)) as source, closing(sqlite3.connect(partial)) as target:
            source.backup(target, progress=_until(time.monotonic() + _LOCK_SECONDS))
        partial.chmod(0o600)
        wrong = damage(partial)
        if wrong is not None:
            raise sqlite3.DatabaseError(wrong)
        _sync(partial)
        partial.rename(made)
        _sync(folder)
    except (sqlite3.Error, OSError) as error:
        partial.unlink(missing_ok=True)
        raise BackupError(messages.NOT_COPIED.format(name=database.name, reason=error)) from None
    return made


def copies(folder: Path, name: str = "") -> list[Path]:
    """Return the copies in a folder, the oldest first; of one database, if it is named."""
    found = ((path, _COPY.fullmatch(path.name)) for path in folder.iterdir())
    return sorted(path for path, match in found if match and name in ("", match["name"]))


def thin(folder: Path, name: str, newest: int) -> None:
    """Remove copies, except the newest ones and the last of each of the last days."""
    there = copies(folder, name)
    last_of_day = {path.name[: -len("-000000.sqlite")]: path for path in there}
    stay = {*there[-newest:], *list(last_of_day.values())[-DAYS:]}
    for path in there:
        if path not in stay:
            path.unlink()


def restore(
    databases: Iterable[Database], copy_name: str, folder: Path, now: datetime | None = None
) -> tuple[Database, Path | None]:
    """Put a copy where its database was; return that, and where the file is now that was there. Raises BackupError.

    Nothing may write the database meanwhile.
    """
    match = _COPY.fullmatch(copy_name)
    database = next((one for one in databases if match and one.name == match["name"]), None)
    if database is None or not (folder / copy_name).is_file():
        there = ", ".join(path.name for path in copies(folder)) or messages.NONE
        raise BackupError(messages.NO_COPY.format(copy=copy_name, there=there))
    wrong = damage(folder / copy_name)
    if wrong is not None:
        raise BackupError(messages.COPY_DAMAGED.format(copy=copy_name, reason=wrong))
    path, aside = database.path, None
    partial = path.with_name(f".{path.name}.restored")
    try:
        partial.write_bytes((folder / copy_name).read_bytes())
        _sync(partial)
        if path.exists():
            aside = path.with_name(f"{path.name}.before-{(now or datetime.now(UTC)).strftime(_STAMP)}")
            os.link(path, aside)
            for ending in _BESIDE:
                beside = path.with_name(path.name + ending)
                if beside.exists():
                    beside.rename(aside.with_name(aside.name + ending))
        partial.replace(path)
        _sync(path.parent)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise BackupError(messages.NOT_RESTORED.format(copy=copy_name, reason=error)) from None
    return database, aside


def refuse_damaged(path: Path) -> None:
    """End this process with what is wrong and the way back, if the file is damaged."""
    wrong = damage(path)
    if wrong is not None:
        raise SystemExit(messages.HUB_REFUSES.format(path=path, reason=wrong))


def _until(deadline: float) -> Callable[[int, int, int], None]:
    """Python's backup asks a locked database again for ever; it calls this each time."""

    def progress(status: int, remaining: int, total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > deadline:
            raise sqlite3.OperationalError("database is locked")

    return progress


def _opened(path: Path) -> sqlite3.Connection:
    # rw: a file that is not there is not made.
    return sqlite3.connect(f"file:{path}?mode=rw", uri=True, timeout=_LOCK_SECONDS)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
