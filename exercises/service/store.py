"""Everything received, under its sha256.

Invariant: a name in the store has its whole content, on the disk, or does not exist: content goes to a temporary
name, is synced and renamed, and the folder is synced, before `put` returns. What is read is checked against its name.
"""

import errno
import hashlib
import os
import re
import tempfile
from pathlib import Path

_SHA = re.compile(r"[0-9a-f]{64}")

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
        self._incoming = root / "incoming"
        self._incoming.mkdir(parents=True, exist_ok=True)

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
            data = path.read_bytes()
        except OSError as error:
            raise StoreError(f"{path}: {error.strerror}") from None
        if sha256(data) != sha:
            raise StoreError(DAMAGED.format(path=path))
        return data

    def _path(self, sha: str) -> Path:
        if not _SHA.fullmatch(sha):
            raise StoreError(NO_SHA.format(sha=sha))
        return self.root / sha[:2] / sha


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
