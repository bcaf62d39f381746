"""What an operator does for one person: reset, lock, unlock, remove with an archive, bring back.

Invariant: what keeps somebody out is stored first, so that a hub that stops half-way errs on the safe side, and every step may be
repeated. A home goes only after its archive was read back. Blocks, so not in the hub's loop; used by the command line and the page.
"""

import time
from collections.abc import Callable, Mapping
from urllib.parse import quote

from lab_hub import account_rules, members
from lab_hub import people_messages as messages
from lab_hub.account_store import AccountExists, AccountStore, NoAccount, hash_password
from lab_hub.archives import ArchiveError, Archives, Said
from lab_hub.members import Ask, Refused
from lab_hub.sessions import SCOPE as END_SESSIONS

SCOPES = (
    *members.SCOPES,  # who is in which course, and changing it
    "list:users",  # everybody
    "read:users",  # when they were last seen
    "read:servers",  # whose lab runs
    "delete:servers",  # stop the lab of whoever is locked out
    "delete:users",  # remove somebody
    END_SESSIONS,  # log somebody out
)
STOP_SECONDS = 120


class People:
    """The jobs, each of which says what was done. All raise Refused with a reason."""

    def __init__(self, store: AccountStore, ask: Ask, archives: Archives, hashed: Callable[[str], bytes] = hash_password) -> None:
        self._store, self._ask, self._archives, self._hashed = store, ask, archives, hashed

    def reset(self, name: str) -> str:
        """Give a new one-time password and return it; the old one, sessions and tokens end. A lab that runs goes on."""
        password = account_rules.one_time_password()
        try:
            self._store.set_password(name, self._hashed(password), one_time=True)
        except NoAccount:
            raise Refused(messages.NOBODY.format(name=name)) from None
        self._end_sessions(name)
        return password

    def lock(self, name: str) -> str:
        new = self._set_locked(name, True)
        # Again, if somebody is locked already: the hub may not have done its part then.
        self._stop_lab(name)
        self._end_sessions(name)
        return (messages.LOCKED if new else messages.LOCKED_ALREADY).format(name=name)

    def unlock(self, name: str) -> str:
        return (messages.UNLOCKED if self._set_locked(name, False) else messages.UNLOCKED_ALREADY).format(name=name)

    def describe(self, name: str, details: Mapping[str, str]) -> None:
        """Set full_name and email."""
        if self._store.find(name) is None:
            raise Refused(messages.NOBODY.format(name=name))
        self._store.enrol({}, {}, {name: details})

    def set_role(self, name: str, course: str, role: str) -> None:
        """Give somebody this one role in a course."""
        members.join(self._ask, course, role, [name])
        for other_course, other, who in members.memberships(self._ask):
            if who == name and other_course == course and other != role:
                members.leave(self._ask, course, other, [name])

    def remove(self, name: str, said: Said) -> str:
        """Archive the home, then remove home and account."""
        known = self._store.known().get(name)
        home = self._archives.has_home(name)
        if known is None and not home:
            raise Refused(messages.NOBODY.format(name=name))
        if known is not None:
            # Nobody works in a home while it is read.
            self._set_locked(name, True)
        self._stop_lab(name)
        self._end_sessions(name)
        try:
            path = self._archives.keep(name, said) if home else None
        except ArchiveError as error:
            if known is not None and not known.locked:
                self._set_locked(name, False)
            raise Refused(str(error)) from error
        courses = [f"{course} ({role})" for course, role, who in members.memberships(self._ask) if who == name]
        status, found = self._ask("DELETE", f"/users/{quote(name)}", None)
        if status not in (204, 404):
            raise Refused(messages.HUB_KEEPS.format(name=name, reason=f"HTTP {status}: {found}"))
        self._store.remove(name)
        try:
            self._archives.remove_home(name)
        except ArchiveError as error:
            raise Refused(str(error)) from error
        shown = messages.NO_HOME if path is None else f"{self._archives.shown or path.parent}/{path.name}"
        return messages.REMOVED.format(name=name, archive=shown, courses=", ".join(courses) or messages.NOTHING_SAID)

    def restore(self, name: str, wanted: str, said: Said) -> str:
        """Make a new account whose home is an archive's; return its one-time password."""
        if self._store.find(name) is not None:
            raise Refused(messages.RESTORE_ACCOUNT_EXISTS.format(name=name))
        try:
            self._archives.restore(self._archives.find(wanted), name, said)
        except ArchiveError as error:
            raise Refused(str(error)) from error
        password = account_rules.one_time_password()
        try:
            self._store.add(name, self._hashed(password))
        except AccountExists:
            raise Refused(messages.RESTORE_ACCOUNT_EXISTS.format(name=name)) from None
        return password

    def _set_locked(self, name: str, locked: bool) -> bool:
        try:
            return self._store.set_locked(name, locked)
        except NoAccount:
            raise Refused(messages.NOBODY.format(name=name)) from None

    def _stop_lab(self, name: str) -> None:
        """Stop the lab, also one that is starting, and wait until it has stopped."""
        deadline = time.monotonic() + STOP_SECONDS
        while True:
            status, found = self._ask("DELETE", f"/users/{quote(name)}/server", None)
            if status in (204, 404):
                return
            if time.monotonic() > deadline:
                raise Refused(messages.LAB_STAYS.format(name=name, reason=f"HTTP {status}: {found}"))
            time.sleep(0.5)

    def _end_sessions(self, name: str) -> None:
        status, found = self._ask("DELETE", f"/people/{quote(name)}/sessions", None)
        if status not in (204, 404):
            raise Refused(messages.SESSIONS_STAY.format(name=name, reason=f"HTTP {status}: {found}"))
