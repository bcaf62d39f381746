"""Grading again: one submission or all of an exercise, against which version, and how far that is.

Invariant: what waits already for the same grade is not queued twice; what waits for another one is queued behind it, because the
newest run is the grade. How long it still takes is told from what has been done, and not before something has.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from exercises.errors import ChecksError
from exercises.form import changed
from exercises.form.changed import Difference
from exercises.runner import archive
from exercises.service import messages, queue, views
from exercises.service.decisions import Undecided
from exercises.service.models import (
    CHANGED,
    DONE,
    FAILED,
    GRADE,
    NEWEST,
    OWN,
    QUEUED,
    RUNNING,
    Exercise,
    Grade,
    Job,
    Regrade,
    Submission,
    Version,
)
from exercises.service.store import Store, StoreError

WAYS = (OWN, NEWEST, CHANGED)
# How long it takes is told from so many of the last ones.
PACE_OF = 20


@dataclass(frozen=True)
class Progress:
    """How far a regrade of an exercise is. `failed` could not be graded; `seconds_left` is None before anybody can know."""

    id: int
    how: str
    by: str
    at: datetime
    count: int
    done: int
    failed: int
    seconds_left: int | None

    @property
    def ended(self) -> bool:
        return self.done + self.failed == self.count


def one(session: Session, store: Store, found: Submission, how: str, now: datetime) -> None:
    """Queue one submission once more. Raises Undecided where nothing changed."""
    again, waits = _again(session, store, found.exercise, [found], how)
    if not again and not waits:
        raise Undecided(messages.NOTHING_CHANGED)
    queue.add_all(session, GRADE, again, now, changed=how == CHANGED)


def everything(session: Session, store: Store, found: Exercise, how: str, by: str, now: datetime) -> Regrade | None:
    """Queue all submissions of an exercise once more; None where all of them wait for that already.

    Raises Undecided where there is nothing to grade again.
    """
    wanted = select(Submission).where(Submission.exercise_id == found.id).order_by(Submission.received_at)
    again, waits = _again(session, store, found, session.scalars(wanted).all(), how)
    if not again:
        if waits:
            return None
        raise Undecided(messages.NOTHING_CHANGED if how == CHANGED else messages.NOTHING_SUBMITTED)
    made = Regrade(exercise_id=found.id, how=how, by=by, at=now)
    session.add(made)
    session.flush()
    queue.add_all(session, GRADE, again, now, changed=how == CHANGED, regrade=made.id)
    return made


def differences(session: Session, store: Store, found: Exercise) -> Difference:
    """Return what differs between the newest version and those that the submissions' grades are of, all together."""
    newest = views.current(session, found)
    if newest is None:
        return Difference()
    parts = [difference(store, old, newest.archive) for old in set(_archives(session, found).values())]
    return Difference(
        any(part.all for part in parts),
        frozenset().union(*(part.checks for part in parts)),
        frozenset().union(*(part.dropped for part in parts)),
    )


def difference(store: Store, old: str, new: str) -> Difference:
    """Return what differs between the files of two versions, by their sha256; everything, where one of them is lost."""
    try:
        return _difference(store, old, new)
    except StoreError:
        return Difference(all=True)


@lru_cache(maxsize=512)
def _difference(store: Store, old: str, new: str) -> Difference:
    if old == new:
        return Difference()
    try:
        return changed.between(*(archive.unpack(store.get(sha), archive.EXERCISE) for sha in (old, new)))
    except (ChecksError, KeyError):
        return Difference(all=True)


def progress(session: Session, found: Exercise, now: datetime, identity: int | None = None) -> list[Progress]:
    """Return how far the exercise's regrades are: those that are not done, and the last one; or the one of that id."""
    wanted = select(Regrade).where(Regrade.exercise_id == found.id).order_by(Regrade.id.desc())
    if identity is not None:
        return [_progress(session, one, now) for one in session.scalars(wanted.where(Regrade.id == identity))]
    busy = select(Job.regrade_id).where(Job.regrade_id.is_not(None), Job.state.in_((QUEUED, RUNNING)))
    last = session.scalars(wanted.limit(1)).all()
    others = session.scalars(wanted.where(Regrade.id.in_(busy))).all()
    return [_progress(session, one, now) for one in dict.fromkeys([*last, *others])]


def _progress(session: Session, made: Regrade, now: datetime) -> Progress:
    states = select(Job.state, func.count()).where(Job.regrade_id == made.id).group_by(Job.state)
    counts = dict(session.execute(states).all())
    count, done, failed = sum(counts.values()), counts.get(DONE, 0), counts.get(FAILED, 0)
    ended = select(Job.finished_at).where(Job.regrade_id == made.id, Job.finished_at.is_not(None))
    times = session.scalars(ended.order_by(Job.finished_at.desc()).limit(PACE_OF)).all()
    left = _left(times, count - done - failed, now)
    return Progress(made.id, made.how, made.by, made.at, count, done, failed, left)


def _left(times: Sequence[datetime], rest: int, now: datetime) -> int | None:
    """The seconds that the rest takes at the pace of the last ones, whose ends are `times`, the newest first."""
    if rest == 0:
        return 0
    if len(times) < 2:
        return None
    pace = (times[0] - times[-1]) / (len(times) - 1)
    # One that takes longer than those before it is not over.
    return max(1, round((max(pace * rest - (now - times[0]), pace * (rest - 1), timedelta())).total_seconds()))


def _again(
    session: Session, store: Store, exercise: Exercise, found: Sequence[Submission], how: str
) -> tuple[dict[str, int], bool]:
    """Return the versions by submission that are to be queued, and whether others wait for the same already."""
    newest = views.current(session, exercise)
    if how != OWN and newest is None:
        raise Undecided(messages.NOTHING_CHANGED)
    mine = select(Submission.id).where(Submission.exercise_id == exercise.id)
    waiting = select(Job.subject, Job.version_id).where(Job.kind == GRADE, Job.state.in_((QUEUED, RUNNING)), Job.subject.in_(mine))
    busy = {tuple(row) for row in session.execute(waiting)}
    subjects = {subject for subject, _ in busy}
    archives = _archives(session, exercise) if how == CHANGED else {}
    again, waits = {}, False
    for one in found:
        version = one.version_id if how == OWN else newest.id
        if (one.id, version) in busy:
            waits = True
        elif how == CHANGED and one.id in archives and one.id not in subjects:
            if difference(store, archives[one.id], newest.archive):
                again[one.id] = version
        else:
            again[one.id] = version
    return again, waits


def _archives(session: Session, exercise: Exercise) -> dict[str, str]:
    """The files that each submission's grade is of, by the submission."""
    wanted = select(Grade.submission_id, Version.archive).join(Version, Version.id == Grade.version_id)
    mine = wanted.join(Submission, Submission.id == Grade.submission_id).where(Submission.exercise_id == exercise.id)
    # In the order of their runs: the last one stays.
    return dict(session.execute(mine.order_by(Grade.run)).all())
