"""The runner's threads: each takes a job, holds it while it is done, and takes the next.

Invariant: at most one thread tries laws, however many versions are pushed, so that students' work is not kept waiting by them
(unless there is one thread only). A job is held by renewing its lease; when that fails, somebody else has it and the result is
dropped.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from exercises.runner.limits import EngineAway
from exercises.runner.work import Work
from exercises.service import queue
from exercises.service.clock import Clock
from exercises.service.database import Database
from exercises.service.models import GRADE, LAWS

log = logging.getLogger("exercises.runner")

POLL_SECONDS = 0.3
RENEW_SECONDS = queue.LEASE.total_seconds() / 4
TROUBLE_SECONDS = 5.0


class Workers:
    """`count` threads over one queue. `pulse` is a file that is touched as long as they look for work."""

    def __init__(self, database: Database, work: Work, clock: Clock, *, name: str, count: int, pulse: Path | None = None) -> None:
        self._database, self._work, self._clock = database, work, clock
        self._name, self._pulse = name, pulse
        self._ended = threading.Event()
        self._threads = [
            threading.Thread(target=self._keep, args=(_kinds(number, count),), name=f"worker-{number}", daemon=True)
            for number in range(count)
        ]

    def start(self) -> None:
        """Give back what an earlier process of this name held, then look for work."""
        if count := queue.release(self._database, self._name):
            log.info("taking up %d job(s) that an earlier runner left", count)
        for thread in self._threads:
            thread.start()

    def stop(self, seconds: float) -> None:
        """Take no more jobs, and wait so long for those at hand; whatever is not done by then is taken up by the next runner."""
        self._ended.set()
        for thread in self._threads:
            thread.join(seconds)

    def _keep(self, kinds: tuple[str, ...]) -> None:
        while not self._ended.is_set():
            try:
                busy = self._one(kinds)
            except EngineAway as error:
                log.warning("trying again in %g s; no try is counted: %s", TROUBLE_SECONDS, error)
                self._ended.wait(TROUBLE_SECONDS)
                continue
            except Exception:  # the database is away, say: this thread is still there when it comes back
                log.exception("looking for work failed; trying again in %g s", TROUBLE_SECONDS)
                self._ended.wait(TROUBLE_SECONDS)
                continue
            if self._pulse is not None:
                self._pulse.touch()
            if not busy:
                self._ended.wait(POLL_SECONDS)

    def _one(self, kinds: tuple[str, ...]) -> bool:
        claim = queue.take(self._database, self._name, self._clock, kinds)
        if claim is None:
            return False
        with self._held(claim):
            if not self._work.do(claim):
                log.warning("%s %s was taken over by another runner; this result is dropped", claim.kind, claim.subject)
        return True

    @contextmanager
    def _held(self, claim: queue.Claim) -> Iterator[None]:
        done = threading.Event()

        def renew() -> None:
            while not done.wait(RENEW_SECONDS):
                if self._pulse is not None:
                    self._pulse.touch()
                try:
                    queue.renew(self._database, claim, self._clock)
                except Exception:  # tried again before the lease ends
                    log.exception("renewing a lease failed")

        thread = threading.Thread(target=renew, name="lease", daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()


def _kinds(number: int, count: int) -> tuple[str, ...]:
    return (LAWS, GRADE) if number == 0 or count == 1 else (GRADE,)


