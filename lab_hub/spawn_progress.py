"""What a person watches while a lab starts.

Invariant: an entry is made only when the thing has happened, with the seconds since the start was asked for; everybody who watches
sees all entries, from the first one. A place in the queue is no entry: it is true until the next one, and only the newest is told.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable

from lab_hub import messages

_WAITING_PERCENT = 2


class Timeline:
    """The entries of one start. Used in the hub's loop only."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = clock()
        self._entries: list[dict] = []
        self._place = ""
        # Whether there was ever a place in the queue.
        self.waited = False
        self._changed = asyncio.Event()
        self._closed = False

    @property
    def seconds(self) -> float:
        return self._clock() - self._began

    def mark(self, percent: int, what: str) -> None:
        """Add an entry, once: an event that comes again (a container that restarts) is no progress."""
        if any(entry["what"] == what for entry in self._entries):
            return
        text = messages.WITH_SECONDS.format(what=what, seconds=self.seconds)
        # Events overtake each other; the bar never goes back.
        percent = max([percent, *(entry["progress"] for entry in self._entries)])
        self._entries.append({"progress": percent, "what": what, "message": text})
        self._wake()

    def say(self, text: str) -> None:
        """Add an entry that is no step of the start."""
        percent = max([0, *(entry["progress"] for entry in self._entries)])
        self._entries.append({"progress": percent, "what": text, "message": text})
        self._wake()

    def wait_at(self, place: str) -> None:
        """Say where in the queue this start is; an empty text: it waits no longer."""
        self._place = place
        self.waited = self.waited or bool(place)
        self._wake()

    def close(self) -> None:
        """There will be no more entries."""
        self._closed = True
        self._wake()

    async def follow(self) -> AsyncIterator[dict]:
        """Yield the entries so far, then each new one and each new place in the queue, until the end."""
        seen, told = 0, ""
        while True:
            changed = self._changed
            while seen < len(self._entries):
                entry = self._entries[seen]
                seen += 1
                yield {"progress": entry["progress"], "message": entry["message"]}
            if self._closed:
                return
            if self._place != told:
                told = self._place
                if told:
                    # `waiting` tells the page to replace this text, and not to keep it.
                    yield {"progress": _WAITING_PERCENT, "message": told, "waiting": True}
            await changed.wait()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
