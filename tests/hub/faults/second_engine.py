"""A Docker engine of the test's own, which may be stopped and killed while the machine's goes on.

Invariant: it lives in a room of its own (room.py), its files in a volume of the machine's engine, which is where overlay2 works,
and its containers in a branch of the control groups of its own; at the end nothing of these is left. Its images are the class's,
copied; it reaches no other network, as a class needs none.
"""

import fcntl
import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from tests.helpers.waiting import wait_until
from tests.hub.faults.room import Impossible, Room, run

ANSWER_SECONDS = 60
END_SECONDS = 60
COPY_SECONDS = 900
GB = 1024**3
# The images as they lie on the disk, the layers while they are loaded, and a class.
NEEDED = 8 * GB
TOOLS = ("dockerd", "containerd", "docker")
# containerd is a service beside the engine, as where systemd runs both; what Kubernetes would want of it is not needed.
CONTAINERD = """\
version = 2
root = "{folder}/containerd"
state = "/run/second-containerd"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
  address = "{socket}"
"""
CONTAINERD_SOCKET = "/run/second-containerd.sock"
GROUPS = Path("/sys/fs/cgroup")
LABEL = "dataflow.test=engine"


class SecondEngine:
    """Started, stopped and killed as often as wanted; `docker` asks it."""

    def __init__(self, room: Room, folder: Path, name: str) -> None:
        self.room, self.folder, self.name = room, folder, name
        self.host, self.log = f"unix://{folder}/docker.sock", folder / "engine.log"
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._config = folder / "containerd.toml"
        self._config.write_text(CONTAINERD.format(folder=folder, socket=CONTAINERD_SOCKET))

    def docker(self, *arguments: str, seconds: float = 90) -> str:
        return run("docker", "--host", self.host, *arguments, seconds=seconds)

    def logs(self, container: str, lines: str = "all") -> str:
        """Return what a container wrote, on either of its outputs."""
        command = ["docker", "--host", self.host, "logs", "--tail", lines, container]
        return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=90).stdout

    def start(self, *options: str) -> None:
        """Start it, and containerd if that does not run; returns when it answers."""
        if "containerd" not in self._processes:
            self._start("containerd", f"--config={self._config}")
        self._start(
            "dockerd",
            f"--containerd={CONTAINERD_SOCKET}",
            f"--data-root={self.folder}/data",
            f"--host={self.host}",
            f"--cgroup-parent=/{self.name}",
            "--exec-opt=native.cgroupdriver=cgroupfs",
            *options,
        )

        def answers() -> bool:
            for name, process in self._processes.items():
                if process.poll() is not None:
                    raise Impossible(f"{name} ended with {process.returncode}:\n{self.last_lines()}")
            return bool(self.docker("version", "--format", "{{.Server.Version}}"))

        wait_until(answers, what="the second engine answers", seconds=ANSWER_SECONDS, ignore=(AssertionError,), log=self.last_lines)

    def stop(self) -> None:
        """Ask it to end, as whoever restarts it does; containerd goes on. Returns when its process is gone."""
        self._end("dockerd", "TERM")

    def kill(self) -> None:
        """Kill it and its containerd at once: nothing is tidied up, and containers go on without them."""
        self._end("dockerd", "KILL")
        self._end("containerd", "KILL")

    def gone(self) -> None:
        """Its room is closed: wait for what ended with it."""
        for process in self._processes.values():
            process.wait(END_SECONDS)

    def last_lines(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])

    def take(self, images: Sequence[str]) -> None:
        """Copy images from the machine's engine."""
        with subprocess.Popen(["docker", "save", *images], stdout=subprocess.PIPE) as save:
            command = ["docker", "--host", self.host, "load"]
            load = subprocess.run(command, stdin=save.stdout, capture_output=True, text=True, timeout=COPY_SECONDS)
        if save.returncode != 0 or load.returncode != 0:
            raise AssertionError(f"the images could not be copied: {load.stderr}")

    def _start(self, *command: str) -> None:
        with self.log.open("ab") as log:
            self._processes[command[0]] = subprocess.Popen(
                self.room.command(*command), stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )

    def _end(self, name: str, how: str) -> None:
        # By its name, inside, where there is no other.
        self.room.run("pkill", f"-{how}", "-x", name)
        self._processes.pop(name).wait(END_SECONDS)


def groups(name: str) -> list[Path]:
    """Return this branch of the control groups, of each controller where each has a tree of its own, leaves first."""
    branches = [found for found in (GROUPS / name, *GROUPS.glob(f"*/{name}")) if found.is_dir()]
    return sorted((folder for branch in branches for folder in (branch, *branch.rglob("*/"))), reverse=True)


def remove_groups(name: str) -> None:
    def removed() -> bool:
        for folder in groups(name):
            folder.rmdir()
        return True

    # What ended a moment ago may still be counted.
    wait_until(removed, what=f"no process is in the control group {name}", seconds=20, ignore=(OSError,))


def folder_of(volume: str) -> Path:
    return Path(run("docker", "volume", "inspect", "--format", "{{.Mountpoint}}", volume))


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Raises BlockingIOError while somebody else holds it; nobody does whose process has ended, however that ended."""
    with (folder / "held").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def remove_left() -> None:
    """Remove the files of runs that were killed: their engines ended with them."""
    for volume in run("docker", "volume", "ls", "--quiet", "--filter", f"label={LABEL}").split():
        with suppress(BlockingIOError), held(folder_of(volume)):
            remove(volume)


def remove(name: str) -> None:
    remove_groups(name)
    run("docker", "volume", "rm", name)


@contextmanager
def second_engine(images: Sequence[str]) -> Iterator[SecondEngine]:
    """Have one with these images. Raises Impossible where there can be none."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if os.geteuid() != 0 or missing:
        raise Impossible(f"a second engine needs root and {', '.join(missing or TOOLS)}")
    remove_left()
    name = f"dataflow-engine-{uuid.uuid4().hex[:6]}"
    run("docker", "volume", "create", "--label", LABEL, name)
    try:
        folder = folder_of(name)
        if not folder.is_dir() or shutil.disk_usage(folder).free < NEEDED:
            raise Impossible(f"a second engine needs {NEEDED // GB} GB in {folder}")
        with held(folder), closing(Room(run("docker", "info", "--format", "{{.DockerRootDir}}"))) as room:
            made = SecondEngine(room, folder, name)
            try:
                made.start()
                made.take(images)
                yield made
            finally:
                room.close()
                made.gone()
    finally:
        remove(name)
