"""What is handed in: the student's folder, without what is not their work.

Invariant: what is returned the service will take; what it would refuse is said before anything is sent, with what to do. Handed-out
files that nobody changed stay at home: the grader has data of its own.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from exercises.runner import archive
from exercises.student import messages
from exercises.student.place import OWN, Fetched, Trouble, sha, trouble

NOTEBOOK = "notebook.ipynb"
IGNORED_FOLDERS = (OWN, ".ipynb_checkpoints", "__pycache__", ".git", ".pytest_cache", "spark-warehouse", "metastore_db")
IGNORED_NAMES = (".DS_Store", "Thumbs.db", "derby.log")
IGNORED_ENDINGS = (".pyc", ".pyo")
WRITING = (".writing-", ".~")
NAMED = 3


def files(folder: Path, fetched: Fetched, limits: archive.Limits = archive.SUBMISSION) -> dict[str, bytes]:
    """Return the files to hand in. Raises Trouble."""
    try:
        found = {name: path for name, path in _walk(folder, folder)}
        if NOTEBOOK not in found:
            raise Trouble(messages.NO_NOTEBOOK.format(folder=folder))
        sizes = {name: path.stat().st_size for name, path in found.items()}
        _fits(sizes, fetched, limits)
        read = {name: path.read_bytes() for name, path in found.items()}
    except OSError as error:
        raise trouble(folder, error) from None
    wanted = {name: content for name, content in read.items() if name == NOTEBOOK or not _as_handed_out(name, content, fetched)}
    _is_notebook(folder, wanted[NOTEBOOK])
    total = sum(map(len, wanted.values()))
    if total > limits.bytes:
        raise _too_large({name: len(content) for name, content in wanted.items()}, limits)
    return wanted


def _walk(folder: Path, top: Path):
    for path in sorted(folder.iterdir()):
        name = path.relative_to(top).as_posix()
        if path.name in IGNORED_NAMES or path.name.endswith(IGNORED_ENDINGS) or path.name.startswith(WRITING):
            continue
        if path.is_dir() and not path.is_symlink():
            if path.name not in IGNORED_FOLDERS:
                yield from _walk(path, top)
            continue
        if path.is_symlink():
            raise Trouble(messages.LINK.format(name=name))
        if path.is_file():
            try:
                archive.check_name(name)
            except archive.ArchiveRefused as refusal:
                raise Trouble(messages.BAD_NAME.format(name=name, reason=refusal)) from None
            yield name, path


def _fits(sizes: Mapping[str, int], fetched: Fetched, limits: archive.Limits) -> None:
    """Look before anything is read: a folder may hold more than the memory. What was handed out may yet stay at home."""
    own = {
        name: size
        for name, size in sizes.items()
        if name == NOTEBOOK or name not in fetched.hashes or size > limits.bytes
    }
    if sum(own.values()) > limits.bytes:
        raise _too_large(own, limits)
    if len(own) > limits.files:
        raise Trouble(messages.TOO_MANY.format(count=len(own), limit=limits.files))


def _too_large(sizes: Mapping[str, int], limits: archive.Limits) -> Trouble:
    largest = sorted(sizes, key=lambda name: -sizes[name])[:NAMED]
    told = ", ".join(messages.ONE_FILE.format(name=name, size=_mb(sizes[name])) for name in largest)
    total = _mb(sum(sizes.values()))
    return Trouble(messages.TOO_LARGE.format(size=total, limit=limits.bytes // archive.MB, largest=told))


def _as_handed_out(name: str, content: bytes, fetched: Fetched) -> bool:
    return fetched.hashes.get(name) == sha(content)


def _is_notebook(folder: Path, content: bytes) -> None:
    try:
        if not isinstance(json.loads(content)["cells"], list):
            raise TypeError("no cells")
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise Trouble(messages.NOT_A_NOTEBOOK.format(folder=folder, reason=type(error).__name__)) from None


def _mb(size: int) -> str:
    return f"{size / archive.MB:.1f}"
