"""How much the home holds, and what follows from it.

Invariant: measured only when somebody wants to know, by one `du` at a time that gives way to everything else, and the rarer the
longer it takes. A home that cannot be measured is treated as a small one: a quota never stands between a person and their files.
"""

import asyncio
import contextlib
import enum
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

NEAR_PERCENT = 80
_FRESH_SECONDS, _FRESH_FULL_SECONDS = 60, 10
# A look that took a second is good for half a minute more.
_FRESH_TIMES = 30
_LONGEST_SECONDS = 120
# A notebook may fill the home: before it starts, what is older than this, and than thrice the time of a look, is measured again.
_FRESH_START_SECONDS, _FRESH_START_TIMES = 10, 3


class Level(enum.Enum):
    """Where a home stands; the numbers grow with the trouble."""

    FINE = 0
    NEAR = 1
    OVER = 2
    FULL = 3


class Home:
    """One person's home, with its quota in bytes (0: none)."""

    def __init__(
        self,
        folder: Path,
        quota: int,
        full: int,
        measure: Callable[[Path], Awaitable[int | None]] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.quota, self.full = quota, full
        self._folder, self._measure, self._clock = folder, measure or disk_used, clock
        self.used: int | None = None
        self._look: asyncio.Task | None = None
        self._fresh_until = self._start_fresh_until = clock()

    @property
    def level(self) -> Level:
        if not self.quota or self.used is None:
            return Level.FINE
        if self.used >= self.full:
            return Level.FULL
        if self.used >= self.quota:
            return Level.OVER
        return Level.NEAR if 100 * self.used >= NEAR_PERCENT * self.quota else Level.FINE

    def look(self) -> asyncio.Task:
        """Begin to measure, unless that is under way or was just done; return the task."""
        done = self._look is None or self._look.done()
        if done and (self._look is None or self._clock() >= self._fresh_until):
            self._look = asyncio.ensure_future(self._measured())
        return self._look

    async def allows_a_notebook(self, seconds: float = 20) -> bool:
        """Whether a kernel may be started. What was deleted or written a moment ago counts."""
        if not self.quota:
            return True
        if self._look is not None and self._look.done():
            if self.level is Level.FULL or self._clock() >= self._start_fresh_until:
                self._fresh_until = self._clock()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(self.look()), seconds)
        return self.level is not Level.FULL

    async def _measured(self) -> None:
        began = self._clock()
        self.used = await self._measure(self._folder)
        now = self._clock()
        fresh = _FRESH_FULL_SECONDS if self.level is Level.FULL else _FRESH_SECONDS
        self._fresh_until = now + max(fresh, _FRESH_TIMES * (now - began))
        self._start_fresh_until = now + max(_FRESH_START_SECONDS, _FRESH_START_TIMES * (now - began))


async def disk_used(folder: Path) -> int | None:
    """Return the bytes that a folder takes on its disk, or None. What is mounted into it is not counted."""
    process = await asyncio.create_subprocess_exec(
        *("nice", "-n", "19", "ionice", "-c", "3", "du", "-sx", "--block-size=1", "--", str(folder)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        # Files that vanish meanwhile make du complain, and count none the less.
        printed, _ = await asyncio.wait_for(process.communicate(), _LONGEST_SECONDS)
        return int(printed.split()[0])
    except (TimeoutError, ValueError, IndexError):
        return None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
