"""What no row names any more leaves the store: what superseded runs left, and what was stored for a result that was dropped.

Invariant: nothing is removed that a row names, or has named within the last `KEPT`. It is set aside first, where it is still found,
and removed when it has lain there for so long and no row names it then either: a row that is written meanwhile, or an older copy of
the database that is put in place, gets it back. Whoever is killed at any moment leaves what the next sweep goes on with.
"""

import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from exercises.service import queue
from exercises.service.clock import Clock
from exercises.service.database import Database
from exercises.service.models import Grade, Submission, Version
from exercises.service.store import Store

log = logging.getLogger("exercises.runner")

# What was just stored is named by a row that is still to come; what is half there after so long is never whole.
YOUNG = HALF = timedelta(days=1)
# Longer than the copies of the database last that a class may be put back to.
KEPT = timedelta(days=30)
FIRST_SECONDS, EVERY_SECONDS = 600.0, 6 * 3600.0
MB = 1024 * 1024

NAMING = (Version.archive, Version.student, Version.hidden, Submission.archive, Grade.executed, Grade.left)


@dataclass(frozen=True)
class Swept:
    """How many grades let go of what their run left, how many contents were set aside, and how many removed, of how many bytes."""

    let_go: int
    set_aside: int
    removed: int
    bytes: int


def sweep(database: Database, store: Store, now: datetime) -> Swept | None:
    """Go through the store once; None when somebody else is at it, or copies it."""
    with store.alone() as alone:
        return _sweep(database, store, now) if alone else None


def _sweep(database: Database, store: Store, now: datetime) -> Swept:
    store.clear((now - HALF).timestamp())
    let_go = _let_go(database)
    # What there is comes first, then what is named: what is stored in between is in neither.
    old = [sha for sha, at in store.names().items() if at < (now - YOUNG).timestamp()]
    aside = store.aside()
    with database.read() as session:
        named = set(_named(session))
    unnamed = [sha for sha in old if sha not in named]
    for sha in unnamed:
        store.set_aside(sha, now.timestamp())
    removed, size = 0, 0
    for sha, since in aside.items():
        if sha in named:
            store.bring_back(sha)
        elif since < (now - KEPT).timestamp():
            size += store.remove(sha)
            removed += 1
    return Swept(let_go, len(unnamed), removed, size)


def _let_go(database: Database) -> int:
    """Of each submission, only the newest run's grade names what the run left: nobody looks at that of the others."""
    newer = aliased(Grade)
    kept = or_(Grade.left.is_not(None), Grade.executed.is_not(None))
    later = exists().where(newer.submission_id == Grade.submission_id, newer.run > Grade.run)
    with database.read() as session:
        superseded = session.scalars(select(Grade.id).where(kept, later)).all()
    for start in range(0, len(superseded), queue.AT_ONCE):
        mine = Grade.id.in_(superseded[start : start + queue.AT_ONCE])
        with database.write() as session:
            session.execute(update(Grade).where(mine).values(left=None, executed=None))
    return len(superseded)


def _named(session: Session) -> Iterator[str]:
    for column in NAMING:
        yield from session.scalars(select(column).where(column.is_not(None)).distinct())


class Sweeper:
    """A thread that sweeps now and then."""

    def __init__(self, database: Database, store: Store, clock: Clock) -> None:
        self._database, self._store, self._clock = database, store, clock
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="sweep", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, seconds: float) -> None:
        self._ended.set()
        self._thread.join(seconds)

    def _keep(self) -> None:
        rest = FIRST_SECONDS
        while not self._ended.wait(rest):
            rest = EVERY_SECONDS
            try:
                found = sweep(self._database, self._store, self._clock())
            except Exception:  # the database or the disk is away, say: the next sweep goes on
                log.exception("sweeping the store failed; it is tried again in %g h", EVERY_SECONDS / 3600)
                continue
            if found is None:
                # A backup takes minutes.
                rest = FIRST_SECONDS
            elif found != Swept(0, 0, 0, 0):
                told = (found.let_go, found.set_aside, found.removed, found.bytes / MB)
                log.info("the store: %d superseded run(s) let go, %d content(s) set aside, %d removed (%.1f MB)", *told)
