"""What this container uses of processors and processes, beside its memory (lab_kernel.memory).

Invariant: the kernel's own counts for the container, on cgroup versions 1 and 2; what cannot be read is None, never a guess.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lab_kernel.memory import CGROUP

_SHORTEST_SECONDS = 0.5


@dataclass(frozen=True)
class Count:
    used: float | None
    limit: float | None


def processes(root: Path = CGROUP) -> Count:
    """Processes and threads."""
    folder = root if _second(root) else root / "pids"
    return Count(_first(folder / "pids.current"), _first(folder / "pids.max"))


class Processors:
    """Use between two looks, in processors (1.5: one and a half)."""

    def __init__(self, root: Path = CGROUP, clock: Callable[[], float] = time.monotonic) -> None:
        self._root, self._clock = root, clock
        self._at, self._spent = clock(), self._seconds()
        self._used: float | None = None

    def look(self) -> Count:
        now, spent = self._clock(), self._seconds()
        if spent is None or self._spent is None:
            self._used = None
        elif now - self._at < _SHORTEST_SECONDS:
            return Count(self._used, self._limit())
        else:
            self._used = max(0.0, spent - self._spent) / (now - self._at)
        self._at, self._spent = now, spent
        return Count(self._used, self._limit())

    def _seconds(self) -> float | None:
        if _second(self._root):
            found = _word(self._root / "cpu.stat", "usage_usec")
            return None if found is None else found / 1e6
        found = _first(self._root / "cpuacct" / "cpuacct.usage")
        return None if found is None else found / 1e9

    def _limit(self) -> float | None:
        if _second(self._root):
            quota, period = _first(self._root / "cpu.max"), _first(self._root / "cpu.max", 1)
        else:
            quota, period = _first(self._root / "cpu" / "cpu.cfs_quota_us"), _first(self._root / "cpu" / "cpu.cfs_period_us")
        return quota / period if quota and period and quota > 0 else None


def _second(root: Path) -> bool:
    return (root / "cgroup.controllers").exists()


def _first(path: Path, position: int = 0) -> float | None:
    """The number at this position; `max` is none."""
    try:
        return float(path.read_text().split()[position])
    except (OSError, ValueError, IndexError):
        return None


def _word(path: Path, name: str) -> float | None:
    try:
        return float(dict(line.split(" ", 1) for line in path.read_text().splitlines())[name])
    except (OSError, ValueError, KeyError):
        return None
