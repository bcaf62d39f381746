"""A pushed exercise: its few facts that the service needs, its rules, and its next version.

Invariant: of a pushed archive only `exercise.toml` is read here, as data; everything in it that runs, runs in the
sandbox, where the laws decide whether the version is handed out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from exercises import definition
from exercises.definition import Definition
from exercises.errors import DefinitionError
from exercises.service import clock, queue, rules
from exercises.service.models import ACCEPTED, CHECKING, LAWS, TRYING, Exercise, Version

NEEDED = (definition.FILE, "notebook.ipynb", "checks.py")

NO_FILE = "{name} is missing."


class NoExercise(ValueError):
    """What was pushed is no exercise; the text says why."""


@dataclass(frozen=True)
class Asked:
    """What the push asked for instead; None keeps what exercise.toml says, an empty text takes the time away."""

    opens: str | None = None
    due: str | None = None
    attempts: int | None = None
    late: str | None = None


def read(name: str, files: Mapping[str, bytes]) -> Definition:
    """Return what exercise.toml of the pushed files says. Raises NoExercise."""
    try:
        found = definition.read(name, files)
    except DefinitionError as error:
        raise NoExercise(str(error)) from None
    for needed in NEEDED:
        if needed not in files:
            raise NoExercise(NO_FILE.format(name=needed))
    return found


def rules_for(facts: Definition, asked: Asked) -> rules.Rules:
    """Return the rules of the version. Raises RuleError or ValueError."""
    return rules.Rules(
        title=facts.title,
        opens=_instead(asked.opens, facts.opens),
        due=_instead(asked.due, facts.due),
        attempts=facts.attempts if asked.attempts is None else asked.attempts,
        late=asked.late or facts.late,
    )


def add(
    session: Session,
    course: str,
    name: str,
    facts: Definition,
    wanted: rules.Rules,
    sha: str,
    by: str,
    now: datetime,
    *,
    trial: bool = False,
) -> Version:
    """Add the next version of the exercise, or a trial of one, and queue its laws.

    The newest version pushed once more, with the same rules, stays the newest: a CI pushes everything each time.
    """
    exercise = session.scalars(select(Exercise).where(Exercise.course == course, Exercise.name == name)).first()
    if exercise is None:
        exercise = Exercise(course=course, name=name)
        session.add(exercise)
        session.flush()
    if not trial and (newest := _newest(session, exercise)) is not None and _is_same(newest, wanted, sha):
        return newest
    furthest = func.min(Version.number) if trial else func.max(Version.number)
    last = session.scalar(select(furthest).where(Version.exercise_id == exercise.id)) or 0
    version = Version(
        exercise=exercise,
        number=min(last, 0) - 1 if trial else max(last, 0) + 1,
        archive=sha,
        state=TRYING if trial else CHECKING,
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


def _newest(session: Session, exercise: Exercise) -> Version | None:
    """Return the last version that was pushed and not refused, unless one was refused since."""
    wanted = select(Version).where(Version.exercise_id == exercise.id, Version.number > 0).order_by(Version.number.desc()).limit(1)
    found = session.scalars(wanted).first()
    return found if found is not None and found.state in (CHECKING, ACCEPTED) else None


def _is_same(version: Version, wanted: rules.Rules, sha: str) -> bool:
    own = (version.archive, version.opens, version.due, version.attempts, version.late)
    return own == (sha, wanted.opens, wanted.due, wanted.attempts, wanted.late)


def _instead(asked: str | None, own: datetime | None) -> datetime | None:
    if asked is None:
        return own
    return clock.parse(asked) if asked else None
