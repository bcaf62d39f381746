"""What a roster would change, compared with what is there.

Invariant: pure; a plan made from the state that it leads to is empty, so that running it twice changes nothing more. Nobody's
account goes because a file does not name it: at most a membership does, and only when that was asked for.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lab_hub import people_messages as messages
from lab_hub.account_store import Known
from lab_hub.roster_file import Details, Roster


@dataclass(frozen=True, order=True)
class Member:
    """Somebody's role in a course."""

    course: str
    role: str
    name: str


@dataclass(frozen=True)
class Plan:
    """What is to be done, and who is there but not in the file."""

    new: Mapping[str, Details]
    changed: Mapping[str, Details]
    joins: tuple[Member, ...]
    leaves: tuple[Member, ...]
    absent: tuple[Member, ...]
    # People who get another one-time password because they never used theirs.
    slips: tuple[str, ...]
    lines: tuple[tuple[str, str, str], ...]

    @property
    def empty(self) -> bool:
        return not (self.new or self.changed or self.joins or self.leaves or self.slips)

    def summary(self) -> str:
        counts = {"new": len(self.new), "changed": len(self.changed), "joins": len(self.joins), "leaves": len(self.leaves)}
        return messages.SUMMARY.format(**counts)


def make(
    roster: Roster, known: Mapping[str, Known], members: Iterable[Member], *, remove: bool = False, slips: bool = False
) -> Plan:
    """Return the plan. ``remove``: who is not in the file leaves its courses. ``slips``: new ones for whoever never logged in."""
    there = set(members)
    wanted = {Member(course, role, name) for (name, course), role in roster.roles.items()}
    courses = {member.course for member in wanted}
    in_file = {(member.course, member.name) for member in wanted}
    of_the_courses = {member for member in there if member.course in courses}
    absent = {member for member in of_the_courses if (member.course, member.name) not in in_file}
    leaves = of_the_courses - wanted - absent
    if remove:
        leaves, absent = leaves | absent, set()
    new = {name: details for name, details in roster.people.items() if name not in known}
    changed, changes = _changed(roster, known)
    again = tuple(sorted(name for name in roster.people if slips and name in known and known[name].never)) if slips else ()
    lines = [(messages.WHAT_NEW, name, details.full_name or "") for name, details in new.items()]
    lines += changes
    lines += [(messages.WHAT_SLIP, name, "") for name in again]
    lines += [
        (messages.WHAT_JOINS, m.name, messages.DETAIL_MEMBER.format(course=m.course, role=m.role)) for m in sorted(wanted - there)
    ]
    lines += [(messages.WHAT_LEAVES, m.name, messages.DETAIL_MEMBER.format(course=m.course, role=m.role)) for m in sorted(leaves)]
    lines += [(messages.WHAT_ABSENT, m.name, messages.DETAIL_ABSENT.format(course=m.course, role=m.role)) for m in sorted(absent)]
    return Plan(new, changed, tuple(sorted(wanted - there)), tuple(sorted(leaves)), tuple(sorted(absent)), again, tuple(lines))


def _changed(roster: Roster, known: Mapping[str, Known]) -> tuple[dict[str, Details], list[tuple[str, str, str]]]:
    changed, lines = {}, []
    for name, details in roster.people.items():
        if name not in known:
            continue
        before = known[name]
        pairs = (
            (messages.FIELD_FULL_NAME, before.full_name, details.full_name),
            (messages.FIELD_EMAIL, before.email, details.email),
        )
        differing = [(field, old, new) for field, old, new in pairs if new is not None and new != old]
        if differing:
            changed[name] = details
        for field, old, new in differing:
            detail = messages.DETAIL_CHANGE.format(field=field, before=old or messages.NOTHING_SAID, after=new)
            lines.append((messages.WHAT_CHANGED, name, detail))
    return changed, lines


def table(plan: Plan) -> str:
    """Return what the plan does, as a table for a terminal."""
    rows = [messages.TABLE_HEAD, *plan.lines]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    return "\n".join(f"{what:<{widths[0]}}  {name:<{widths[1]}}  {detail}".rstrip() for what, name, detail in rows)
