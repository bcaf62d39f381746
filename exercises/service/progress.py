"""How far a student is before they hand in: what the class board shows.

Invariant: what a lab tells is shown to those who teach and counts for nothing; only names that the version itself has are kept.
"""

import json
from datetime import datetime
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from exercises.runner import archive
from exercises.service.models import Exercise, Progress
from exercises.service.store import Store

ABOUT = ".exercise/exercise.json"
# As the runner's own bound: a version that was accepted fits into it.
PREPARED = archive.Limits(bytes=160 * archive.MB, files=4000, packed=160 * archive.MB)


def read(data: bytes) -> dict[str, bool] | None:
    """Return the checks that a lab tells of, or None where it is not their form."""
    try:
        told = json.loads(data)["checks"]
    except (KeyError, TypeError, ValueError, RecursionError):
        return None
    if not isinstance(told, dict) or not all(isinstance(passed, bool) for passed in told.values()):
        return None
    return told


@lru_cache(maxsize=256)
def visible(store: Store, student: str) -> frozenset[str]:
    """Return the names of the visible checks of a student version, by its sha256."""
    try:
        about = json.loads(archive.unpack(store.get(student), PREPARED)[ABOUT])
        return frozenset(one["name"] for one in about["checks"])
    except (KeyError, TypeError, ValueError):
        return frozenset()


def has_fetched(session: Session, exercise: Exercise, user: str, version: int) -> bool:
    known = select(Progress.fetched).where(Progress.exercise_id == exercise.id, Progress.user == user)
    return session.scalar(known) == version


def fetched(session: Session, exercise: int, user: str, version: int, now: datetime) -> None:
    """Note that somebody has a version."""
    one = _of(session, exercise, user, now)
    one.fetched, one.fetched_at = version, one.fetched_at or now


def checked(session: Session, exercise: int, user: str, checks: dict[str, bool], now: datetime) -> None:
    """Note which checks passed in somebody's lab."""
    one = _of(session, exercise, user, now)
    passed = sum(checks.values())
    if one.checked_at is None or passed > one.passed:
        one.moved_at, one.tries = now, 0
    else:
        one.tries += 1
    one.checks, one.checked_at, one.passed = checks, now, max(passed, one.passed)


def _of(session: Session, exercise: int, user: str, now: datetime) -> Progress:
    mine = select(Progress).where(Progress.exercise_id == exercise, Progress.user == user)
    found = session.scalars(mine).first()
    if found is None:
        found = Progress(exercise_id=exercise, user=user, moved_at=now, passed=0, tries=0)
        session.add(found)
    return found
