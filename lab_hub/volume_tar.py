"""A volume as the engine's tar, out and in.

Invariant: the engine reads and writes the volume, through a container that is never started, so nothing of a student's is ever run
for it; an archive is gone through to its end before anything of it is written.
"""

import contextlib
import tarfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from docker.errors import APIError, ImageNotFound

from lab_hub import backup_messages, engine
from lab_hub import people_messages as messages
from lab_hub.labels import LABEL_PART, LABEL_PROJECT

CHUNK = 1 << 20
# An empty folder of the lab image that belongs to the lab's user: an empty volume takes its owner and its content from it, which in
# place of the home would be the image's dot files.
EMPTY = "/srv/empty"
# What a container is there for, as its label says. As long as one of the second is there, its volume is not whole.
READING, WRITING = "archive", "restored"
_SAY_EVERY_SECONDS = 2
_PLAIN = (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE)

Said = Callable[[str], None]


class ArchiveError(Exception):
    """What a volume holds could not be kept or brought back; the message says why, and nothing was removed."""


@contextlib.contextmanager
def container(volume: str, image: str, labels: Mapping[str, str], write: bool = False) -> Iterator[str]:
    """A container that is never started: the engine's way into a volume. One that is not there is made. Raises ArchiveError."""
    client = engine.client()
    host = client.create_host_config(binds=[f"{volume}:{EMPTY}:{'rw' if write else 'ro'}"], network_mode="none")
    try:
        made = client.create_container(image, host_config=host, labels=labels)["Id"]
    except ImageNotFound:
        raise ArchiveError(messages.ARCHIVE_NO_IMAGE.format(image=image)) from None
    try:
        yield made
    finally:
        with contextlib.suppress(APIError):
            client.remove_container(made, force=True)


def labels(project: str, part: str, **more: str) -> dict[str, str]:
    return {LABEL_PROJECT: project, LABEL_PART: part, **more}


def left(project: str, part: str, volume: str = "") -> list[dict[str, Any]]:
    """Return the containers of this class, and of this volume, that nobody may be using any more."""
    filters: dict[str, Any] = {"label": [f"{name}={value}" for name, value in labels(project, part).items()], "status": "created"}
    return engine.client().containers(all=True, filters=filters | ({"volume": volume} if volume else {}))


def forget_halves(project: str, volume: str = "") -> list[str]:
    """Remove the volumes that were being written when the hub or the machine went away; return them. Raises ArchiveError."""
    client, removed = engine.client(), []
    for one in left(project, WRITING, volume):
        for half in [mount["Name"] for mount in one["Mounts"] if mount["Type"] == "volume"]:
            if len(client.containers(all=True, filters={"volume": half})) > 1:
                raise ArchiveError(backup_messages.HALF_IN_USE.format(volume=half))
            client.remove_container(one["Id"], force=True)
            client.remove_volume(half, force=True)
            removed.append(half)
    return removed


@contextlib.contextmanager
def read(container: str) -> Iterator[Iterator[bytes]]:
    """What the volume holds, as the engine's tar. Closed at the end, however that comes: the engine holds the container until then,
    and whoever wants to remove it would wait (get_archive of the client's library leaves that to chance).
    """
    client = engine.client()
    address = f"{client.base_url}/v{client.api_version}/containers/{container}/archive"
    with client.get(address, params={"path": f"{EMPTY}/."}, stream=True, timeout=client.timeout) as answer:
        answer.raise_for_status()
        yield answer.iter_content(CHUNK)


def write(container: str, tar: IO[bytes], said: Said) -> None:
    """Bring a plain tar in."""
    engine.client().put_archive(container, EMPTY, counted(iter(lambda: tar.read(CHUNK), b""), said))


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
