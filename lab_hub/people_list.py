"""The list of people as the page shows it, from what the hub and the accounts know.

Invariant: pure but for the questions it asks; somebody whom only one of the two knows is shown all the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from lab_hub import members
from lab_hub import people_messages as messages
from lab_hub.account_store import Known

LOCKED, NEVER, RESET, ACTIVE, NO_ACCOUNT = "locked", "never", "reset", "active", "none"
STATES = {
    ACTIVE: messages.STATE_ACTIVE,
    NEVER: messages.STATE_NEVER,
    RESET: messages.STATE_RESET,
    LOCKED: messages.STATE_LOCKED,
    NO_ACCOUNT: messages.STATE_NONE,
}
_UNITS = ((86_400, messages.AGO_DAYS), (3_600, messages.AGO_HOURS), (60, messages.AGO_MINUTES))


@dataclass(frozen=True)
class Entry:
    """One line of the list."""

    name: str
    full_name: str
    email: str
    # Course and role, by course.
    courses: tuple[tuple[str, str], ...]
    state: str
    admin: bool
    # When the hub last heard of them, as it writes times; empty: never.
    last_seen: str
    lab: bool

    @property
    def state_text(self) -> str:
        return STATES[self.state]

    def seen(self, now: datetime | None = None) -> str:
        """Return how long ago that was, in words."""
        if not self.last_seen:
            return messages.AGO_NEVER
        then = datetime.fromisoformat(self.last_seen.replace("Z", "+00:00"))
        seconds = ((now or datetime.now(UTC)) - then).total_seconds()
        for size, text in _UNITS:
            if seconds >= size:
                return text.format(count=int(seconds // size))
        return messages.AGO_NOW


def everybody(ask: members.Ask, known: Mapping[str, Known]) -> list[Entry]:
    """Return everybody, by name. Raises members.Refused."""
    users = {user["name"]: user for user in members.everything(ask, "/users")}
    return [_entry(name, users.get(name, {}), known.get(name)) for name in sorted({*users, *known})]


def _entry(name: str, user: Mapping, known: Known | None) -> Entry:
    matches = (members.GROUP.fullmatch(group) for group in user.get("groups", ()))
    courses = tuple(sorted((match["course"], match["role"]) for match in matches if match))
    return Entry(
        name=name,
        full_name=known.full_name if known else "",
        email=known.email if known else "",
        courses=courses,
        state=_state(known),
        admin=bool(user.get("admin")),
        last_seen=user.get("last_activity") or "",
        lab=bool(user.get("servers")),
    )


def _state(known: Known | None) -> str:
    if known is None:
        return NO_ACCOUNT
    if known.locked:
        return LOCKED
    if known.never:
        return NEVER
    return RESET if known.one_time else ACTIVE


def chosen(entries: Sequence[Entry], words: str = "", course: str = "", state: str = "") -> list[Entry]:
    """Return those that have every word somewhere in name, full name, e-mail or courses."""
    wanted = words.casefold().split()

    def fits(entry: Entry) -> bool:
        text = " ".join((entry.name, entry.full_name, entry.email, *(one for pair in entry.courses for one in pair))).casefold()
        of_course = not course or any(one == course for one, _ in entry.courses)
        return of_course and (not state or entry.state == state) and all(word in text for word in wanted)

    return [entry for entry in entries if fits(entry)]


def courses(entries: Sequence[Entry]) -> list[str]:
    return sorted({course for entry in entries for course, _ in entry.courses})
