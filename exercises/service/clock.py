"""The server's clock: the only source of times.

Invariant: a time is an aware UTC `datetime`, to the second's fraction; nothing that a client sends is ever taken for one.
"""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
MOST_SHOWN = 60

NOT_A_TIME = "{text!r} is no time. Write it like 2026-03-09T18:00+01:00; without an offset it is UTC."


def now() -> datetime:
    return datetime.now(UTC)


def parse(text: str) -> datetime:
    """Return the time that a person wrote; without an offset it is UTC. Raises ValueError."""
    try:
        found = datetime.fromisoformat(text.strip())
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        # An offset may lead out of the calendar.
        raise ValueError(NOT_A_TIME.format(text=text[:MOST_SHOWN])) from None


def iso(time: datetime | None) -> str | None:
    """Return the time as clients get it, or None."""
    return None if time is None else time.astimezone(UTC).isoformat(timespec="seconds")
