"""When the hub will stop this lab because nobody uses it, and how its person keeps it.

Invariant: the same rule as the hub's culler, on the same record of activity. Use that the hub has not heard of is reported before
it would stop the lab for want of it, not only at the next regular report.
"""

import datetime
from collections.abc import Awaitable, Callable

KEPT = "kept by its person"


class Idle:
    """``last`` says when the lab was last used; ``report`` tells the hub and returns whether it was heard."""

    def __init__(
        self,
        seconds: float,
        warn: float,
        last: Callable[[], datetime.datetime],
        report: Callable[[datetime.datetime], Awaitable[bool]],
    ) -> None:
        self._seconds, self._warn, self._last, self._report = seconds, warn, last, report
        self._reported: datetime.datetime | None = None

    def left(self, now: datetime.datetime, busy: bool) -> float | None:
        """Return the seconds until the lab is stopped, if its person should know."""
        if not self._seconds or busy:
            return None
        left = self._seconds - (now - self._last()).total_seconds()
        return max(0.0, left) if left <= self._warn else None

    async def tell_in_time(self, now: datetime.datetime) -> None:
        """Report use that the hub may not know of, once half of the limit has gone by since the last report of ours."""
        if not self._seconds:
            return
        last = self._last()
        before = self._reported or now - datetime.timedelta(days=1)
        if last > before and (now - before).total_seconds() > self._seconds / 4 and await self._report(last):
            self._reported = last

    async def keep(self, now: datetime.datetime) -> bool:
        """Say that the lab is wanted; return whether the hub has heard it."""
        heard = await self._report(now)
        if heard:
            self._reported = now
        return heard
