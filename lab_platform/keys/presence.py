"""Which services run, known before anybody asks.

Invariant: a service is taken for absent only on the word of a look that has just been, and only for as long as the next look may
take; whoever is in doubt looks anew. So a class without a group of services pays nothing for it when a lab starts: the name of a
service that is not started costs a second, for each service, before it is known not to be there.
"""

import time
from collections.abc import Callable

from lab_platform.keys import Keys

# A look that is in vain takes three seconds at most, and the next begins a second later (`leavers`).
FRESH_SECONDS = 6.0


class Watched:
    """One service's keys, and when it was last found not to run. See `lab_platform.keys.Keys`."""

    def __init__(self, keys: Keys, tick: Callable[[], float] = time.monotonic) -> None:
        self._keys, self._tick = keys, tick
        self._absent_at: float | None = None
        self.users, self.grant, self.revoke = keys.users, keys.grant, keys.revoke

    def running(self) -> bool:
        """Look now."""
        found = self._keys.running()
        self._absent_at = None if found else self._tick()
        return found

    def known_absent(self) -> bool:
        """Whether the last look, a moment ago, found that it does not run. Never waits."""
        return self._absent_at is not None and self._tick() - self._absent_at < FRESH_SECONDS

    def runs(self) -> bool:
        """Whether it runs, without a look where one has just been in vain."""
        return not self.known_absent() and self.running()
