"""Whose lab starts next.

Invariant: at most so many labs start at once; people are served in the order in which they asked, and before labs that are prepared
for later; whoever leaves, waiting or not, lets the next one in at once; a start that takes long goes on, but holds up nobody behind
it. Used in the hub's loop only. Nothing of it is stored: a hub that falls forgets the queue, and the pages that wait ask again.
"""

import asyncio
import math
import time
from collections.abc import Callable

# One start keeps a processor busy for about two seconds, and waits for the disk and the engine in between.
STARTS_PER_PROCESSOR = 1.5
# How long one start takes, until the first were seen; then what was seen counts, the newest most.
FIRST_GUESS_SECONDS = 4.0
_WEIGHT_OF_NEWEST = 0.3
# A start that has not ended by then is waiting for something, and not for a processor.
LONGEST_TURN_SECONDS = 20.0


class Turn:
    """One start's place. `place` is 1 for whoever is next, 0 when it is its turn."""

    def __init__(self, changed: Callable[["Turn"], None], person: bool) -> None:
        self.person = person
        self.place = self.of = 0
        self.seconds = 0.0
        self.began: float | None = None
        self.changed = changed
        self._arrived = asyncio.Event()

    @property
    def waits(self) -> bool:
        return not self._arrived.is_set()

    async def arrives(self) -> None:
        """Return when it is this start's turn."""
        await self._arrived.wait()

    def let_in(self, now: float) -> None:
        self.began, self.place, self.of = now, 0, 0
        self._arrived.set()


class StartQueue:
    """The starts of one hub."""

    def __init__(self, at_once: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.at_once = at_once
        self._clock = clock
        self._waiting: list[Turn] = []
        self._starting: set[Turn] = set()
        self._typical = FIRST_GUESS_SECONDS

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def enter(self, changed: Callable[[Turn], None], person: bool = True) -> Turn:
        """Take a place at the end; ``changed`` is called whenever the place is another one, and once when the turn has come."""
        turn = Turn(changed, person)
        self._waiting.insert(self._behind_people() if person else len(self._waiting), turn)
        self._move()
        return turn

    def promote(self, turn: Turn) -> None:
        """Somebody waits for a lab that was only being prepared: from now on it is a person's."""
        if turn.person or turn not in self._waiting:
            return
        self._waiting.remove(turn)
        turn.person = True
        self._waiting.insert(self._behind_people(), turn)
        self._move()

    def leave(self, turn: Turn, answered: bool = False) -> None:
        """This start has ended, or will not be; ``answered``: the lab runs, so the time that it took is one to learn from."""
        if turn in self._waiting:
            self._waiting.remove(turn)
        if answered and turn.began is not None:
            took = self._clock() - turn.began
            self._typical += _WEIGHT_OF_NEWEST * (took - self._typical)
        self._starting.discard(turn)
        self._move()

    def _behind_people(self) -> int:
        return sum(turn.person for turn in self._waiting)

    def _move(self) -> None:
        """Let in whoever may, and tell all others where they are."""
        while self._waiting and len(self._starting) < self.at_once:
            turn = self._waiting.pop(0)
            self._starting.add(turn)
            turn.let_in(self._clock())
            asyncio.get_running_loop().call_later(LONGEST_TURN_SECONDS, self._give_way, turn)
            turn.changed(turn)
        for place, turn in enumerate(self._waiting, 1):
            seconds = (math.ceil(place / self.at_once) + 1) * self._typical
            if (place, len(self._waiting)) != (turn.place, turn.of):
                turn.place, turn.of, turn.seconds = place, len(self._waiting), seconds
                turn.changed(turn)

    def _give_way(self, turn: Turn) -> None:
        if turn in self._starting:
            self._starting.discard(turn)
            self._move()


def at_once(setting: int, processors: int) -> int:
    """Return how many labs start at once: what the operator has set, or what the processors bear."""
    return setting or max(2, round(processors * STARTS_PER_PROCESSOR))
