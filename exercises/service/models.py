"""What the service remembers.

Invariant: the schema says what must never be: two grades of one run, two submissions with one number, two versions
with one number. Rows are added, not rewritten; only a job's and a version's state change, how far somebody is, and a superseded
grade lets go of what its run left.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

CHECKING, ACCEPTED, REFUSED = "checking", "accepted", "refused"
# A trial: its laws are tried, and it is handed out to nobody.
TRYING, TRIED = "trying", "tried"
QUEUED, RUNNING, DONE, FAILED = "queued", "running", "done", "failed"
GRADE, LAWS = "grade", "laws"
# What submissions are graded again against: each its own version, the newest one, or only those of its checks that differ.
OWN, NEWEST, CHANGED = "own", "newest", "changed"


class UtcTime(TypeDecorator):
    """Aware UTC in Python, plain UTC in the database, whichever database it is."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    type_annotation_map = {datetime: UtcTime, dict[str, Any]: JSON}


class Exercise(Base):
    __tablename__ = "exercises"
    __table_args__ = (UniqueConstraint("course", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(64))
    # Since when nothing is taken any more, and since when its students may read all checks.
    closed_at: Mapped[datetime | None]
    revealed_at: Mapped[datetime | None]
    versions: Mapped[list["Version"]] = relationship(back_populates="exercise", order_by="Version.number")


class Version(Base):
    """One push. `student` is the sha256 of the derived student version, there once the laws held.

    A trial has a negative number, so that versions keep theirs without gaps.
    """

    __tablename__ = "versions"
    __table_args__ = (UniqueConstraint("exercise_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    exercise_id: Mapped[int] = mapped_column(ForeignKey("exercises.id"))
    number: Mapped[int]
    archive: Mapped[str] = mapped_column(String(64))
    student: Mapped[str | None] = mapped_column(String(64))
    # What the grader's runs start from (data, facts), by its sha256; never handed out.
    hidden: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16), default=CHECKING)
    report: Mapped[dict[str, Any] | None]
    title: Mapped[str] = mapped_column(String(200))
    points: Mapped[float]
    opens: Mapped[datetime | None]
    due: Mapped[datetime | None]
    attempts: Mapped[int]
    late: Mapped[str] = mapped_column(String(32))
    pushed_by: Mapped[str] = mapped_column(String(255))
    pushed_at: Mapped[datetime]
    exercise: Mapped[Exercise] = relationship(back_populates="versions")


class Submission(Base):
    """What a student handed in, as it arrived. `share` of the points is kept, as the late policy said at that moment."""

    __tablename__ = "submissions"
    __table_args__ = (
        UniqueConstraint("exercise_id", "user", "number"),
        UniqueConstraint("exercise_id", "user", "key"),
        Index("submissions_of_user", "user"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    exercise_id: Mapped[int] = mapped_column(ForeignKey("exercises.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("versions.id"))
    user: Mapped[str] = mapped_column(String(255))
    number: Mapped[int]
    # The client's own name for one act of submitting: sent twice, it is still one submission.
    key: Mapped[str | None] = mapped_column(String(64))
    archive: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    files: Mapped[int]
    received_at: Mapped[datetime]
    late_seconds: Mapped[int]
    share: Mapped[float]
    exercise: Mapped[Exercise] = relationship()
    version: Mapped[Version] = relationship()
    grades: Mapped[list["Grade"]] = relationship(back_populates="submission", order_by="Grade.run")
    marks: Mapped[list["Mark"]] = relationship(order_by="Mark.id")


class Grade(Base):
    """One run's result. `points` are after lateness; `verdict` is what the student may read of it."""

    __tablename__ = "grades"
    __table_args__ = (UniqueConstraint("submission_id", "run"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[str] = mapped_column(ForeignKey("submissions.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("versions.id"))
    run: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(32))
    points: Mapped[float]
    of: Mapped[float]
    verdict: Mapped[dict[str, Any]]
    graded_at: Mapped[datetime]
    seconds: Mapped[float]
    # The notebook as the run left it, with its outputs, by its sha256: hostile, and seen only by those who grade, because it was
    # run on the graders' data. None where there was none, it was too large, or there is a newer run.
    executed: Mapped[str | None] = mapped_column(String(64))
    # What the run left for the checks, by its sha256, so that a mended check can judge it again. None as above.
    left: Mapped[str | None] = mapped_column(String(64))
    submission: Mapped[Submission] = relationship(back_populates="grades")


class Mark(Base):
    """What a person gave a submission: points beside the checks', below zero too, and a comment. The last counts."""

    __tablename__ = "marks"
    __table_args__ = (Index("marks_of_submission", "submission_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[str] = mapped_column(ForeignKey("submissions.id"))
    points: Mapped[float]
    comment: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(255))
    at: Mapped[datetime]


class Extension(Base):
    """More time, or more attempts, for one student in one exercise. The last counts."""

    __tablename__ = "extensions"
    __table_args__ = (Index("extensions_of_user", "exercise_id", "user"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    exercise_id: Mapped[int] = mapped_column(ForeignKey("exercises.id"))
    user: Mapped[str] = mapped_column(String(255))
    due: Mapped[datetime | None]
    attempts: Mapped[int]
    by: Mapped[str] = mapped_column(String(255))
    at: Mapped[datetime]


class Progress(Base):
    """How far somebody is who has not handed in yet: what they fetched, and which visible checks passed when they last tried.

    `moved_at` is when they last got further, `tries` how often they have tried since. It is what their lab says, for a teacher's
    eye; nothing of it counts.
    """

    __tablename__ = "progress"
    __table_args__ = (UniqueConstraint("exercise_id", "user"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    exercise_id: Mapped[int] = mapped_column(ForeignKey("exercises.id"))
    user: Mapped[str] = mapped_column(String(255))
    fetched: Mapped[int | None]
    fetched_at: Mapped[datetime | None]
    checks: Mapped[dict[str, Any] | None]
    checked_at: Mapped[datetime | None]
    passed: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    moved_at: Mapped[datetime]


class Regrade(Base):
    """Somebody's decision to have all submissions of an exercise graded again. `how` is own, newest or changed."""

    __tablename__ = "regrades"
    __table_args__ = (Index("regrades_of_exercise", "exercise_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    exercise_id: Mapped[int] = mapped_column(ForeignKey("exercises.id"))
    how: Mapped[str] = mapped_column(String(16))
    by: Mapped[str] = mapped_column(String(255))
    at: Mapped[datetime]


class Job(Base):
    """Work for a runner. It belongs to `worker` until `lease_until`; `claim` makes each time it is taken different.

    With `changed`, only those checks are judged that differ from the grade before. A regrade's jobs wait until no other does.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        UniqueConstraint("kind", "subject", "run"),
        Index("jobs_waiting", "state", "id"),
        Index("jobs_of_regrade", "regrade_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(32))
    run: Mapped[int]
    version_id: Mapped[int] = mapped_column(ForeignKey("versions.id"))
    state: Mapped[str] = mapped_column(String(16), default=QUEUED)
    worker: Mapped[str | None] = mapped_column(String(64))
    claim: Mapped[str | None] = mapped_column(String(32))
    lease_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    changed: Mapped[bool] = mapped_column(default=False)
    regrade_id: Mapped[int | None] = mapped_column(ForeignKey("regrades.id"))
    queued_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)
