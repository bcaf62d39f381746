"""A Docker engine of the test's own, which may be stopped and killed while the machine's goes on.

Invariant: it has its own network namespace (an engine that starts writes its packet filter anew), folder, socket and process file;
the machine's engine and its containers are never touched, and nothing of this one is left at the end. Its images are the class's,
copied; it reaches no other network, as a class needs none.
"""

import os
import shutil
import signal
import subprocess
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.helpers.stack import Stack
from tests.helpers.waiting import wait_until

ANSWER_SECONDS = 60
COPY_SECONDS = 600
# Addresses for documentation, which no network has: one end is the machine, the other the engine.
NEAR, FAR = "192.0.2.1/30", "192.0.2.2/30"
TOOLS = ("dockerd", "ip", "nsenter")


class Impossible(Exception):
    """This machine gives no second engine; the message says why."""


@dataclass(frozen=True)
class FarStack(Stack):
    """A class behind the other end of the wire."""

    @property
    def url(self) -> str:
        return f"http://{FAR.partition('/')[0]}:{self.port}"


def run(*command: str, seconds: float = 60) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout.strip()


class SecondEngine:
    """Started and stopped as often as wanted; `docker` asks it."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name
        self.socket, self.log = f"unix://{folder}/docker.sock", folder / "dockerd.log"
        self.process: subprocess.Popen[bytes] | None = None

    def docker(self, *arguments: str, seconds: float = 90) -> str:
        return run("docker", "--host", self.socket, *arguments, seconds=seconds)

    def start(self, *options: str) -> None:
        """Start it; returns when it answers."""
        own = [f"--data-root={self.folder}/data", f"--exec-root={self.folder}/exec", f"--pidfile={self.folder}/pid"]
        command = ["nsenter", f"--net=/run/netns/{self.name}", "dockerd", *own, f"--host={self.socket}", *options]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)

        def answers() -> bool:
            if self.process.poll() is not None:
                raise Impossible(f"dockerd ended with {self.process.returncode}:\n{self.last_lines()}")
            return bool(self.docker("version", "--format", "{{.Server.Version}}"))

        wait_until(answers, what="the second engine answers", seconds=ANSWER_SECONDS, ignore=(AssertionError,), log=self.last_lines)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it, and return when its process is gone."""
        self.process.send_signal(how)
        self.process.wait(60)
        # Its containerd ends with it; where the machine's first process reaps nobody, as in some containers, it stays as a zombie,
        # and the next engine would take it for one that runs.
        time.sleep(1)
        known = self.folder / "exec" / "containerd" / "containerd.pid"
        status = Path(f"/proc/{known.read_text()}/status") if known.exists() else None
        if status is not None and (not status.exists() or "\nState:\tZ" in status.read_text()):
            known.unlink()

    def last_lines(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])

    def take(self, images: Sequence[str]) -> None:
        """Copy images from the machine's engine."""
        save = subprocess.Popen(["docker", "save", *images], stdout=subprocess.PIPE)
        load_command = ["docker", "--host", self.socket, "load"]
        load = subprocess.run(load_command, stdin=save.stdout, capture_output=True, timeout=COPY_SECONDS)
        if save.wait(60) != 0 or load.returncode != 0:
            raise AssertionError(f"the images could not be copied: {load.stderr.decode(errors='replace')}")

    def remove(self) -> None:
        """Everything: containers, processes, mounts, files, network."""
        try:
            if self.process is not None:
                if self.process.poll() is not None:
                    # A test has failed while there was none; its containers are still there.
                    self.start()
                left = self.docker("ps", "--all", "--quiet").split()
                if left:
                    self.docker("rm", "--force", *left, seconds=300)
                self.stop()
        finally:
            # What a killed engine left: its containerd and whatever that still runs, all known by this folder's name.
            for status in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    ours = str(self.folder).encode() in status.read_bytes()
                except OSError:
                    continue
                if ours and int(status.parent.name) != os.getpid():
                    os.kill(int(status.parent.name), signal.SIGKILL)
            time.sleep(1)
            mounts = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
            for mount in sorted((one for one in mounts if one.startswith(f"{self.folder}/")), reverse=True):
                subprocess.run(["umount", "--lazy", mount], check=False)
            subprocess.run(["ip", "link", "delete", f"{self.name}-n"], check=False, capture_output=True)
            subprocess.run(["ip", "netns", "delete", self.name], check=False, capture_output=True)
            shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def second_engine(parent: Path, images: Sequence[str]) -> Iterator[SecondEngine]:
    """Have one with these images. Raises Impossible where there can be none."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if os.geteuid() != 0 or missing:
        raise Impossible(f"a second engine needs root and {', '.join(missing or TOOLS)}")
    made = SecondEngine(parent / "engine", f"dl{uuid.uuid4().hex[:6]}")
    made.folder.mkdir(parents=True)
    try:
        near, far = f"{made.name}-n", f"{made.name}-f"
        run("ip", "netns", "add", made.name)
        run("ip", "link", "add", near, "type", "veth", "peer", "name", far, "netns", made.name)
        run("ip", "address", "add", NEAR, "dev", near)
        run("ip", "link", "set", near, "up")
        inside = ("ip", "-netns", made.name)
        run(*inside, "address", "add", FAR, "dev", far)
        for device in ("lo", far):
            run(*inside, "link", "set", device, "up")
        run(*inside, "route", "add", "default", "via", NEAR.partition("/")[0])
        made.start()
        made.take(images)
        yield made
    finally:
        made.remove()
