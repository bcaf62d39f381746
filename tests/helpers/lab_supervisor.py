"""Runs one command inside a lab container and writes down what it used.

Invariant: the standard library only, because it is the first process of the container and must tell
what happened even when everything else is broken. It writes OUT/usage.json whatever happens.

usage: lab_supervisor.py OUT SECONDS COMMAND...
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

CGROUP = Path("/sys/fs/cgroup")
SAMPLE_SECONDS = 0.2
GRACE_SECONDS = 10


def _numbers(path: Path) -> dict[str, int]:
    """Return a cgroup file of "key value" lines."""
    pairs = (line.split() for line in path.read_text().splitlines())
    return {pair[0]: int(pair[1]) for pair in pairs if len(pair) == 2 and pair[1].isdigit()}


class Cgroup:
    """The container's own counters; version 1 and version 2 name them differently."""

    def __init__(self, root: Path = CGROUP) -> None:
        self.unified = (root / "cgroup.controllers").exists()
        self.memory = root if self.unified else root / "memory"
        self.cpu = root if self.unified else root / "cpuacct"

    def resident(self) -> int:
        """Bytes that cannot be dropped: anonymous pages and shared memory, not the file cache."""
        stat = _numbers(self.memory / "memory.stat")
        if self.unified:
            return stat["anon"] + stat.get("shmem", 0)
        return stat["total_rss"] + stat.get("total_shmem", stat.get("shmem", 0))

    def cpu_seconds(self) -> float:
        if self.unified:
            return _numbers(self.cpu / "cpu.stat")["usage_usec"] / 1e6
        return int((self.cpu / "cpuacct.usage").read_text()) / 1e9

    def killed_for_memory(self) -> int:
        """How many processes the kernel killed because the container's limit was reached."""
        name = "memory.events" if self.unified else "memory.oom_control"
        return _numbers(self.memory / name).get("oom_kill", 0)


def others() -> dict[int, str]:
    """Return the running processes besides this one, by command line."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
        except OSError:
            continue
        if command:
            found[int(entry.name)] = command
    return found


def supervise(out: Path, seconds: float, command: list[str]) -> int:
    """Run the command, return its exit status (124 when it ran out of time)."""
    cgroup = Cgroup()
    started = time.monotonic()
    cpu_before = cgroup.cpu_seconds()
    # Kept: a Popen that nobody holds reaps its child on its way out, if that has ended by then, and its status is lost.
    process = subprocess.Popen(command, start_new_session=True)
    child = process.pid
    peak, status, timed_out = 0, None, False
    while status is None:
        # As process 1 it inherits orphans: reap whatever has ended, and note when it is the child.
        while True:
            try:
                ended, code = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                break
            if ended == 0:
                break
            if ended == child:
                status = os.waitstatus_to_exitcode(code)
        peak = max(peak, cgroup.resident())
        elapsed = time.monotonic() - started
        if status is not None:
            process.returncode = status
            break
        if elapsed > seconds and not timed_out:
            timed_out = True
            os.killpg(child, signal.SIGTERM)
        elif elapsed > seconds + GRACE_SECONDS:
            os.killpg(child, signal.SIGKILL)
        time.sleep(SAMPLE_SECONDS)
    left, deadline = others(), time.monotonic() + GRACE_SECONDS
    while left and not timed_out and time.monotonic() < deadline:
        time.sleep(SAMPLE_SECONDS)
        try:
            os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            pass
        left = others()
    usage = {
        "status": 124 if timed_out else status,
        "timed_out": timed_out,
        "wall_seconds": round(elapsed, 2),
        "cpu_seconds": round(cgroup.cpu_seconds() - cpu_before, 2),
        "peak_bytes": peak,
        "killed_for_memory": cgroup.killed_for_memory(),
        "left_running": sorted(left.values()),
    }
    (out / "usage.json").write_text(json.dumps(usage, indent=1))
    for path in out.rglob("*"):
        # The files belong to the lab's user; whoever runs the tests must be able to remove them.
        if path.stat().st_uid == os.getuid():
            path.chmod(0o777 if path.is_dir() else 0o666)
    return 124 if timed_out else status


if __name__ == "__main__":
    sys.exit(supervise(Path(sys.argv[1]), float(sys.argv[2]), sys.argv[3:]))
