"""What the service tells about its rows, as plain dictionaries; the API gives them as they are, the pages show them.

Invariant: nothing here contains what a student may not see: no hidden check's code, no data of the grader, nobody else's work.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from exercises.service import rules
from exercises.service.clock import iso
from exercises.service.models import ACCEPTED, FAILED, GRADE, QUEUED, Exercise, Grade, Job, Submission, Version


def rules_of(version: Version) -> rules.Rules:
    return rules.Rules(version.title, version.opens, version.due, version.attempts, version.late)


def current(session: Session, exercise: Exercise) -> Version | None:
    """The newest version that is handed out; None before the first."""
    newest = select(Version).where(Version.exercise_id == exercise.id, Version.state == ACCEPTED)
    return session.scalars(newest.order_by(Version.number.desc()).limit(1)).first()


def made_by(session: Session, exercise: Exercise, user: str) -> list[Submission]:
    """The user's submissions, oldest first."""
    theirs = select(Submission).where(Submission.exercise_id == exercise.id, Submission.user == user)
    return list(session.scalars(theirs.order_by(Submission.number)))


def status(session: Session, submission: Submission) -> str:
    """Where the submission's newest run is: queued, running, graded or failed."""
    newest = select(Job).where(Job.kind == GRADE, Job.subject == submission.id).order_by(Job.run.desc()).limit(1)
    return status_of(session.scalars(newest).first())


def status_of(job: Job | None) -> str:
    """Where a submission with this newest run is."""
    if job is None or job.state == QUEUED:
        return "queued"
    if job.state == FAILED:
        return "failed"
    return "graded" if job.finished_at else "running"


def grade_of(submission: Submission) -> Grade | None:
    return submission.grades[-1] if submission.grades else None


def attempts_used(session: Session, submissions: list[Submission]) -> int:
    """How many count: those that failed on our side do not."""
    return sum(status(session, submission) != "failed" for submission in submissions)


def exercise(session: Session, found: Exercise, version: Version, user: str, now: datetime) -> dict[str, Any]:
    """An exercise as one person sees it."""
    submissions = made_by(session, found, user)
    used = attempts_used(session, submissions)
    grades = [grade for grade in map(grade_of, submissions) if grade is not None]
    best = max(grades, key=lambda grade: grade.points, default=None)
    return {
        "course": found.course,
        "name": found.name,
        "title": version.title,
        "version": version.number,
        "points": version.points,
        "opens": iso(version.opens),
        "due": iso(version.due),
        "seconds_left": None if version.due is None else int((version.due - now).total_seconds()),
        "open": rules.is_open(rules_of(version), now),
        "late": version.late,
        "attempts": version.attempts,
        "attempts_left": max(0, version.attempts - used) if version.attempts else None,
        "submissions": len(submissions),
        "status": status(session, submissions[-1]) if submissions else "not submitted",
        "grade": None if best is None else best.points,
        "last": submissions[-1].id if submissions else None,
    }


def submission(session: Session, found: Submission) -> dict[str, Any]:
    """A submission with its grade, if it has one."""
    grade = grade_of(found)
    return {
        "id": found.id,
        "course": found.exercise.course,
        "exercise": found.exercise.name,
        "title": found.version.title,
        "user": found.user,
        "number": found.number,
        "version": found.version.number,
        "sha256": found.archive,
        "size": found.size,
        "files": found.files,
        "received": iso(found.received_at),
        "late_seconds": found.late_seconds,
        "share": found.share,
        "status": status(session, found),
        "outcome": None if grade is None else grade.outcome,
        "points": None if grade is None else grade.points,
        "of": None if grade is None else grade.of,
        "graded": None if grade is None else iso(grade.graded_at),
    }


def receipt(found: Submission) -> dict[str, Any]:
    """What the student keeps: the server's word for what arrived, and when."""
    return {
        "id": found.id,
        "number": found.number,
        "sha256": found.archive,
        "received": iso(found.received_at),
        "late_seconds": found.late_seconds,
        "share": found.share,
        "size": found.size,
        "files": found.files,
        "version": found.version.number,
    }


def feedback(session: Session, found: Submission) -> dict[str, Any]:
    """What the grade is made of, check by check, in plain words."""
    grade = grade_of(found)
    told = submission(session, found)
    told["message"] = told["checks"] = None
    if grade is not None:
        told["message"] = grade.verdict.get("message")
        told["detail"] = grade.verdict.get("detail")
        told["checks"] = grade.verdict.get("checks", [])
    return told


def version(found: Version) -> dict[str, Any]:
    """A version as its instructors see it."""
    return {
        "course": found.exercise.course,
        "name": found.exercise.name,
        "version": found.number,
        "state": found.state,
        "report": found.report,
        "title": found.title,
        "points": found.points,
        "opens": iso(found.opens),
        "due": iso(found.due),
        "attempts": found.attempts,
        "late": found.late,
        "sha256": found.archive,
        "pushed_by": found.pushed_by,
        "pushed": iso(found.pushed_at),
    }
