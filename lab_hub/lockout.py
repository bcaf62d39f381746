"""Guessing a password is made slow.

Invariant: an attempt counts before it is checked, so that attempts made at once are all counted; names that nobody has are treated
the same, so that a lock tells nothing; memory is bounded. A restart of the hub forgets it all, but no guesser can cause one.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MOST_NAMES = 10_000


@dataclass
class _Record:
    attempts: int
    last: float


class Lockout:
    """At most ``limit`` attempts in a row for a name, then none for ``seconds``."""

    def __init__(self, limit: int, seconds: float, clock: Callable[[], float] = time.time) -> None:
        self._limit = limit
        self._seconds = seconds
        self._clock = clock
        self._records: OrderedDict[str, _Record] = OrderedDict()

    def remaining(self, name: str, since: float = 0.0) -> float:
        """Return for how many seconds no attempt is allowed; 0 if one is. Attempts before ``since`` do not count."""
        record = self._current(name, since)
        if record is None or record.attempts < self._limit:
            return 0.0
        return record.last + self._seconds - self._clock()

    def attempt(self, name: str, since: float = 0.0) -> None:
        """Count one attempt."""
        record = self._current(name, since) or _Record(0, 0.0)
        self._records[name] = _Record(record.attempts + 1, self._clock())
        self._records.move_to_end(name)
        while len(self._records) > MOST_NAMES:
            self._records.popitem(last=False)

    def forget(self, name: str) -> None:
        """The right password was given."""
        self._records.pop(name, None)

    def _current(self, name: str, since: float) -> _Record | None:
        record = self._records.get(name)
        if record is None or record.last < since or record.last + self._seconds <= self._clock():
            return None
        return record
