"""Archives in and out, as hostile data.

Invariant: `unpack` returns plain files under relative names inside one folder, within its limits, or raises
`ArchiveRefused` with the reason; nothing is ever written to disk here, and nothing larger than the limits is ever
held. `pack` is deterministic.
"""

import gzip
import io
import tarfile
import unicodedata
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

MB = 1024 * 1024
BLOCK = 512
CHUNK = 64 * 1024
# What a tar adds to each file: its header, the fill of its last block, and a long name's own header and blocks.
OVERHEAD_OF_ONE = 6 * BLOCK

TOO_LARGE = "the files are larger than {limit} MB together"
TOO_LARGE_PACKED = "the archive is larger than {limit} MB"
TOO_MANY = "there are more than {limit} files"
NAME_LONG = "the name {name!r} is longer than {limit} characters"
NAME_DEEP = "{name!r} lies more than {limit} folders deep"
NAME_ABSOLUTE = "{name!r} is an absolute path"
NAME_OUTSIDE = "{name!r} leads outside its folder"
NAME_ODD = "the name {name!r} contains characters that no file name should"
NAME_TWICE = "{name!r} is in the archive twice"
NAME_BOTH = "{name!r} is both a file and a folder"
LINK = "{name!r} is a link"
SPECIAL = "{name!r} is neither a file nor a folder"
DAMAGED = "it is not a complete tar archive ({reason})"


class ArchiveRefused(ValueError):
    """The archive is refused whole; the text says why, in words for the person who sent it."""


@dataclass(frozen=True)
class Limits:
    """What an archive may hold. Sizes in bytes; `packed` is the archive's own size as it arrives."""

    bytes: int = 50 * MB
    files: int = 2000
    packed: int = 50 * MB
    name_length: int = 200
    part_length: int = 120
    depth: int = 16


SUBMISSION = Limits()
EXERCISE = Limits()


def pack(files: Mapping[str, bytes], *, uid: int = 0, mode: int = 0o644, compress: bool = False) -> bytes:
    """Return a tar of the files (tar.gz when asked); the same files give the same bytes. Raises ArchiveRefused for a bad name."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as tar:
        made: set[str] = set()
        for name in sorted(files):
            check_name(name, Limits(name_length=1000, part_length=255, depth=64))
            for folder in _parents(name):
                if folder not in made:
                    made.add(folder)
                    tar.addfile(_entry(folder, uid, 0o755, tarfile.DIRTYPE))
            entry = _entry(name, uid, mode, tarfile.REGTYPE)
            entry.size = len(files[name])
            tar.addfile(entry, io.BytesIO(files[name]))
    if not compress:
        return buffer.getvalue()
    return gzip.compress(buffer.getvalue(), compresslevel=6, mtime=0)


def unpack(data: bytes, limits: Limits = SUBMISSION) -> dict[str, bytes]:
    """Return the files of a tar or tar.gz by their names. Raises ArchiveRefused."""
    if len(data) > limits.packed:
        raise ArchiveRefused(TOO_LARGE_PACKED.format(limit=limits.packed // MB))
    if data[:2] == b"\x1f\x8b":
        return read_tar(_gunzip(data), limits)
    return read_tar(iter([data]), limits)


def read_tar(chunks: Iterator[bytes], limits: Limits, *, inside: str = "") -> dict[str, bytes]:
    """Return the files of a tar that arrives in chunks, their names relative to the folder `inside`. Raises ArchiveRefused.

    Stops reading at the first thing that is refused or too large, however much there is still to come.
    """
    most = limits.bytes + limits.files * OVERHEAD_OF_ONE + 20 * BLOCK
    stream = _Bounded(chunks, most, TOO_LARGE.format(limit=limits.bytes // MB))
    files: dict[str, bytes] = {}
    folders: set[str] = set()
    seen: set[str] = set()
    total = 0
    end = _end_mark()
    try:
        with tarfile.open(fileobj=stream, mode="r|", errorlevel=2, tarinfo=end) as tar:
            # Not "for … in tar": that keeps every header for later.
            while (entry := tar.next()) is not None:
                tar.members = []
                name = _relative(entry.name, inside)
                if not name:
                    if entry.isdir():
                        continue
                    raise ArchiveRefused(SPECIAL.format(name=entry.name))
                check_name(name, limits)
                if entry.issym() or entry.islnk():
                    raise ArchiveRefused(LINK.format(name=name))
                if entry.type not in (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.DIRTYPE) or entry.sparse is not None:
                    raise ArchiveRefused(SPECIAL.format(name=name))
                key = unicodedata.normalize("NFC", name)
                if key in seen:
                    raise ArchiveRefused(NAME_TWICE.format(name=name))
                seen.add(key)
                # Folders count too: they cost as much to make.
                if len(seen) > limits.files:
                    raise ArchiveRefused(TOO_MANY.format(limit=limits.files))
                if entry.isdir():
                    folders.add(name)
                    continue
                total += entry.size
                if entry.size < 0 or total > limits.bytes:
                    raise ArchiveRefused(TOO_LARGE.format(limit=limits.bytes // MB))
                content = tar.extractfile(entry).read()
                if len(content) != entry.size:
                    raise ArchiveRefused(DAMAGED.format(reason="it ends too early"))
                files[name] = content
                folders.update(_parents(name))
    except (tarfile.TarError, zlib.error, EOFError, OSError, ValueError, OverflowError, RecursionError) as error:
        if isinstance(error, ArchiveRefused):
            raise
        raise ArchiveRefused(DAMAGED.format(reason=error or type(error).__name__)) from None
    if not end.met:
        # tarfile takes a header that is cut off for the end; half of what somebody made would pass for all of it.
        raise ArchiveRefused(DAMAGED.format(reason="its end is missing"))
    if both := folders & files.keys():
        raise ArchiveRefused(NAME_BOTH.format(name=min(both)))
    return files


def check_name(name: str, limits: Limits = SUBMISSION) -> None:
    """Raise ArchiveRefused unless the name is a plain relative path."""
    shown = name if len(name) <= 80 else name[:77] + "…"
    if len(name.encode("utf-8", "surrogateescape")) > limits.name_length:
        raise ArchiveRefused(NAME_LONG.format(name=shown, limit=limits.name_length))
    if name.startswith("/") or (len(name) > 1 and name[1] == ":"):
        raise ArchiveRefused(NAME_ABSOLUTE.format(name=shown))
    parts = name.split("/")
    if ".." in parts:
        raise ArchiveRefused(NAME_OUTSIDE.format(name=shown))
    if any(part in ("", ".") for part in parts) or "\\" in name or not name.isprintable():
        raise ArchiveRefused(NAME_ODD.format(name=shown))
    if len(parts) > limits.depth:
        raise ArchiveRefused(NAME_DEEP.format(name=shown, limit=limits.depth))
    if any(len(part.encode("utf-8", "surrogateescape")) > limits.part_length for part in parts):
        raise ArchiveRefused(NAME_LONG.format(name=shown, limit=limits.part_length))


def _end_mark() -> type[tarfile.TarInfo]:
    """A kind of entry that notes, in `met`, whether the mark of an archive's end was read."""

    class Entry(tarfile.TarInfo):
        met = False

        # Not frombuf, which newer Pythons pass by.
        @classmethod
        def fromtarfile(cls, tar: tarfile.TarFile) -> tarfile.TarInfo:
            try:
                return super().fromtarfile(tar)
            except tarfile.EOFHeaderError:
                cls.met = True
                raise

    return Entry


def _relative(name: str, inside: str) -> str:
    """The entry's name relative to the folder that was asked for; "./" in front of it is tar's habit, not a crime."""
    while name.startswith("./"):
        name = name[2:]
    name = name.rstrip("/") if name.strip("/") else name
    if name == ".":
        return ""
    if inside:
        if name == inside:
            return ""
        if not name.startswith(inside + "/"):
            raise ArchiveRefused(NAME_OUTSIDE.format(name=name[:80]))
        name = name[len(inside) + 1 :]
    return name


def _parents(name: str) -> Iterator[str]:
    parts = name.split("/")[:-1]
    for count in range(1, len(parts) + 1):
        yield "/".join(parts[:count])


def _entry(name: str, uid: int, mode: int, kind: bytes) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.mode = kind, mode
    entry.uid = entry.gid = uid
    return entry


def _gunzip(data: bytes) -> Iterator[bytes]:
    """Yield what a gzip file holds, a small piece at a time, so that a bomb is noticed before it is unpacked."""
    with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
        while piece := packed.read(CHUNK):
            yield piece


class _Bounded(io.RawIOBase):
    """A reader over chunks that refuses to give more than `most` bytes."""

    def __init__(self, chunks: Iterator[bytes], most: int, refusal: str) -> None:
        self._chunks, self._left, self._refusal = chunks, most, refusal
        self._rest = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        wanted = size if size >= 0 else self._left + 1
        parts = []
        while wanted > 0:
            if not self._rest:
                self._rest = next(self._chunks, b"")
                if not self._rest:
                    break
            piece, self._rest = self._rest[:wanted], self._rest[wanted:]
            self._left -= len(piece)
            if self._left < 0:
                raise ArchiveRefused(self._refusal)
            wanted -= len(piece)
            parts.append(piece)
        return b"".join(parts)
