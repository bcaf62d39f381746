"""All submissions of an exercise with their newest grades, in a handful of queries however large the class is.

Invariant: what it says of a submission is what `views` says of it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
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


def of_exercise(session: Session, exercise: int) -> list[Work]:
    """Return them by student, oldest first."""
    made = list(
        session.scalars(
            select(Submission).where(Submission.exercise_id == exercise).order_by(Submission.user, Submission.number)
        )
    )
    mine = select(Submission.id).where(Submission.exercise_id == exercise)
    # In the order of their runs: the last one stays.
    grades = {
        one.submission_id: one for one in session.scalars(select(Grade).where(Grade.submission_id.in_(mine)).order_by(Grade.run))
    }
    jobs = {
        one.subject: one for one in session.scalars(select(Job).where(Job.kind == GRADE, Job.subject.in_(mine)).order_by(Job.run))
    }
    marks = {one.submission_id: one for one in session.scalars(select(Mark).where(Mark.submission_id.in_(mine)).order_by(Mark.id))}
    return [_work(one, grades.get(one.id), jobs.get(one.id), marks.get(one.id)) for one in made]


def _work(one: Submission, grade: Grade | None, job: Job | None, mark: Mark | None) -> Work:
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
        checks=() if grade is None else tuple(grade.verdict.get("checks", ())),
    )
