"""What those who teach decide: points and comments, extensions, closing, revealing. Grading again has a module of its own.

Invariant: a decision is a row with who and when, or a time of the exercise; what was there before stays, but for an exercise that
is opened again. Raises `Undecided` with a sentence for the person, and then nothing was changed.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from exercises.runner import archive
from exercises.service import clock, messages, rules, views
from exercises.service.models import Exercise, Extension, Mark, Submission, Version
from exercises.service.store import Store

MOST_POINTS, MOST_COMMENT, MOST_SHOWN = 1e6, 10_000, 40
CHECKS = "checks.py"


class Undecided(ValueError):
    """What was asked for cannot be; the text says why."""


def mark(session: Session, found: Submission, points: str, comment: str, by: str, now: datetime) -> None:
    """Give points by hand, beside the checks', and a comment; empty texts take them away."""
    given = _number(points)
    text = comment.replace("\r\n", "\n").strip()
    if len(text) > MOST_COMMENT:
        raise Undecided(messages.COMMENT_LONG.format(limit=MOST_COMMENT))
    session.add(Mark(submission_id=found.id, points=given, comment=text, by=by, at=now))


def extend(session: Session, found: Exercise, version: Version, user: str, due: str, attempts: str, by: str, now: datetime) -> None:
    """Give one student a due time of their own, or more attempts."""
    try:
        until = clock.parse(due) if due.strip() else None
    except ValueError as error:
        raise Undecided(str(error)) from None
    more = attempts.strip() or "0"
    if not more.isdecimal() or len(more) > len(str(rules.MOST_ATTEMPTS)) or int(more) > rules.MOST_ATTEMPTS:
        raise Undecided(messages.BAD_ATTEMPTS.format(text=attempts[:MOST_SHOWN], limit=rules.MOST_ATTEMPTS))
    if until is not None and version.due is not None and until <= version.due:
        raise Undecided(messages.NO_EXTENSION.format(due=rules.said(until), own=rules.said(version.due)))
    session.add(Extension(exercise_id=found.id, user=user, due=until, attempts=int(more), by=by, at=now))


def close(found: Exercise, now: datetime) -> None:
    """From now on nothing is taken, whatever the due time."""
    if found.closed_at is None:
        found.closed_at = now


def reopen(found: Exercise) -> None:
    """Take again what the rules take; what was revealed is hidden again."""
    found.closed_at = found.revealed_at = None


def reveal(found: Exercise, now: datetime) -> None:
    """Let students read all checks of their submissions."""
    if found.closed_at is None:
        raise Undecided(messages.REVEAL_CLOSED)
    found.revealed_at = found.revealed_at or now


def of_exercise(session: Session, found: Exercise) -> list[Submission]:
    return list(session.scalars(select(Submission).where(Submission.exercise_id == found.id).order_by(Submission.received_at)))


def revealed(store: Store, found: Submission) -> str | None:
    """Return the checks of the version that a submission was graded against, once they are revealed."""
    if found.exercise.revealed_at is None:
        return None
    grade = views.grade_of(found)
    version = found.version if grade is None else next(one for one in found.exercise.versions if one.id == grade.version_id)
    return archive.unpack(store.get(version.archive), archive.EXERCISE)[CHECKS].decode(errors="replace")


def _number(text: str) -> float:
    """The number that somebody wrote; a comma is a point, nothing is 0."""
    try:
        found = float(text.strip().replace(",", ".") or 0)
    except ValueError:
        found = MOST_POINTS * 2
    # Not a number is not in between either.
    if not -MOST_POINTS <= found <= MOST_POINTS:
        raise Undecided(messages.BAD_POINTS.format(text=text[:MOST_SHOWN]))
    return found
