"""All submissions of an exercise with their newest grades, in a handful of queries however large the class is.

Invariant: what it says of a submission is what `views` says of it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, null, select
from sqlalchemy.orm import Session

from exercises.service import views
from exercises.service.models import GRADE, Grade, Job, Mark, Submission


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


def of_exercise(session: Session, exercise: int, *, checks: bool = True) -> list[Work]:
    """Return them by student, oldest first; without their `checks`, which are most of what there is to read, where nobody asks."""
    mine = select(Submission.id).where(Submission.exercise_id == exercise)
    # Columns and no objects: a course of a dozen exercises has thousands of rows. In the order of their runs: the last one stays.
    told = (Grade.submission_id, Grade.outcome, Grade.points, Grade.of, Grade.verdict if checks else null().label("verdict"))
    grades = {one.submission_id: one for one in session.execute(_of(Grade.submission_id, mine, *told).order_by(Grade.run))}
    queued = _of(Job.subject, mine, Job.subject, Job.state, Job.finished_at).where(Job.kind == GRADE).order_by(Job.run)
    jobs = {one.subject: one for one in session.execute(queued)}
    given = _of(Mark.submission_id, mine, Mark.submission_id, Mark.points, Mark.comment).order_by(Mark.id)
    marks = {one.submission_id: one for one in session.execute(given)}
    columns = (Submission.id, Submission.user, Submission.number, Submission.received_at, Submission.late_seconds)
    made = select(*columns).where(Submission.exercise_id == exercise).order_by(Submission.user, Submission.number)
    return [_work(one, grades.get(one.id), jobs.get(one.id), marks.get(one.id)) for one in session.execute(made)]


def _of(key: Any, mine: Select, *columns: Any) -> Select:
    return select(*columns).where(key.in_(mine))


def _work(one: Row, grade: Row | None, job: Row | None, mark: Row | None) -> Work:
    return Work(
        id=one.id,
        user=one.user,
        number=one.number,
        received=one.received_at,
        late_seconds=one.late_seconds,
        status=views.status_of(job),
        outcome=None if grade is None else grade.outcome,
        points=views.total(grade, mark),
        of=None if grade is None else grade.of,
        comment="" if mark is None else mark.comment,
        checks=() if grade is None or grade.verdict is None else tuple(grade.verdict.get("checks", ())),
    )
