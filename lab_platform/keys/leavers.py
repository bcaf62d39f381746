"""Takes keys away from whoever has left the class, also when they left while a service was off.

Invariant: a person's keys go only after the hub, asked at that moment, has said that there is no such account; a hub that is
silent, or that does not know this service, takes nobody's. Nothing is remembered between two looks but when the next one is: the
service says whose keys there are, the hub who is gone.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping

from starlette.concurrency import run_in_threadpool

from lab_auth.hub import Hub
from lab_platform.keys import Keys, messages
from lab_platform.keys.turns import Turns

# How soon a service that has gone is noticed, and one that has come, or come back: labs that start use it from then on (presence).
LOOK_SECONDS, LOOK_FOR_SECONDS = 5, 1

log = logging.getLogger("lab_platform.keys")


class Leavers:
    """Compares each service's keys with the hub's accounts: at its return, after it missed a leaver, and every so many seconds."""

    def __init__(
        self,
        keys: Mapping[str, Keys],
        hub: Hub,
        turns: Turns,
        every: float,
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        self._keys, self._hub, self._turns, self._every, self._tick = keys, hub, turns, every, tick
        self._next = dict.fromkeys(keys, 0.0)
        self._failing: set[str] = set()

    def missed(self, name: str) -> None:
        """A service did not take a leaver's keys away; have it compared at the next look.

        One that is away for less than the time between two looks is never seen to return.
        """
        if name in self._next:
            self._next[name] = 0.0

    async def watch(self) -> None:
        """Look until cancelled, at each service for itself: one that is slow to answer holds up no other."""
        await asyncio.gather(*(self._watch(name) for name in self._keys))

    async def _watch(self, name: str) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS if await self.look(name) else LOOK_FOR_SECONDS)

    async def look(self, name: str) -> bool:
        """Compare one service's keys if it is time; whatever fails is told once and tried again at the next look.

        Return whether the service runs.
        """
        found = True
        try:
            found = await run_in_threadpool(self._keys[name].running)
            if not found:
                self._next[name] = 0.0
            elif self._tick() >= self._next[name]:
                # Before the comparison: a leaver who is missed meanwhile makes another due.
                self._next[name] = self._tick() + self._every
                await self._compare(name)
                self._failing.discard(name)
        except Exception as error:
            self._next[name] = 0.0
            if name not in self._failing:
                log.warning(messages.NOT_COMPARED.format(name=name, reason=error))
            self._failing.add(name)
        return found

    async def _compare(self, name: str) -> None:
        one, failed = self._keys[name], []
        for user in sorted(await run_in_threadpool(one.users)):
            # Within the turn nobody is given keys: an account that is made after the hub's answer gets its own after this.
            async with self._turns.of(user):
                if not await self._hub.is_gone(user):
                    continue
                try:
                    await run_in_threadpool(one.revoke, user)
                except Exception as error:
                    # The next one's are taken all the same.
                    failed.append(error)
                else:
                    log.info(messages.TAKEN_FROM_LEAVER.format(name=name, user=user))
        if failed:
            raise failed[0]
