"""The broker's operating system process: started once for each home, found again by every kernel, ended with the last one.

Invariant: whoever holds the lock file is the only one who starts or ends the broker; a process counts as the broker only if
its command line names this home's configuration, so a stale or re-used process id is never mistaken for it.
"""

import base64
import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

from lab_kernel.kafka import config, messages
from lab_kernel.kafka.errors import KafkaError
from lab_kernel.kafka.settings import LOOPBACK, KafkaSettings

# Ends the broker when no kernel that uses it is left, even if they were killed: a lab has no memory to spare for an orphan.
# A dead process that nobody has reaped has an empty command line; a living one, while it changes its program, for a moment only.
WATCH = """
runs() { grep -q kafka.Kafka "/proc/$1/cmdline" 2>/dev/null; }
while runs "$1" || { sleep 1; runs "$1"; }; do
  sleep "$3"
  for user in "$2"/*; do
    if [ -e "$user" ] && kill -0 "${user##*/}" 2>/dev/null; then continue 2; fi
  done
  kill "$1"
done
"""
WATCH_SECONDS = 5
GRACE_SECONDS = 20
PORT_SECONDS = 3
EXEC_SECONDS = 0.5


class BrokerProcess:
    """The one broker of a home folder, whichever kernel started it."""

    def __init__(self, settings: KafkaSettings) -> None:
        self.settings = settings
        self.home = settings.home
        self.config_file = self.home / "server.properties"
        self.pid_file = self.home / "broker.pid"
        self.log = self.home / "broker.log"
        self.users = self.home / "users"
        self._children: list[subprocess.Popen] = []

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Holds this home's lock, which dies with the process that holds it."""
        self.home.mkdir(parents=True, exist_ok=True)
        with open(self.home / "lock", "w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def pid(self) -> int | None:
        """The living broker's process id, or None."""
        self._reap()
        try:
            pid = int(self.pid_file.read_text())
        except (OSError, ValueError):
            return None
        if self._children and self._children[0].pid == pid:
            # Whoever launched it need not ask who it is.
            return pid if self._children[0].returncode is None else None
        command = _command(pid)
        ours = b"kafka.Kafka" in command and str(self.config_file).encode() in command
        return pid if ours else None

    def launch(self) -> None:
        """Starts the broker; the caller holds the lock and has seen that none lives. Does not wait for it to answer."""
        jars = self._jars()
        self._refuse_taken_port(self.settings.port)
        self._refuse_taken_port(self.settings.controller_port)
        self.users.mkdir(exist_ok=True)
        for stale in self.users.iterdir():
            stale.unlink()
        self.join()
        self.config_file.write_text(config.server_properties(self.settings))
        (self.home / "log4j2.properties").write_text(config.LOG4J2)
        self._format(jars)
        with open(self.log, "w") as log:
            # An own process group: Ctrl-C in the notebook interrupts the cell, not the broker.
            broker = subprocess.Popen(
                [*self._java(jars), "kafka.Kafka", str(self.config_file)],
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, process_group=0, cwd=self.home,
            )
        watch = subprocess.Popen(
            ["sh", "-c", WATCH, "kafka-watch", str(broker.pid), str(self.users), str(WATCH_SECONDS)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            process_group=broker.pid, cwd="/",
        )
        self._children = [broker, watch]
        self.pid_file.write_text(str(broker.pid))

    def exit_code(self) -> int | None:
        """How the broker that this object launched ended, or None while it lives or if another kernel launched it."""
        return self._children[0].poll() if self._children else None

    def answers_tcp(self) -> bool:
        with socket.socket() as probe:
            probe.settimeout(1)
            return probe.connect_ex((LOOPBACK, self.settings.port)) == 0

    def join(self) -> None:
        """Notes that this process uses the broker."""
        self.users.mkdir(parents=True, exist_ok=True)
        (self.users / str(os.getpid())).touch()

    def leave(self) -> None:
        (self.users / str(os.getpid())).unlink(missing_ok=True)

    def other_users(self) -> list[int]:
        """Living processes, other than this one, that noted their use."""
        found = []
        for note in self.users.iterdir() if self.users.is_dir() else ():
            alive = note.name.isdigit() and Path(f"/proc/{note.name}").exists()
            if alive and int(note.name) != os.getpid():
                found.append(int(note.name))
        return sorted(found)

    def end(self) -> bool:
        """Ends the broker, cleanly if it can; returns whether there was one. The caller holds the lock."""
        pid = self.pid()
        if pid is not None:
            os.kill(pid, signal.SIGTERM)
            deadline = time.monotonic() + GRACE_SECONDS
            while self.pid() is not None and time.monotonic() < deadline:
                time.sleep(0.05)
            # The watcher, and the broker if it did not listen.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)
        for child in self._children:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(timeout=5)
        self._children = []
        self.pid_file.unlink(missing_ok=True)
        return pid is not None

    def memory_mb(self) -> float | None:
        """Resident memory of the broker in MB, or None if it does not run."""
        pid = self.pid()
        if pid is None:
            return None
        with open(f"/proc/{pid}/status") as status:
            kilobytes = next((line.split()[1] for line in status if line.startswith("VmRSS:")), "0")
        return int(kilobytes) / 1024

    def log_tail(self, lines: int = 15) -> str:
        """The last lines of the broker's log that say something (stack frames are left out)."""
        if not self.log.is_file():
            return "(empty)"
        text = self.log.read_text(errors="replace").splitlines()
        telling = [line for line in text if not line.lstrip().startswith("at ")]
        return "\n".join(telling[-lines:]) or "(empty)"

    def hint(self, text: str) -> str:
        """What to do about a failure whose messages are `text`."""
        if "No space left" in text or "Disk quota" in text:
            return messages.HINT_DISK
        if "OutOfMemory" in text or "Cannot allocate memory" in text:
            return messages.HINT_MEMORY
        return messages.HINT_STORAGE.format(folder=self.home)

    def _reap(self) -> None:
        for child in self._children:
            child.poll()

    def _jars(self) -> list[Path]:
        jars = sorted(self.settings.libs.glob("*.jar"))
        if not any(jar.name.startswith("kafka-server-") for jar in jars):
            found = f"{len(jars)} jars" if self.settings.libs.is_dir() else "no such folder"
            raise KafkaError(messages.NO_JARS.format(libs=self.settings.libs, found=found))
        return jars

    def _java(self, jars: list[Path]) -> list[str]:
        return [
            self.settings.java, f"-Xmx{self.settings.heap}", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
            f"-Dlog4j2.configurationFile={self.home / 'log4j2.properties'}",
            "-cp", os.pathsep.join(map(str, jars)),
        ]

    def _format(self, jars: list[Path]) -> None:
        """Prepares the storage once. The marker comes last, so a half-made storage is made again."""
        marker = self.home / "formatted"
        if marker.exists():
            return
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=").replace("-", "A")
        tool = ["kafka.tools.StorageTool", "format", "--ignore-formatted", "-t", cluster, "-c", str(self.config_file)]
        try:
            done = subprocess.run(
                [*self._java(jars), *tool], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120,
            )
        except FileNotFoundError:
            raise KafkaError(messages.NO_JAVA.format(java=self.settings.java)) from None
        if done.returncode != 0:
            tail = "\n".join((done.stdout + done.stderr).splitlines()[-8:])
            raise KafkaError(messages.FORMAT_FAILED.format(
                folder=self.home / "data", code=done.returncode, tail=tail, hint=self.hint(tail)))
        marker.touch()

    def _refuse_taken_port(self, port: int) -> None:
        # A broker that has just died may hold its port for a moment longer.
        deadline = time.monotonic() + PORT_SECONDS
        while not _free(port):
            if time.monotonic() > deadline:
                raise KafkaError(messages.PORT_TAKEN.format(address=f"{LOOPBACK}:{port}"))
            time.sleep(0.1)


def _command(pid: int) -> list[bytes]:
    """The process's command line; an empty list when there is none. One that changes its program has none for a moment."""
    deadline = time.monotonic() + EXEC_SECONDS
    while True:
        try:
            found = Path(f"/proc/{pid}/cmdline").read_bytes()
            dead = "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text()
        except OSError:
            return []
        if found or dead or time.monotonic() > deadline:
            return found.split(b"\0") if found else []
        time.sleep(0.01)


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True
