"""Bringing a class to what its roster says.

Invariant: accounts in one transaction, then memberships through the hub, each of which may be repeated; whoever got an account gets
a slip, also when the hub stops half-way. Asked for by the command line and by the page of people; blocks, so not in the hub's loop.
"""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy.exc import OperationalError

from lab_hub import account_rules, members, roster_plan, sealed
from lab_hub import people_messages as messages
from lab_hub.account_store import AccountExists, AccountStore
from lab_hub.roster_file import Details, Roster
from lab_hub.roster_plan import Member, Plan
from lab_hub.slips import Slip


class Refused(Exception):
    """Nothing was changed; the message says why."""


@dataclass(frozen=True)
class Done:
    """What an import did. ``partly`` says what is left to do, when the hub stopped half-way."""

    plan: Plan
    slips: tuple[Slip, ...]
    partly: str = ""


class Importer:
    """Compares with what is there, and makes it so."""

    def __init__(self, store: AccountStore, ask: members.Ask, key: str) -> None:
        self._store, self._ask, self._key = store, ask, key

    def plan(self, roster: Roster, *, remove: bool = False, slips: bool = False) -> Plan:
        """Return what would change. Raises members.Refused."""
        there = [Member(*row) for row in members.memberships(self._ask)]
        return roster_plan.make(roster, self._store.known(), there, remove=remove, slips=slips)

    def apply(self, roster: Roster, plan: Plan) -> Done:
        """Do what the plan says. Raises Refused."""
        passwords = {name: account_rules.one_time_password() for name in (*plan.new, *plan.slips)}
        kept = {name: sealed.seal(password, self._key) for name, password in passwords.items()}
        details = {name: _said(values) for name, values in {**plan.new, **plan.changed}.items()}
        try:
            self._store.enrol({n: kept[n] for n in plan.new}, {n: kept[n] for n in plan.slips}, details)
        except AccountExists as error:
            raise Refused(messages.CHANGED_MEANWHILE.format(name=error)) from None
        except OperationalError as error:
            raise Refused(messages.DATABASE_BUSY.format(reason=error.orig)) from error
        slips = tuple(_slip(name, password, roster) for name, password in passwords.items())
        return Done(plan, slips, self._memberships(plan))

    def _memberships(self, plan: Plan) -> str:
        """Change who is in which course; return what to say if not all could be done."""
        for change, wanted in ((members.join, plan.joins), (members.leave, plan.leaves)):
            by_group: dict[tuple[str, str], list[str]] = defaultdict(list)
            for member in wanted:
                by_group[member.course, member.role].append(member.name)
            for (course, role), names in by_group.items():
                try:
                    change(self._ask, course, role, names)
                except members.Refused as error:
                    where = messages.DETAIL_MEMBER.format(course=course, role=role)
                    return messages.PARTLY.format(where=where, reason=error)
        return ""


def _said(details: Details) -> dict[str, str]:
    """Return what a file says of a person, and nothing of what it leaves open."""
    return {name: value for name, value in vars(details).items() if value is not None}


def _slip(name: str, password: str, roster: Roster) -> Slip:
    courses = tuple(f"{course} ({role})" for (who, course), role in sorted(roster.roles.items()) if who == name)
    return Slip(name, roster.people[name].full_name or "", password, courses)
