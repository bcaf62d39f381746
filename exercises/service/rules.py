"""When work is taken, and what being late costs. Pure: times and counts in, a decision out.

Invariant: a decision depends on the server's time, the exercise's rules and the number of attempts made; on nothing
from the student.
"""

import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

NOT_OPEN = "{title} opens at {opens}."
PAST_DUE = "{title} was due at {due}; nothing is taken after that. What was submitted before counts."
TOO_LATE = "{title} was due at {due}; by now nothing would be left of its points."
CLOSED = "{title} is closed; nothing is taken any more. What was submitted before counts."
NO_ATTEMPTS = "All {attempts} attempts at {title} are used. The best of them counts."
BAD_LATE = "{text!r} is no late policy. Write refuse, accept, or what each started day costs, such as 10%/day."
BAD_ATTEMPTS = "attempts={value:.20} is not a number of attempts: 1 to {most}, or 0 for any number."
DUE_BEFORE_OPENS = "It would be due ({due}) before it opens ({opens})."

_PER_DAY = re.compile(r"(\d{1,3})\s*%\s*/\s*day")
DAY = timedelta(days=1)
MOST_ATTEMPTS = 10_000


class RuleError(ValueError):
    """A rule that an instructor asked for makes no sense; the text says why."""


class Refused(ValueError):
    """The work is not taken; the text says why, in the student's words."""


@dataclass(frozen=True)
class Rules:
    """`attempts` 0 is any number; `late` is refuse, accept or such as 10%/day; `closed` is somebody's decision."""

    title: str
    opens: datetime | None = None
    due: datetime | None = None
    attempts: int = 0
    late: str = "refuse"
    closed: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.attempts <= MOST_ATTEMPTS:
            raise RuleError(BAD_ATTEMPTS.format(value=str(self.attempts), most=MOST_ATTEMPTS))
        cost_of_a_day(self.late)
        if self.opens and self.due and self.due <= self.opens:
            raise RuleError(DUE_BEFORE_OPENS.format(due=said(self.due), opens=said(self.opens)))


@dataclass(frozen=True)
class Taken:
    """`late_seconds` after the due time (0: in time); `share` of the points that is kept, 0 to 1."""

    late_seconds: int
    share: float


def decide(rules: Rules, now: datetime, made: int) -> Taken:
    """Return how the work is taken, `made` attempts being used. Raises Refused."""
    if not is_open(rules, now):
        raise Refused(NOT_OPEN.format(title=rules.title, opens=said(rules.opens)))
    if rules.closed:
        raise Refused(CLOSED.format(title=rules.title))
    if rules.attempts and made >= rules.attempts:
        raise Refused(NO_ATTEMPTS.format(title=rules.title, attempts=rules.attempts))
    if rules.due is None or now <= rules.due:
        return Taken(0, 1.0)
    cost = cost_of_a_day(rules.late)
    if cost is None:
        raise Refused(PAST_DUE.format(title=rules.title, due=said(rules.due)))
    late = now - rules.due
    share = max(0.0, 1.0 - math.ceil(late / DAY) * cost)
    if share == 0.0:
        raise Refused(TOO_LATE.format(title=rules.title, due=said(rules.due)))
    return Taken(max(1, int(late.total_seconds())), round(share, 6))


def is_open(rules: Rules, now: datetime) -> bool:
    return rules.opens is None or now >= rules.opens


def cost_of_a_day(late: str) -> float | None:
    """Return the share that a started day costs; None when late work is refused. Raises RuleError."""
    if late == "refuse":
        return None
    if late == "accept":
        return 0.0
    match = _PER_DAY.fullmatch(late.strip())
    if match is None or not 0 < int(match[1]) <= 100:
        raise RuleError(BAD_LATE.format(text=late))
    return int(match[1]) / 100


def said(time: datetime) -> str:
    return time.strftime("%Y-%m-%d %H:%M UTC")
