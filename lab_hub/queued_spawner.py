"""A start waits for its turn before its own time begins.

Invariant: `start` is called when the turn has come, and start_timeout counts from there (the hub sets no deadline before); what
makes a start impossible is told before it takes a turn; a start that ends in whatever way, cancelled too, gives its place away.
"""

import asyncio
import os
from contextlib import asynccontextmanager

from dockerspawner import DockerSpawner
from jupyterhub.utils import maybe_future
from traitlets import Integer

from lab_hub import messages, start_queue
from lab_hub.spawn_progress import Timeline
from lab_hub.start_queue import StartQueue, Turn

_LOOK_SECONDS = 0.1
_TURN_PERCENT = 5


class QueuedSpawner(DockerSpawner):
    """DockerSpawner whose starts go one after the other, so many at once."""

    starts_at_once = Integer(0, config=True, help="Labs that start at the same time; 0: as many as the processors bear.")

    # One for all labs of this hub, made at the first start.
    _queue: StartQueue | None = None

    timeline: Timeline | None = None
    _turn: Turn | None = None

    @property
    def queue(self) -> StartQueue:
        if QueuedSpawner._queue is None:
            QueuedSpawner._queue = StartQueue(start_queue.at_once(self.starts_at_once, os.cpu_count() or 1))
        return QueuedSpawner._queue

    async def refuse_at_once(self) -> None:
        """Raise StartFailed if the start is known to be in vain."""

    @asynccontextmanager
    async def explained(self):
        """Whatever is raised in here has a plain reason."""
        yield

    async def run_pre_spawn_hook(self) -> None:
        """The hub's last step before `start`, and the only one without a deadline: wait for the turn."""
        await maybe_future(super().run_pre_spawn_hook())
        self.timeline = Timeline()
        # Before the first await: first come, first served.
        self._turn = turn = self.queue.enter(self._moved, person=self._asked_by_a_person())
        try:
            async with self.explained():
                await self.refuse_at_once()
            if turn.waits:
                self.log.info("Lab of %s waits at place %d of %d", self._log_name, turn.place, turn.of)
            await turn.arrives()
        except BaseException:
            # Cancelled is one of them: the person does not want the lab any more.
            self.give_turn_away()
            self.timeline.close()
            raise

    def _asked_by_a_person(self) -> bool:
        """Services start labs that nobody waits for yet."""
        asking = getattr(self.handler, "current_user", None)
        return getattr(asking, "kind", "user") == "user"

    def _moved(self, turn: Turn) -> None:
        if turn.waits:
            self.timeline.wait_at(messages.place(turn.place, turn.of, turn.seconds))
        else:
            self.timeline.wait_at("")
            # Who never waited is not told that it is over.
            if self.timeline.waited:
                self.timeline.mark(_TURN_PERCENT, messages.YOUR_TURN)

    def give_turn_away(self, answered: bool = False) -> None:
        """The next one may start. Said twice, it counts once."""
        turn, self._turn = self._turn, None
        if turn is not None:
            self.queue.leave(turn, answered)

    def clear_state(self) -> None:
        """The hub calls it before each start and after each end."""
        super().clear_state()
        self.give_turn_away()

    async def progress(self):
        """The spawn page's entries. Whoever watches is waiting for this lab."""
        # The page may be quicker than the hub's own steps before the start.
        while self.timeline is None and self._spawn_pending:
            await asyncio.sleep(_LOOK_SECONDS)
        if self.timeline is None:
            return
        if self._turn is not None:
            self.queue.promote(self._turn)
        async for entry in self.timeline.follow():
            yield entry
