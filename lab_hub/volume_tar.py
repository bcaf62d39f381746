"""A volume as the engine's tar, out and in.

Invariant: the engine reads and writes the volume, through a container that is never started, so nothing of a student's is ever run
for it; an archive is gone through to its end before anything of it is written.
"""

import contextlib
import tarfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO

from docker.errors import APIError, ImageNotFound

from lab_hub import engine
from lab_hub import people_messages as messages
from lab_hub.spawner import HOME

CHUNK = 1 << 20
_SAY_EVERY_SECONDS = 2
_PLAIN = (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE)

Said = Callable[[str], None]


class ArchiveError(Exception):
    """What a volume holds could not be kept or brought back; the message says why, and nothing was removed."""


@contextlib.contextmanager
def container(volume: str, image: str, labels: Mapping[str, str], write: bool = False) -> Iterator[str]:
    """A container that is never started: the engine's way into a volume. One that is not there is made. Raises ArchiveError."""
    client = engine.client()
    # Where the image has a folder of the student's: a new volume takes its owner from there.
    host = client.create_host_config(binds=[f"{volume}:{HOME}:{'rw' if write else 'ro'}"], network_mode="none")
    try:
        made = client.create_container(image, host_config=host, labels=labels)["Id"]
    except ImageNotFound:
        raise ArchiveError(messages.ARCHIVE_NO_IMAGE.format(image=image)) from None
    try:
        yield made
    finally:
        with contextlib.suppress(APIError):
            client.remove_container(made, force=True)


@contextlib.contextmanager
def read(container: str) -> Iterator[Iterator[bytes]]:
    """What the volume holds, as the engine's tar. Closed at the end, however that comes: the engine holds the container until then,
    and whoever wants to remove it would wait (get_archive of the client's library leaves that to chance).
    """
    client = engine.client()
    address = f"{client.base_url}/v{client.api_version}/containers/{container}/archive"
    with client.get(address, params={"path": f"{HOME}/."}, stream=True, timeout=client.timeout) as answer:
        answer.raise_for_status()
        yield answer.iter_content(CHUNK)


def write(container: str, tar: IO[bytes], said: Said) -> None:
    """Bring a plain tar in."""
    engine.client().put_archive(container, HOME, counted(iter(lambda: tar.read(CHUNK), b""), said))


def check(packed: Path | IO[bytes]) -> None:
    """Go through every entry to the end; only what a home contains may be there. Raises ArchiveError, OSError, TarError."""
    path = packed if isinstance(packed, Path) else None
    with tarfile.open(path, "r|gz", fileobj=None if path else packed) as tar:
        for member in tar:
            parts = Path(member.name).parts
            if member.type not in _PLAIN or member.name.startswith("/") or ".." in parts:
                raise ArchiveError(messages.ARCHIVE_ODD.format(name=member.name[:200]))


def counted(chunks: Iterator[bytes], said: Said) -> Iterator[bytes]:
    done, last = 0, time.monotonic()
    for chunk in chunks:
        done += len(chunk)
        if time.monotonic() - last > _SAY_EVERY_SECONDS:
            last = time.monotonic()
            said(messages.ARCHIVE_PROGRESS.format(megabytes=done >> 20))
        yield chunk
