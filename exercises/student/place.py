"""Where an exercise lies in a student's home, and what is remembered there.

Invariant: a fetched exercise is a folder with `.exercise/fetched.json`, which says what it is and what was fetched (the base of the
next merge); it goes with the folder wherever a student moves it. What is remembered is written whole or not at all.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from exercises.student import messages

FOLDER = "exercises"
OWN = ".exercise"
FETCHED, BASE, RECEIPTS, ABOUT = "fetched.json", "base", "receipts", "exercise.json"


class Trouble(Exception):
    """A situation of the student's; the text says what to do."""


@dataclass(frozen=True)
class Fetched:
    """What was fetched last: its version, the sha256 of each file, and the notebooks themselves."""

    version: int = 0
    hashes: Mapping[str, str] = field(default_factory=dict)
    notebooks: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """An exercise's folder, whether it is there yet or not."""

    folder: Path
    course: str
    name: str

    @property
    def own(self) -> Path:
        """The folder beside the notebook in which the exercise keeps what is not the student's."""
        return self.folder / OWN

    @property
    def is_fetched(self) -> bool:
        return (self.own / FETCHED).is_file()

    @property
    def title(self) -> str:
        told = _json(self.own / ABOUT).get("title")
        return told if isinstance(told, str) else self.name

    def fetched(self) -> Fetched:
        """Return what was fetched last; an empty one when nothing is known of it."""
        told = _json(self.own / FETCHED)
        version, hashes = told.get("version"), told.get("files")
        if not isinstance(version, int) or not isinstance(hashes, dict):
            return Fetched()
        base = self.own / BASE
        return Fetched(version, hashes, {name: (base / name).read_bytes() for name in hashes if (base / name).is_file()})

    def remember(self, version: int, files: Mapping[str, bytes]) -> None:
        """Note what was fetched. Raises OSError."""
        hashes = {}
        for name, content in files.items():
            hashes[name] = sha(content)
            if name.endswith(".ipynb"):
                write(self.own / BASE / name, content)
        told = {"course": self.course, "name": self.name, "version": version, "files": hashes, "fetched": now()}
        write(self.own / FETCHED, _bytes(told))

    def keep(self, receipt: Mapping[str, Any]) -> Path:
        """Keep a receipt and return its file. Raises OSError."""
        path = self.own / RECEIPTS / f"{receipt['number']:04d}.json"
        write(path, _bytes({"course": self.course, "name": self.name, **receipt}))
        return path


def around(folder: Path) -> Place | None:
    """Return the exercise that a folder belongs to; None when there is none."""
    for one in (folder, *folder.parents):
        if (one / OWN / FETCHED).is_file():
            told = _json(one / OWN / FETCHED)
            if isinstance(told.get("course"), str) and isinstance(told.get("name"), str):
                return Place(one, told["course"], told["name"])
        # A damaged note: the folder's own place tells as much.
        if (one / OWN).is_dir() and one.parent.parent.name == FOLDER:
            return Place(one, one.parent.name, one.name)
    return None


def of(home: Path, course: str, name: str) -> Place:
    """Return the place of an exercise."""
    return Place(home / FOLDER / course / name, course, name)


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        # As the umask would have made it; mkstemp's own is private.
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def beside(path: Path, label: str, content: bytes | None = None) -> Path:
    """Return a free name beside a file that says why it is there; a file that has the `content` already is as good as free."""
    number = 1
    while True:
        more = label if number == 1 else f"{label}, {number}"
        found = path.with_name(f"{path.stem} ({more}){path.suffix}")
        if not os.path.lexists(found) or (content is not None and found.is_file() and found.read_bytes() == content):
            return found
        number += 1


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def trouble(path: Path, error: OSError) -> Trouble:
    """The trouble that an OSError is."""
    if isinstance(error, FileExistsError | IsADirectoryError | NotADirectoryError):
        return Trouble(messages.IN_THE_WAY.format(path=error.filename or path))
    return Trouble(messages.DISK.format(path=error.filename or path, reason=error.strerror or error))


def _json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _bytes(value: Any) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()
