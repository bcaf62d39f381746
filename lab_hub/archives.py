"""A home as one file: kept before it is removed, brought back into a new one.

Invariant: `keep` returns only when the file is complete, on the disk, and was read back byte for byte; whatever fails before leaves
no file and the home as it was. The engine reads and writes the home, so nothing of the student's is ever run for it.
"""

import contextlib
import gzip
import hashlib
import os
import re
import tarfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from docker.errors import NotFound
from dockerspawner import DockerSpawner

from lab_hub import engine, volume_tar
from lab_hub import people_messages as messages
from lab_hub.labels import LABEL_USER
from lab_hub.volume_tar import ArchiveError, Said

SUFFIX = ".tar.gz"
# The processor is the hub's: a little larger and much sooner done.
_LEVEL = 1
# Two blocks of zeros: a tar without them is cut off.
_END = bytes(1024)


@dataclass(frozen=True)
class Archives:
    """The folder of archives, and what a home is called."""

    folder: Path
    project: str
    image: str
    # The folder as the operator sees it.
    shown: str = ""

    def volume(self, name: str) -> str:
        """Return the volume that is this person's home, as the spawner calls it."""
        return f"{self.project}-home-{DockerSpawner._escape(name)}"

    def has_home(self, name: str) -> bool:
        try:
            engine.client().inspect_volume(self.volume(name))
        except NotFound:
            return False
        return True

    def keep(self, name: str, said: Said) -> Path:
        """Write the home into an archive, read it back, and return it. Raises ArchiveError."""
        path = self.folder / f"{name}-{time.strftime('%Y%m%d-%H%M%S')}{SUFFIX}"
        partly = path.with_name(path.name + ".part")
        self._forget_halves(name)
        try:
            with self._container(name) as container, volume_tar.read(container) as chunks:
                written = _write(partly, chunks, said)
            said(messages.ARCHIVE_READ_BACK)
            _read_back(partly, written)
            partly.rename(path)
            _sync_folder(self.folder)
        except OSError as error:
            partly.unlink(missing_ok=True)
            raise ArchiveError(messages.ARCHIVE_FAILED.format(name=name, reason=error.strerror or error)) from error
        except (ArchiveError, *engine.UNREACHABLE, tarfile.TarError, EOFError) as error:
            partly.unlink(missing_ok=True)
            raise ArchiveError(messages.ARCHIVE_FAILED.format(name=name, reason=error)) from error
        return path

    def _forget_halves(self, name: str) -> None:
        """Remove what a hub that was killed while it wrote has left of this person's."""
        for half in self.folder.glob(f"{name}-*{SUFFIX}.part"):
            if re.fullmatch(r"\d{8}-\d{6}", half.name.removeprefix(f"{name}-").removesuffix(f"{SUFFIX}.part")):
                half.unlink(missing_ok=True)

    def find(self, wanted: str) -> Path:
        """Return the archive of that file name. Raises ArchiveError."""
        path = self.folder / Path(wanted).name
        if not re.fullmatch(r"[\w.-]+" + re.escape(SUFFIX), path.name) or not path.is_file():
            raise ArchiveError(messages.ARCHIVE_MISSING.format(wanted=wanted, folder=self.shown or self.folder))
        return path

    def restore(self, path: Path, name: str, said: Said) -> None:
        """Bring an archive back into a home that is not there yet. Raises ArchiveError."""
        volume_tar.forget_halves(self.project, self.volume(name))
        if self.has_home(name):
            raise ArchiveError(messages.HOME_EXISTS.format(name=name, volume=self.volume(name)))
        try:
            volume_tar.check(path)
            with self._container(name, write=True) as container, gzip.open(path) as tar:
                volume_tar.write(container, tar, said)
        except (OSError, EOFError, tarfile.TarError, *engine.UNREACHABLE) as error:
            self.remove_home(name)
            raise ArchiveError(messages.RESTORE_FAILED.format(path=path.name, reason=error)) from error

    def remove_home(self, name: str) -> None:
        """Remove the home for good. Raises ArchiveError."""
        client, volume = engine.client(), self.volume(name)
        try:
            # What a hub that was killed while it read the home has left; the engine would keep the volume for it.
            for one in volume_tar.left(self.project, volume_tar.READING, volume):
                with contextlib.suppress(NotFound):
                    client.remove_container(one["Id"], force=True)
            client.remove_volume(volume)
        except NotFound:
            return
        except engine.UNREACHABLE as error:
            raise ArchiveError(messages.HOME_STAYS.format(volume=self.volume(name), reason=error)) from error

    def _container(self, name: str, write: bool = False) -> AbstractContextManager[str]:
        part = volume_tar.WRITING if write else volume_tar.READING
        labels = volume_tar.labels(self.project, part, **{LABEL_USER: name})
        return volume_tar.container(self.volume(name), self.image, labels, write)


def _write(path: Path, chunks: Iterator[bytes], said: Said) -> str:
    """Write what comes, compressed, and return its checksum. Raises ArchiveError if it was cut off."""
    digest, tail = hashlib.sha256(), b""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=_LEVEL, mtime=0, filename="") as packed:
            for chunk in volume_tar.counted(chunks, said):
                digest.update(chunk)
                tail = (tail + chunk)[-len(_END) :]
                packed.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    if tail != _END:
        raise ArchiveError(messages.ARCHIVE_CUT)
    return digest.hexdigest()


def _read_back(path: Path, written: str) -> None:
    digest = hashlib.sha256()
    with gzip.open(path) as tar:
        while chunk := tar.read(volume_tar.CHUNK):
            digest.update(chunk)
    if digest.hexdigest() != written:
        raise ArchiveError(messages.ARCHIVE_DIFFERS)
    volume_tar.check(path)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
