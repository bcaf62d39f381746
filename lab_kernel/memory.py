"""The container's memory: limit, usage and how many processes the kernel has killed for it; and what the machine has left.

Invariant: works on cgroup versions 1 and 2 and outside any container; what cannot be read is None,
never a guess, and reading never raises.
"""

from dataclasses import dataclass
from pathlib import Path

CGROUP = Path("/sys/fs/cgroup")
MEMINFO = Path("/proc/meminfo")
PROCESSES = Path("/proc")
HIGHEST_SCORE = 1000
# Version 1 says "no limit" with a number near 2**63.
UNLIMITED = 1 << 60


@dataclass(frozen=True)
class Memory:
    """Bytes; `oom_kills` counts processes of this container killed for memory since it started."""

    limit: int | None
    usage: int | None
    oom_kills: int


def read(root: Path = CGROUP) -> Memory:
    """Returns the container's memory as the kernel counts it."""
    if (root / "cgroup.controllers").exists():
        limit = _integer(root / "memory.max")
        usage, cache = _integer(root / "memory.current"), "inactive_file"
        folder, events = root, "memory.events"
    else:
        folder, events = root / "memory", "memory.oom_control"
        limit = _integer(folder / "memory.limit_in_bytes")
        usage, cache = _integer(folder / "memory.usage_in_bytes"), "total_inactive_file"
    if usage is not None:
        # File cache that can be dropped at once is not what kills a process.
        usage = max(0, usage - _pairs(folder / "memory.stat").get(cache, 0))
    if limit is not None and limit >= UNLIMITED:
        limit = None
    return Memory(limit, usage, _pairs(folder / events).get("oom_kill", 0))


def available(meminfo: Path = MEMINFO) -> int | None:
    """Returns the bytes that the whole machine can still give, which a container is shown too."""
    try:
        lines = meminfo.read_text().splitlines()
        return next(int(line.split()[1]) << 10 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, ValueError, IndexError, StopIteration):
        return None


def prefer_as_victim(pid: int | str, more: int, processes: Path = PROCESSES) -> bool:
    """Asks the kernel to kill this process before the lab's others when memory runs out; returns success.

    `more` is added to the score of the lab's first process, which the hub has set for the whole lab; the sum is 1000 (always first)
    at most. Raising it needs no privilege; so the Jupyter server, whose score stays, outlives what a student runs.
    """
    try:
        path = processes / str(pid) / "oom_score_adj"
        score = min(HIGHEST_SCORE, int((processes / "1" / "oom_score_adj").read_text()) + more)
        if int(path.read_text()) < score:
            path.write_text(str(score))
    except (OSError, ValueError):
        return False
    return True


def human(size: int | None) -> str:
    """Returns `1.5 GiB` or `300 MiB`; an unknown size as `?`."""
    if size is None:
        return "?"
    if size >= 1 << 30:
        return f"{size / (1 << 30):.1f} GiB".replace(".0 ", " ")
    return f"{size / (1 << 20):.0f} MiB"


def _integer(path: Path) -> int | None:
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return None


def _pairs(path: Path) -> dict[str, int]:
    try:
        lines = path.read_text().splitlines()
    except OSError:
        return {}
    pairs = (line.split() for line in lines)
    return {pair[0]: int(pair[1]) for pair in pairs if len(pair) == 2 and pair[1].isdigit()}
