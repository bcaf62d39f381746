"""The queue of runs, in the database.

Invariant: a job belongs to one claim at a time. Whoever finishes it writes the result and the job's end in one
transaction, and only if the claim is still the job's: a runner killed at any moment leaves either no result and a job
that is taken again, or a result and a finished job. A job whose runners died `MOST_TRIES` times is given up
by the next (`tries` says so), so that it cannot stop the others.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, insert, or_, select, update
from sqlalchemy.orm import Session

from exercises.service.clock import Clock
from exercises.service.database import Database
from exercises.service.models import DONE, FAILED, GRADE, LAWS, QUEUED, RUNNING, Job

LEASE = timedelta(seconds=60)
MOST_TRIES = 5
# No more values than any database takes in one query.
AT_ONCE = 500
# A job given back waits so long before its second try, and twice as long before each further one: an engine that is started
# again costs nobody their grade.
WAIT = timedelta(seconds=15)


@dataclass(frozen=True)
class Claim:
    """A job as its worker holds it. `tries` counts this one."""

    job: int
    kind: str
    subject: str
    run: int
    version: int
    tries: int
    token: str
    changed: bool = False


def add(session: Session, kind: str, subject: str, version: int, now: datetime) -> None:
    """Queue a run of a submission or of a version's laws: the next one after those that it has had."""
    add_all(session, kind, {subject: version}, now)


def add_all(
    session: Session, kind: str, wanted: Mapping[str, int], now: datetime, *, changed: bool = False, regrade: int | None = None
) -> None:
    """Queue a run of each subject, against the version that it has in `wanted`, in that order."""
    runs: dict[str, int] = {}
    subjects = list(wanted)
    for start in range(0, len(subjects), AT_ONCE):
        mine = Job.subject.in_(subjects[start : start + AT_ONCE])
        last = select(Job.subject, func.max(Job.run)).where(Job.kind == kind, mine).group_by(Job.subject)
        runs |= dict(session.execute(last).all())
    same = {"kind": kind, "state": QUEUED, "queued_at": now, "changed": changed, "regrade_id": regrade}
    jobs = [{**same, "subject": one, "run": runs.get(one, 0) + 1, "version_id": version} for one, version in wanted.items()]
    if jobs:
        session.execute(insert(Job), jobs)


def take(database: Database, worker: str, clock: Clock, kinds: tuple[str, ...] = (LAWS, GRADE)) -> Claim | None:
    """Claim the oldest job of these kinds that waits or whose worker is gone; None when there is none.

    Laws go first: a class waits for them. Regrades of an exercise go last: who has just submitted does not wait for hundreds.
    """
    now = clock()
    # Of a job that waits, the lease is the time before which it is not tried again.
    rested = or_(Job.lease_until.is_(None), Job.lease_until < now)
    free = Job.kind.in_(kinds) & ((Job.state == QUEUED) & rested | (Job.state == RUNNING) & (Job.lease_until < now))
    with database.read() as session:
        if session.scalar(select(Job.id).where(free).limit(1)) is None:
            return None
    with database.write() as session:
        order = (Job.kind != LAWS, Job.regrade_id.is_not(None), Job.id)
        job = session.scalars(
            select(Job).where(free).order_by(*order).limit(1).with_for_update(skip_locked=True)
        ).first()
        if job is None:
            return None
        job.state, job.worker, job.claim = RUNNING, worker, uuid.uuid4().hex
        job.lease_until, job.tries = now + LEASE, job.tries + 1
        return Claim(job.id, job.kind, job.subject, job.run, job.version_id, job.tries, job.claim, job.changed)


def renew(database: Database, claim: Claim, clock: Clock) -> bool:
    """Hold the job for longer; False when it is no longer this claim's, and its work is in vain."""
    with database.write() as session:
        return _mine(session, claim, lease_until=clock() + LEASE)


def finish(database: Database, claim: Claim, clock: Clock, write: Callable[[Session], None]) -> bool:
    """End the job together with what `write` adds; False, and nothing written, when the job is no longer this claim's."""
    with database.write() as session:
        if not _mine(session, claim, state=DONE, finished_at=clock(), lease_until=None, error=None):
            return False
        write(session)
        return True


def give_back(database: Database, claim: Claim, clock: Clock, error: str, give_up: Callable[[Session], None]) -> bool:
    """Say that our side failed. The job is taken again after a rest, or, after MOST_TRIES, ends with what `give_up` writes."""
    with database.write() as session:
        if claim.tries < MOST_TRIES:
            rest = clock() + WAIT * 2 ** (claim.tries - 1)
            return _mine(session, claim, state=QUEUED, claim=None, lease_until=rest, error=error)
        if not _mine(session, claim, state=FAILED, finished_at=clock(), lease_until=None, error=error):
            return False
        give_up(session)
        return True


def put_back(database: Database, claim: Claim, clock: Clock, error: str) -> bool:
    """Say that nobody could try this job, nor any other: it is taken again after a moment, and the try does not count."""
    with database.write() as session:
        rest = clock() + WAIT
        return _mine(session, claim, state=QUEUED, claim=None, lease_until=rest, tries=claim.tries - 1, error=error)


def release(database: Database, worker: str) -> int:
    """Give back at once what a worker of this name held: it is known to be gone. Returns how many jobs."""
    with database.write() as session:
        held = (
            update(Job)
            .where(Job.worker == worker, Job.state == RUNNING)
            .values(state=QUEUED, claim=None, lease_until=None)
        )
        return session.execute(held).rowcount


def waiting(session: Session, kind: str = GRADE) -> int:
    """How many jobs have not ended."""
    return session.scalar(select(func.count()).where(Job.kind == kind, Job.state.in_((QUEUED, RUNNING)))) or 0


def held(session: Session, claim: Claim) -> bool:
    """Whether the job is still this claim's."""
    mine = select(Job.id).where(Job.id == claim.job, Job.claim == claim.token, Job.state == RUNNING)
    return session.scalar(mine) is not None


def _mine(session: Session, mine: Claim, /, **values) -> bool:
    held = update(Job).where(Job.id == mine.job, Job.claim == mine.token, Job.state == RUNNING).values(**values)
    return session.execute(held).rowcount == 1
