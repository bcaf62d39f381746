"""All submissions of exercises with their newest grades, in a handful of queries however large the class is.

Invariant: what it says of a submission is what `views` says of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, null, select
from sqlalchemy.orm import Session

from exercises.service import views
from exercises.service.models import Grade, Mark, Submission


@dataclass(frozen=True)
class Work:
    """A submission as those who teach see it in a list. `points` are what it counts, None before it is graded."""

    id: str
    user: str
    number: int
    received: datetime
    late_seconds: int
    status: str
    outcome: str | None
    points: float | None
    of: float | None
    comment: str
    checks: tuple[dict[str, Any], ...]

    @property
    def is_full(self) -> bool:
        return self.points is not None and self.of is not None and self.points >= self.of


def of_exercises(
    session: Session, exercises: Sequence[int], *, checks: bool = True, user: str | None = None
) -> dict[int, list[Work]]:
    """Return them by exercise, in each by student, oldest first; of one student only, where one is named.

    Without their `checks`, which are most of what there is to read, where nobody asks.
    """
    wanted = Submission.exercise_id.in_(exercises)
    wanted = wanted if user is None else wanted & (Submission.user == user)
    mine = select(Submission.id).where(wanted)
    states = views.unfinished(session, mine)
    given = select(Mark.submission_id, Mark.points, Mark.comment).where(Mark.submission_id.in_(mine)).order_by(Mark.id)
    # The last one stays.
    marks = {one.submission_id: one for one in session.execute(given)}
    # Columns and no objects: a course of a dozen exercises has thousands of rows.
    own = (Submission.exercise_id, Submission.id, Submission.user, Submission.number)
    own += (Submission.received_at, Submission.late_seconds)
    told = (Grade.outcome, Grade.points, Grade.of, Grade.verdict if checks else null().label("verdict"))
    last = select(func.max(Grade.run)).where(Grade.submission_id == Submission.id).correlate(Submission).scalar_subquery()
    newest = (Grade.submission_id == Submission.id) & (Grade.run == last)
    found = select(*own, *told).outerjoin(Grade, newest).where(wanted).order_by(Submission.user, Submission.number)
    made: dict[int, list[Work]] = {one: [] for one in exercises}
    for one in session.execute(found):
        made[one.exercise_id].append(_work(one, states.get(one.id, views.GRADED), marks.get(one.id)))
    return made


def _work(one: Row, status: str, mark: Row | None) -> Work:
    """Of a row with the columns of a submission and those of its grade, which are None before it has one."""
    return Work(
        id=one.id,
        user=one.user,
        number=one.number,
        received=one.received_at,
        late_seconds=one.late_seconds,
        status=status,
        outcome=one.outcome,
        points=views.total(None if one.outcome is None else one, mark),
        of=one.of,
        comment="" if mark is None else mark.comment,
        checks=() if one.verdict is None else tuple(one.verdict.get("checks", ())),
    )
