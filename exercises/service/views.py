"""What the service tells about its rows, as plain dictionaries; the API gives them as they are, the pages show them.

Invariant: nothing here contains what a student may not see: no hidden check's code, no data of the grader, nobody else's work.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, select, tuple_
from sqlalchemy.orm import Session, aliased, defer, joinedload, selectinload

from exercises.service import rules
from exercises.service.clock import iso
from exercises.service.models import (
    ACCEPTED,
    FAILED,
    GRADE,
    QUEUED,
    RUNNING,
    Exercise,
    Extension,
    Grade,
    Job,
    Mark,
    Submission,
    Version,
)

# What a submission is whose newest run is done.
GRADED = "graded"
NOT_DONE = (QUEUED, RUNNING, FAILED)


def rules_of(version: Version) -> rules.Rules:
    return rules.Rules(version.title, version.opens, version.due, version.attempts, version.late)


def rules_for(session: Session, found: Exercise, version: Version, user: str, now: datetime) -> rules.Rules:
    """The version's rules as they are for one person: with their extension, and whether the exercise is closed for them."""
    return _rules(found, version, extension_of(session, found, user), now)


def _rules(found: Exercise, version: Version, mine: Extension | None, now: datetime) -> rules.Rules:
    common = rules_of(version)
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


def all_current(session: Session, exercises: Sequence[Exercise]) -> dict[int, Version]:
    """The newest versions of several exercises that are handed out, by exercise."""
    mine = Version.exercise_id.in_([one.id for one in exercises]), Version.state == ACCEPTED
    newest = select(Version.exercise_id, func.max(Version.number)).where(*mine).group_by(Version.exercise_id)
    wanted = select(Version).where(*mine, tuple_(Version.exercise_id, Version.number).in_(newest))
    return {one.exercise_id: one for one in session.scalars(wanted.options(defer(Version.report)))}


def made_by(session: Session, exercise: Exercise, user: str) -> list[Submission]:
    """The user's submissions, oldest first."""
    return submissions(session, Submission.exercise_id == exercise.id, Submission.user == user)


def submissions(session: Session, *conditions: Any) -> list[Submission]:
    """The submissions of which that holds, by user and oldest first, with all that is told of each in a list."""
    wanted = select(Submission).where(*conditions).order_by(Submission.user, Submission.number)
    version = joinedload(Submission.version).defer(Version.report)
    grades = selectinload(Submission.grades).defer(Grade.verdict)
    return list(session.scalars(wanted.options(version, joinedload(Submission.exercise), grades, selectinload(Submission.marks))))


def status(session: Session, submission: Submission) -> str:
    """Where the submission's newest run is: queued, running, graded or failed."""
    return unfinished(session, select(Submission.id).where(Submission.id == submission.id)).get(submission.id, GRADED)


def statuses(session: Session, *conditions: Any) -> dict[str, str]:
    """The same of the submissions of which that holds; who is not in it is graded."""
    return unfinished(session, select(Submission.id).where(*conditions))


def unfinished(session: Session, wanted: Select) -> dict[str, str]:
    """Where the newest run of each of these submissions is that is not graded: queued, running or failed."""
    later = aliased(Job)
    newer = exists().where(later.kind == Job.kind, later.subject == Job.subject, later.run > Job.run)
    # First those few that are not done, then whether one is the newest of its submission.
    open_ = select(Job.subject, Job.state).where(Job.kind == GRADE, Job.state.in_(NOT_DONE), Job.subject.in_(wanted), ~newer)
    return {subject: state for subject, state in session.execute(open_)}


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


def attempts_used(session: Session, submissions: Sequence[Submission]) -> int:
    """How many count: those that failed on our side do not."""
    failed = statuses(session, Submission.id.in_([one.id for one in submissions])) if submissions else {}
    return sum(failed.get(one.id) != FAILED for one in submissions)


def exercises(
    session: Session, found: Sequence[Exercise], versions: Mapping[int, Version], user: str, now: datetime
) -> list[dict[str, Any]]:
    """Exercises as one person sees them."""
    these = [one.id for one in found]
    wanted = (Submission.exercise_id.in_(these), Submission.user == user)
    mine, states = submissions(session, *wanted), statuses(session, *wanted)
    given = select(Extension).where(Extension.exercise_id.in_(these), Extension.user == user).order_by(Extension.id)
    # In the order in which they were given: the last one stays.
    extensions = {one.exercise_id: one for one in session.scalars(given)}
    made = []
    for one in found:
        own = [each for each in mine if each.exercise_id == one.id]
        told = _rules(one, versions[one.id], extensions.get(one.id), now)
        made.append(_exercise(one, versions[one.id], told, own, states, now))
    return made


def exercise(session: Session, found: Exercise, version: Version, user: str, now: datetime) -> dict[str, Any]:
    """An exercise as one person sees it."""
    return exercises(session, [found], {found.id: version}, user, now)[0]


def _exercise(
    found: Exercise, version: Version, mine: rules.Rules, own: Sequence[Submission], states: Mapping[str, str], now: datetime
) -> dict[str, Any]:
    used = sum(states.get(one.id) != FAILED for one in own)
    totals = [points for one in own if (points := total(grade_of(one), mark_of(one))) is not None]
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
        "submissions": len(own),
        "status": states.get(own[-1].id, GRADED) if own else "not submitted",
        "grade": max(totals, default=None),
        "last": own[-1].id if own else None,
    }


def listed(session: Session, *conditions: Any) -> list[dict[str, Any]]:
    """The submissions of which that holds, by user and oldest first."""
    states = statuses(session, *conditions)
    return [_submission(one, states.get(one.id, GRADED)) for one in submissions(session, *conditions)]


def submission(session: Session, found: Submission) -> dict[str, Any]:
    """A submission with its grade, if it has one."""
    return _submission(found, status(session, found))


def _submission(found: Submission, status: str) -> dict[str, Any]:
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
        "status": status,
        "outcome": None if grade is None else grade.outcome,
        "points": points,
        "of": grade.of if grade is not None else None if points is None else found.version.points,
        "by_checks": None if grade is None else grade.points,
        "by_hand": 0.0 if mark is None else mark.points,
        "comment": "" if mark is None else mark.comment,
        "graded": None if grade is None else iso(grade.graded_at),
    }


def regrade(found: Any, difference: Any = None) -> dict[str, Any]:
    """How far a regrade of an exercise is; nothing to do where all of it waits already."""
    told = {"checks": None if difference is None or difference.all else sorted(difference.checks)}
    if found is None:
        return {**told, "id": None, "count": 0, "done": 0, "failed": 0, "seconds_left": 0}
    told |= {"id": found.id, "how": found.how, "by": found.by, "at": iso(found.at), "count": found.count}
    return {**told, "done": found.done, "failed": found.failed, "seconds_left": found.seconds_left}


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
