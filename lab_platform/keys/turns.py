"""One thing at a time is done to a person's keys.

Invariant: whoever is within `of(user)` is alone there; different people never wait for each other, and nothing is kept of a person
for whom nobody waits.
"""

import asyncio
from weakref import WeakValueDictionary


class Turns:
    """Belongs to one event loop."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def of(self, user: str) -> asyncio.Lock:
        """Return what to enter with `async with`."""
        return self._locks.setdefault(user, asyncio.Lock())
