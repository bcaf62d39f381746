"""`exercise.toml`, read once.

Invariant: a `Definition` is whole and sensible: every field has the right type and lies within its bounds, and no field was
ignored because its name was misspelt.
"""

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from exercises.errors import DefinitionError
from exercises.service import clock
from exercises.service.rules import MOST_ATTEMPTS, RuleError, Rules

FILE = "exercise.toml"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
MB = 1024 * 1024
DEFAULT_SECONDS, MOST_SECONDS, LEAST_SECONDS = 180, 900, 10
DEFAULT_MEMORY, MOST_MEMORY, LEAST_MEMORY = 2048, 8192, 768
MOST_TITLE = 200
MOST_SEED = 2**31

AT = "{name}/exercise.toml: {problem}"
BAD_NAME = "{name!r} is no name for an exercise: use lower-case letters, digits and -, such as silver-quarantine."
NO_FILE = "there is no exercise.toml; `exercises new NAME` writes one."
NOT_TOML = "it is no TOML ({reason})."
UNKNOWN = "{key!r} is no field. {hint}"
DID_YOU_MEAN = "Did you mean {close}?"
THE_FIELDS = "The fields are {fields}."
MISSING = "{key} is missing; write {example}"
BAD_VALUE = "{key} must be {wanted}, not {value!r}."
BAD_TIME = "{key}: {reason}"

TITLE, POINTS, ATTEMPTS = "a text of 1 to 200 characters", "a number above 0", "a whole number, 0 for any number"
SECONDS = f"a whole number of seconds from {LEAST_SECONDS} to {MOST_SECONDS}"
MEMORY = f"a whole number of MB from {LEAST_MEMORY} to {MOST_MEMORY}"
NEEDS = "a list of texts, such as [\"02_silver_processing\"]"
SEED = "a whole number from 1"
TABLE = "a table"
TIME = "a time, such as 2026-03-09T18:00+01:00"
LATE = "a text: refuse, accept, or such as 10%/day"

TOP = ("title", "points", "opens", "due", "attempts", "late", "needs", "seed", "limits")
LIMITS = ("seconds", "memory")


@dataclass(frozen=True)
class Definition:
    """One exercise's facts. `seconds` of wall time and `memory` in bytes are the limits of one graded run.

    `seed` makes the data that students see; graders use others. `attempts` 0 is any number.
    """

    name: str
    title: str
    points: float
    opens: datetime | None = None
    due: datetime | None = None
    attempts: int = 0
    late: str = "refuse"
    needs: tuple[str, ...] = ()
    seed: int = 1
    seconds: int = DEFAULT_SECONDS
    memory: int = DEFAULT_MEMORY * MB


def read(name: str, files: Mapping[str, bytes]) -> Definition:
    """Return the definition in an exercise's files (by relative name). Raises DefinitionError."""
    if not NAME.fullmatch(name):
        raise DefinitionError(BAD_NAME.format(name=name))
    if FILE not in files:
        raise DefinitionError(AT.format(name=name, problem=NO_FILE))
    return parse(name, files[FILE])


def parse(name: str, data: bytes) -> Definition:
    """Return the definition. Raises DefinitionError with the field and what it must be."""
    try:
        found = tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise DefinitionError(AT.format(name=name, problem=NOT_TOML.format(reason=error))) from None
    try:
        return _definition(name, found)
    except _Bad as bad:
        raise DefinitionError(AT.format(name=name, problem=bad)) from None


class _Bad(Exception):
    """A field's problem, before the file's name is put in front."""


def _definition(name: str, found: dict[str, Any]) -> Definition:
    _known(found, TOP)
    limits = _field(found, "limits", {}, TABLE, lambda value: isinstance(value, dict))
    _known(limits, LIMITS)
    for key, example in (("title", 'title = "…"'), ("points", "points = 10")):
        if key not in found:
            raise _Bad(MISSING.format(key=key, example=example))
    made = Definition(
        name=name,
        title=_field(found, "title", "", TITLE, lambda v: isinstance(v, str) and 1 <= len(v.strip()) <= MOST_TITLE).strip(),
        points=float(_field(found, "points", 0, POINTS, lambda v: _number(v) and 0 < v < 1e6)),
        opens=_time(found, "opens"),
        due=_time(found, "due"),
        attempts=_field(found, "attempts", 0, ATTEMPTS, lambda v: _whole(v, 0, MOST_ATTEMPTS)),
        late=_field(found, "late", "refuse", LATE, lambda v: isinstance(v, str)),
        needs=tuple(_field(found, "needs", [], NEEDS, _texts)),
        seed=_field(found, "seed", 1, SEED, lambda v: _whole(v, 1, MOST_SEED)),
        seconds=_field(limits, "seconds", DEFAULT_SECONDS, SECONDS, lambda v: _whole(v, LEAST_SECONDS, MOST_SECONDS)),
        memory=MB * _field(limits, "memory", DEFAULT_MEMORY, MEMORY, lambda v: _whole(v, LEAST_MEMORY, MOST_MEMORY)),
    )
    try:
        Rules(made.title, made.opens, made.due, made.attempts, made.late)
    except RuleError as error:
        raise _Bad(error) from None
    return made


def _known(found: Mapping[str, Any], fields: tuple[str, ...]) -> None:
    for key in found:
        if key not in fields:
            close = difflib.get_close_matches(key, fields, 1)
            hint = DID_YOU_MEAN.format(close=close[0]) if close else THE_FIELDS.format(fields=", ".join(fields))
            raise _Bad(UNKNOWN.format(key=key, hint=hint))


def _field(found: Mapping[str, Any], key: str, default: Any, wanted: str, fits: Any) -> Any:
    value = found.get(key, default)
    if not fits(value):
        raise _Bad(BAD_VALUE.format(key=key, wanted=wanted, value=value))
    return value


def _time(found: Mapping[str, Any], key: str) -> datetime | None:
    value = found.get(key)
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    if not isinstance(value, str):
        raise _Bad(BAD_VALUE.format(key=key, wanted=TIME, value=value))
    try:
        return clock.parse(value)
    except ValueError as error:
        raise _Bad(BAD_TIME.format(key=key, reason=error)) from None


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _whole(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) and one for one in value)
