"""What the service tells about its rows, as plain dictionaries; the API gives them as they are, the pages show them.

Invariant: nothing here contains what a student may not see: no hidden check's code, no data of the grader, nobody else's work.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from exercises.service import rules
from exercises.service.clock import iso
from exercises.service.models import ACCEPTED, FAILED, GRADE, QUEUED, Exercise, Extension, Grade, Job, Mark, Submission, Version


def rules_of(version: Version) -> rules.Rules:
    return rules.Rules(version.title, version.opens, version.due, version.attempts, version.late)


def rules_for(session: Session, found: Exercise, version: Version, user: str, now: datetime) -> rules.Rules:
    """The version's rules as they are for one person: with their extension, and whether the exercise is closed for them."""
    common = rules_of(version)
    mine = extension_of(session, found, user)
    closed = found.closed_at is not None
    if mine is None:
        return replace(common, closed=closed)
    due = common.due
    if due is not None and mine.due is not None:
        due = max(due, mine.due)
    attempts = common.attempts + mine.attempts if common.attempts else 0
    # Who gets more time when it is closed already can hand in for that time.
    if closed and mine.due is not None and mine.at >= found.closed_at and now <= mine.due:
        closed = False
    return replace(common, due=due, attempts=attempts, closed=closed)


def extension_of(session: Session, found: Exercise, user: str) -> Extension | None:
    mine = select(Extension).where(Extension.exercise_id == found.id, Extension.user == user)
    return session.scalars(mine.order_by(Extension.id.desc()).limit(1)).first()


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


def mark_of(submission: Submission) -> Mark | None:
    return submission.marks[-1] if submission.marks else None


def total(grade: Grade | None, mark: Mark | None) -> float | None:
    """What a submission counts: the checks' points and those given by hand, and never less than nothing."""
    by_hand = 0.0 if mark is None else mark.points
    if grade is None:
        return by_hand if by_hand > 0 else None
    return max(0.0, round(grade.points + by_hand, 6))


def attempts_used(session: Session, submissions: list[Submission]) -> int:
    """How many count: those that failed on our side do not."""
    return sum(status(session, submission) != "failed" for submission in submissions)


def exercise(session: Session, found: Exercise, version: Version, user: str, now: datetime) -> dict[str, Any]:
    """An exercise as one person sees it."""
    submissions = made_by(session, found, user)
    used = attempts_used(session, submissions)
    totals = [points for one in submissions if (points := total(grade_of(one), mark_of(one))) is not None]
    mine = rules_for(session, found, version, user, now)
    return {
        "course": found.course,
        "name": found.name,
        "title": version.title,
        "version": version.number,
        "points": version.points,
        "opens": iso(version.opens),
        "due": iso(mine.due),
        "seconds_left": None if mine.due is None else int((mine.due - now).total_seconds()),
        "open": rules.is_open(mine, now),
        "closed": mine.closed,
        "late": version.late,
        "attempts": mine.attempts,
        "attempts_left": max(0, mine.attempts - used) if mine.attempts else None,
        "submissions": len(submissions),
        "status": status(session, submissions[-1]) if submissions else "not submitted",
        "grade": max(totals, default=None),
        "last": submissions[-1].id if submissions else None,
    }


def submission(session: Session, found: Submission) -> dict[str, Any]:
    """A submission with its grade, if it has one."""
    grade, mark = grade_of(found), mark_of(found)
    points = total(grade, mark)
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
        "points": points,
        "of": grade.of if grade is not None else None if points is None else found.version.points,
        "by_checks": None if grade is None else grade.points,
        "by_hand": 0.0 if mark is None else mark.points,
        "comment": "" if mark is None else mark.comment,
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
