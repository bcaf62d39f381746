"""Everything received, under its sha256.

Invariant: a name in the store has its whole content, on the disk, or does not exist: content goes to a temporary
name, is synced and renamed, and the folder is synced, before `put` returns. What is read is checked against its name.
What was set aside is still found, and comes back when it is asked for; each step of that is one rename.
"""

import errno
import fcntl
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_SHA = re.compile(r"[0-9a-f]{64}")
LOCK = "lock"

# How SQLite and PostgreSQL say it.
FULL = ("database or disk is full", "No space left on device")

DAMAGED = "{path} does not have the content that its name promises; restore it from a backup."
NO_SHA = "{sha!r} is not a sha256."


class StoreError(RuntimeError):
    """The store lost or never had something; nothing that a student did."""


def full(error: Exception) -> bool:
    """Whether the error says that a disk has no space left, of files or of a database, whichever it is."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return any(words in str(error) for words in FULL)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Store:
    """Content by its sha256 in a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        # Beside the content, because a rename is one step only within a file system.
        self._incoming, self._aside = root / "incoming", root / "aside"
        for folder in (self._incoming, self._aside):
            folder.mkdir(parents=True, exist_ok=True)

    def put(self, data: bytes) -> str:
        """Keep the content; return its sha256. It is on the disk when this returns."""
        sha = sha256(data)
        path = self._path(sha)
        if path.exists():
            return sha
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=self._incoming)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        for folder in (path.parent, path.parent.parent):
            _sync(folder)
        return sha

    def get(self, sha: str) -> bytes:
        """Return the content. Raises StoreError."""
        path = self._path(sha)
        try:
            data = self._read(path)
        except OSError as error:
            raise StoreError(f"{path}: {error.strerror}") from None
        if sha256(data) != sha:
            raise StoreError(DAMAGED.format(path=path))
        return data

    # --- for the sweep ---------------------------------------------------------------------------------------------------------

    def names(self) -> dict[str, float]:
        """The names in the store, and when each came, or came back."""
        return {sha: at for folder in self.root.iterdir() if len(folder.name) == 2 for sha, at in _files(folder)}

    def aside(self) -> dict[str, float]:
        """The names that were set aside, and when each was."""
        return dict(_files(self._aside))

    def set_aside(self, sha: str, now: float) -> None:
        """Take the content out of the way; `get` still finds it."""
        path = self._path(sha)
        # First its time: whoever ends in between leaves it where it was.
        os.utime(path, (now, now))
        os.replace(path, self._aside / sha)

    def bring_back(self, sha: str) -> None:
        """Undo that, if it was done."""
        path = self._path(sha)
        with suppress(FileNotFoundError):
            path.parent.mkdir(exist_ok=True)
            os.replace(self._aside / sha, path)

    def remove(self, sha: str) -> int:
        """Remove for good what was set aside; return its size, 0 if it was brought back meanwhile."""
        path, size = self._aside / sha, 0
        with suppress(FileNotFoundError):
            size = path.stat().st_size
            path.unlink()
        return size

    def clear(self, before: float) -> None:
        """Remove what somebody who was killed had begun to put before that time."""
        for path in self._incoming.iterdir():
            with suppress(FileNotFoundError):
                if path.name != LOCK and path.stat().st_mtime < before:
                    path.unlink()

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Whether nobody else sweeps or copies the store meanwhile; `make backup` holds the same lock."""
        with open(self._incoming / LOCK, "a", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True

    def _read(self, path: Path) -> bytes:
        with suppress(FileNotFoundError):
            return path.read_bytes()
        self.bring_back(path.name)
        return path.read_bytes()

    def _path(self, sha: str) -> Path:
        if not _SHA.fullmatch(sha):
            raise StoreError(NO_SHA.format(sha=sha))
        return self.root / sha[:2] / sha


def _files(folder: Path) -> Iterator[tuple[str, float]]:
    for entry in os.scandir(folder):
        # What is gone by now is no matter.
        with suppress(FileNotFoundError):
            if _SHA.fullmatch(entry.name):
                yield entry.name, entry.stat().st_mtime


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
