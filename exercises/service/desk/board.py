"""The class board: for each student how far they are in an exercise, and who has got no further for a while.

Invariant: everybody of the course is on it, and everybody else whose work is here; nothing is told that is not recorded.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from exercises.service.desk.work import Work, of_exercises
from exercises.service.models import Progress

# So often tried without getting further is stuck.
STUCK_TRIES = 3
BY_NAME, BY_STUCK, BY_POINTS = "name", "stuck", "points"


@dataclass(frozen=True)
class Row:
    """One student in one exercise. `passed` and `missing` are visible checks, as check() or a grade said, whichever was later."""

    user: str
    member: bool
    fetched: int | None
    fetched_at: datetime | None
    passed: tuple[str, ...]
    missing: tuple[str, ...]
    works: tuple[Work, ...]
    best: Work | None
    stuck_since: datetime | None
    tries: int

    @property
    def last(self) -> Work | None:
        return self.works[-1] if self.works else None


@dataclass(frozen=True)
class Summary:
    """The class in numbers; `waiting` are submissions that are still to be graded."""

    people: int
    fetched: int
    submitted: int
    full: int
    stuck: int
    waiting: int


def rows(session: Session, exercise: int, members: Iterable[str], sort: str = BY_NAME) -> list[Row]:
    """Return the board of an exercise."""
    made = boards(session, [exercise], members, checks=True)[exercise]
    if sort == BY_STUCK:
        made.sort(key=lambda row: (row.stuck_since is None, row.stuck_since))
    elif sort == BY_POINTS:
        made.sort(key=lambda row: -1.0 if row.best is None else row.best.points or 0.0)
    return made


def boards(session: Session, exercises: Sequence[int], members: Iterable[str], *, checks: bool = False) -> dict[int, list[Row]]:
    """Return the boards of several exercises by name; without `checks` only those are known that a lab told of."""
    made, members = of_exercises(session, exercises, checks=checks), set(members)
    told: dict[int, dict[str, Progress]] = {one: {} for one in exercises}
    # As rows, which have what an object has.
    for one in session.execute(select(*Progress.__table__.columns).where(Progress.exercise_id.in_(exercises))):
        told[one.exercise_id][one.user] = one
    return {one: _rows(members, told[one], made[one]) for one in exercises}


def row(session: Session, exercise: int, user: str) -> Row:
    """Return one student's row."""
    wanted = select(Progress).where(Progress.exercise_id == exercise, Progress.user == user)
    works = of_exercises(session, [exercise], user=user)[exercise]
    return _row(user, True, session.scalars(wanted).first(), works)


def summary(found: Sequence[Row]) -> Summary:
    return Summary(
        people=len(found),
        fetched=sum(row.fetched is not None or bool(row.works) for row in found),
        submitted=sum(bool(row.works) for row in found),
        full=sum(row.best is not None and row.best.is_full for row in found),
        stuck=sum(row.stuck_since is not None for row in found),
        waiting=sum(one.status in ("queued", "running") for row in found for one in row.works),
    )


def best(works: Sequence[Work]) -> Work | None:
    """The submission that counts: the one with most points."""
    return max((one for one in works if one.points is not None), key=lambda one: one.points or 0.0, default=None)


def _rows(members: Set[str], told: Mapping[str, Progress], made: Iterable[Work]) -> list[Row]:
    works: dict[str, list[Work]] = {}
    for one in made:
        works.setdefault(one.user, []).append(one)
    users = sorted(members | told.keys() | works.keys())
    return [_row(user, user in members, told.get(user), works.get(user, [])) for user in users]


def _row(user: str, member: bool, known: Progress | None, works: Sequence[Work]) -> Row:
    counts = best(works)
    since, tries = _stuck(known, works, counts)
    checks = _visible(known, works)
    return Row(
        user=user,
        member=member,
        fetched=None if known is None else known.fetched,
        fetched_at=None if known is None else known.fetched_at,
        passed=tuple(name for name, passed in checks.items() if passed),
        missing=tuple(name for name, passed in checks.items() if not passed),
        works=tuple(works),
        best=counts,
        stuck_since=since,
        tries=tries,
    )


def _visible(known: Progress | None, works: Sequence[Work]) -> dict[str, bool]:
    graded = [one for one in works if one.checks]
    checked_at = None if known is None else known.checked_at
    if graded and (checked_at is None or checked_at <= graded[-1].received):
        return {str(one["name"]): one["passed"] is True for one in graded[-1].checks if one.get("visible")}
    return dict(known.checks or {}) if known is not None else {}


def _stuck(known: Progress | None, works: Sequence[Work], counts: Work | None) -> tuple[datetime | None, int]:
    """Since when, and after how many tries: runs of check() and graded submissions that brought nothing new."""
    if counts is not None and counts.is_full:
        return None, 0
    moved = [] if known is None else [known.moved_at]
    if counts is not None:
        moved.append(counts.received)
    if not moved:
        return None, 0
    since = max(moved)
    tries = sum(one.received > since and one.points is not None for one in works)
    if known is not None and known.moved_at == since:
        tries += known.tries
    return (since, tries) if tries >= STUCK_TRIES else (None, tries)
