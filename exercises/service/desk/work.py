"""All submissions of exercises with their newest grades, in a handful of queries however large the class is.

Invariant: what it says of a submission is what `views` says of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, null, select
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
    # Columns and no objects: a course of a dozen exercises has thousands of rows. In the order of their runs: the last one stays.
    told = (Grade.submission_id, Grade.outcome, Grade.points, Grade.of, Grade.verdict if checks else null().label("verdict"))
    grades = {one.submission_id: one for one in session.execute(_of(Grade.submission_id, mine, *told).order_by(Grade.run))}
    states = views.unfinished(session, mine)
    given = _of(Mark.submission_id, mine, Mark.submission_id, Mark.points, Mark.comment).order_by(Mark.id)
    marks = {one.submission_id: one for one in session.execute(given)}
    columns = (Submission.exercise_id, Submission.id, Submission.user, Submission.number)
    times = (Submission.received_at, Submission.late_seconds)
    made: dict[int, list[Work]] = {one: [] for one in exercises}
    for one in session.execute(select(*columns, *times).where(wanted).order_by(Submission.user, Submission.number)):
        made[one.exercise_id].append(_work(one, grades.get(one.id), states.get(one.id, views.GRADED), marks.get(one.id)))
    return made


def _of(key: Any, mine: Select, *columns: Any) -> Select:
    return select(*columns).where(key.in_(mine))


def _work(one: Row, grade: Row | None, status: str, mark: Row | None) -> Work:
    return Work(
        id=one.id,
        user=one.user,
        number=one.number,
        received=one.received_at,
        late_seconds=one.late_seconds,
        status=status,
        outcome=None if grade is None else grade.outcome,
        points=views.total(grade, mark),
        of=None if grade is None else grade.of,
        comment="" if mark is None else mark.comment,
        checks=() if grade is None or grade.verdict is None else tuple(grade.verdict.get("checks", ())),
    )
