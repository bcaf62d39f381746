"""A pushed exercise: its few facts that the service needs, its rules, and its next version.

Invariant: of a pushed archive only `exercise.toml` is read here, as data; everything in it that runs, runs in the
sandbox, where the laws decide whether the version is handed out.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from exercises.service import clock, queue, rules
from exercises.service.models import LAWS, Exercise, Version

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
COURSE = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
NEEDED = ("exercise.toml", "notebook.ipynb", "checks.py")

NO_FILE = "{name} is missing."
NOT_TOML = "exercise.toml: {reason}."
NO_TITLE = "exercise.toml needs a title of 1 to 200 characters."
NO_POINTS = "exercise.toml needs points above 0, not {points!r}."
NO_ATTEMPTS = "exercise.toml: attempts must be a whole number, not {value!r}."
NO_TEXT = "exercise.toml: {key} must be a text or a time, not {value!r}."
BAD_NAME = "An exercise's name has lower-case letters, digits and -; {name!r} does not fit."


class NoExercise(ValueError):
    """What was pushed is no exercise; the text says why."""


@dataclass(frozen=True)
class Facts:
    """What exercise.toml says that the service goes by."""

    title: str
    points: float
    opens: datetime | None
    due: datetime | None
    attempts: int
    late: str


@dataclass(frozen=True)
class Asked:
    """What the push asked for instead; None keeps what exercise.toml says, an empty text takes the time away."""

    opens: str | None = None
    due: str | None = None
    attempts: int | None = None
    late: str | None = None


def read(name: str, files: Mapping[str, bytes]) -> Facts:
    """Return the facts of the pushed files. Raises NoExercise."""
    if not NAME.fullmatch(name):
        raise NoExercise(BAD_NAME.format(name=name))
    for needed in NEEDED:
        if needed not in files:
            raise NoExercise(NO_FILE.format(name=needed))
    try:
        found: dict[str, Any] = tomllib.loads(files["exercise.toml"].decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise NoExercise(NOT_TOML.format(reason=error)) from None
    title, points, attempts = found.get("title"), found.get("points"), found.get("attempts", 0)
    if not isinstance(title, str) or not 1 <= len(title.strip()) <= 200:
        raise NoExercise(NO_TITLE)
    if isinstance(points, bool) or not isinstance(points, int | float) or not 0 < points < 1e6:
        raise NoExercise(NO_POINTS.format(points=points))
    if isinstance(attempts, bool) or not isinstance(attempts, int):
        raise NoExercise(NO_ATTEMPTS.format(value=attempts))
    late = found.get("late", "refuse")
    if not isinstance(late, str):
        raise NoExercise(NO_TEXT.format(key="late", value=late))
    return Facts(title.strip(), float(points), _time(found, "opens"), _time(found, "due"), attempts, late)


def rules_for(facts: Facts, asked: Asked) -> rules.Rules:
    """Return the rules of the version. Raises RuleError or ValueError."""
    return rules.Rules(
        title=facts.title,
        opens=_instead(asked.opens, facts.opens),
        due=_instead(asked.due, facts.due),
        attempts=facts.attempts if asked.attempts is None else asked.attempts,
        late=asked.late or facts.late,
    )


def add(
    session: Session, course: str, name: str, facts: Facts, wanted: rules.Rules, sha: str, by: str, now: datetime
) -> Version:
    """Add the next version of the exercise, and queue its laws."""
    exercise = session.scalars(select(Exercise).where(Exercise.course == course, Exercise.name == name)).first()
    if exercise is None:
        exercise = Exercise(course=course, name=name)
        session.add(exercise)
        session.flush()
    last = session.scalar(select(func.max(Version.number)).where(Version.exercise_id == exercise.id)) or 0
    version = Version(
        exercise=exercise,
        number=last + 1,
        archive=sha,
        title=facts.title,
        points=facts.points,
        opens=wanted.opens,
        due=wanted.due,
        attempts=wanted.attempts,
        late=wanted.late,
        pushed_by=by,
        pushed_at=now,
    )
    session.add(version)
    session.flush()
    queue.add(session, LAWS, str(version.id), version.id, now)
    return version


def _instead(asked: str | None, own: datetime | None) -> datetime | None:
    if asked is None:
        return own
    return clock.parse(asked) if asked else None


def _time(found: Mapping[str, Any], key: str) -> datetime | None:
    value = found.get(key)
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    if not isinstance(value, str):
        raise NoExercise(NO_TEXT.format(key=key, value=value))
    try:
        return clock.parse(value)
    except ValueError as error:
        raise NoExercise(str(error)) from None
