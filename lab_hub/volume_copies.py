"""Homes and courses' folders for a backup, on the operator's command line: `python -m lab_hub.volume_copies COMMAND`.

Invariant: `out` ends well only when the engine gave all of it; `in` writes into a volume of its own making alone, and leaves none
when it fails; one that was killed meanwhile is known by its container, and `forget-halves` removes both. Runs in the hub's
container; archives go through its standard input and output, so they lie where the operator says.
"""

import argparse
import gzip
import os
import re
import sys
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

from docker.errors import NotFound

from lab_hub import backup_messages as messages
from lab_hub import engine, settings, volume_tar
from lab_hub.labels import LABEL_PART, LABEL_PROJECT, LABEL_USER
from lab_hub.volume_tar import ArchiveError, Said

# What a volume's name has between the project's and its own: the folder of a backup that it goes to.
KINDS = {"home": "homes", "shared": "shared"}
_OWN = re.compile(r"[a-z0-9][a-z0-9_-]*")
# Two blocks of zeros: a tar without them is cut off.
_END = bytes(1024)
_LEVEL = 1


@dataclass(frozen=True)
class Volumes:
    """The volumes of one class that hold what people made."""

    project: str
    image: str

    def name(self, kind: str, own: str) -> str:
        """Raises ArchiveError."""
        if kind not in KINDS or not _OWN.fullmatch(own):
            raise ArchiveError(messages.NO_VOLUME.format(kind=kind, name=own))
        return f"{self.project}-{kind}-{own}"

    def all(self) -> list[tuple[str, str]]:
        """Return kind and own name of each."""
        names = sorted(one["Name"] for one in engine.client().volumes()["Volumes"] or ())
        begins = {kind: f"{self.project}-{kind}-" for kind in KINDS}
        return [(kind, name.removeprefix(begins[kind])) for kind in KINDS for name in names if name.startswith(begins[kind])]

    def in_use(self) -> list[str]:
        """Return whose labs run: what they write meanwhile may be in a copy in part."""
        labels = [f"{LABEL_PROJECT}={self.project}", f"{LABEL_PART}=lab"]
        return sorted(one["Labels"][LABEL_USER] for one in engine.client().containers(filters={"label": labels}))

    def out(self, volume: str, file: IO[bytes], said: Said) -> None:
        """Raises ArchiveError."""
        # The engine would make one that is missing.
        engine.client().inspect_volume(volume)
        tail = b""
        labels = volume_tar.labels(self.project, volume_tar.READING)
        with volume_tar.container(volume, self.image, labels) as container, volume_tar.read(container) as chunks:
            with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=_LEVEL, mtime=0, filename="") as packed:
                for chunk in volume_tar.counted(chunks, said):
                    tail = (tail + chunk)[-len(_END) :]
                    packed.write(chunk)
        file.flush()
        if tail != _END:
            raise ArchiveError(messages.COPY_CUT)

    def bring(self, volume: str, file: IO[bytes], said: Said) -> None:
        """Raises ArchiveError."""
        client = engine.client()
        try:
            client.inspect_volume(volume)
        except NotFound:
            pass
        else:
            raise ArchiveError(messages.VOLUME_IS_THERE.format(volume=volume))
        try:
            labels = volume_tar.labels(self.project, volume_tar.WRITING)
            with volume_tar.container(volume, self.image, labels, write=True) as container, gzip.open(file) as tar:
                volume_tar.write(container, tar, said)
        except BaseException:
            client.remove_volume(volume, force=True)
            raise


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m lab_hub.volume_copies", description="Homes and courses' folders for a backup.")
    commands = made.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="kind and name of each volume")
    commands.add_parser("running", help="whose labs run")
    commands.add_parser("check", help="go through an archive")
    commands.add_parser("forget-halves", help="remove what an `in` that was killed has left")
    for command, told in (("out", "write an archive"), ("in", "read one into a new volume")):
        one = commands.add_parser(command, help=told)
        one.add_argument("kind", choices=KINDS)
        one.add_argument("name")
    return made


def run(volumes: Volumes, asked: argparse.Namespace, stdin: IO[bytes], stdout: IO[bytes]) -> None:
    def said(text: str) -> None:
        print(f"{asked.name}: {text}", file=sys.stderr, flush=True)

    if asked.command == "list":
        stdout.write("".join(f"{kind} {own}\n" for kind, own in volumes.all()).encode())
    elif asked.command == "running":
        stdout.write(" ".join(volumes.in_use()).encode())
    elif asked.command == "check":
        volume_tar.check(stdin)
    elif asked.command == "forget-halves":
        removed = volume_tar.forget_halves(volumes.project)
        stdout.write("".join(f"{messages.HALF_REMOVED.format(volume=volume)}\n" for volume in removed).encode())
    elif asked.command == "out":
        volumes.out(volumes.name(asked.kind, asked.name), stdout, said)
    else:
        volumes.bring(volumes.name(asked.kind, asked.name), stdin, said)


def main(arguments: Sequence[str] | None = None) -> int:
    asked = parser().parse_args(arguments)
    try:
        lab = settings.read()
        run(Volumes(lab.project, lab.lab_image), asked, sys.stdin.buffer, sys.stdout.buffer)
        sys.stdout.buffer.flush()
    except settings.SettingsError as refusal:
        print(refusal, file=sys.stderr)
        return 2
    except BrokenPipeError:
        # Whoever reads has no more room, and says so.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (ArchiveError, OSError, EOFError, tarfile.TarError, *engine.UNREACHABLE) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
