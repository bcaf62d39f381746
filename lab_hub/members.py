"""Who is in which course, on the operator's command line: `python -m lab_hub.members add|remove|list`.

Invariant: a course is no more than the hub's groups `course-<course>-<role>`, which the exercises' service asks for; a refusal says
why, changes nothing and exits 2. Runs in the hub's container and asks the running hub, so that a change counts at once.
"""

import argparse
import json
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote

from lab_hub import messages, settings
from lab_hub.groups import COURSE, GROUP, ROLES

SCOPES = ("admin:groups", "list:groups")
TIMEOUT_SECONDS = 20
# Of a list, the hub gives out no more at once.
PART = 200
# People of one request to change a course: the hub does nothing else meanwhile.
SOME = 50

# Method, path below the hub's API, body: the hub's status and its answer.
Ask = Callable[[str, str, Any], tuple[int, Any]]


class Refused(Exception):
    """The reason, as it is printed."""


def group(course: str, role: str) -> str:
    """Return the group's name. Raises Refused."""
    if not COURSE.fullmatch(course):
        raise Refused(messages.COURSE_INVALID.format(course=course))
    if role not in ROLES:
        raise Refused(messages.ROLE_INVALID.format(role=role))
    return f"course-{course}-{role}"


def add(ask: Ask, course: str, role: str, names: Sequence[str]) -> str:
    """Put people into a course; return what to print. All of them or none. Raises Refused."""
    join(ask, course, role, names, at_once=len(names))
    return "\n".join(messages.MEMBER_ADDED.format(name=name, role=role, course=course) for name in names)


def remove(ask: Ask, course: str, role: str, names: Sequence[str]) -> str:
    """Take people out of a course; return what to print. Raises Refused."""
    path = "/groups/" + quote(group(course, role))
    status, found = ask("GET", path, None)
    there = set() if status == 404 else set(_expect((status, found), 200)["users"])
    if inside := [name for name in names if name in there]:
        leave(ask, course, role, inside)
    told = {True: messages.MEMBER_REMOVED, False: messages.MEMBER_WAS_NOT}
    return "\n".join(told[name in there].format(name=name, role=role, course=course) for name in names)


def listed(ask: Ask) -> str:
    """Return the courses and their members as a table."""
    rows = memberships(ask)
    if not rows:
        return messages.MEMBERS_NONE
    order = {role: number for number, role in enumerate(reversed(ROLES))}
    rows.sort(key=lambda row: (row[0], order[row[1]], row[2]))
    return "\n".join(f"{course:<20} {role:<12} {name}" for course, role, name in rows)


def memberships(ask: Ask) -> list[tuple[str, str, str]]:
    """Return course, role and name of everybody who is in a course."""
    rows = []
    for one in everything(ask, "/groups"):
        if match := GROUP.fullmatch(one["name"]):
            rows += [(match["course"], match["role"], name) for name in sorted(one["users"])]
    return rows


def everything(ask: Ask, path: str) -> list[Any]:
    """Return a whole list of the hub's, which gives it out in parts. Raises Refused."""
    found: list[Any] = []
    while True:
        part = _expect(ask("GET", f"{path}?offset={len(found)}&limit={PART}", None), 200)
        found += part
        if len(part) < PART:
            return found


def join(ask: Ask, course: str, role: str, names: Sequence[str], at_once: int = SOME) -> None:
    """Put people into a course, some at a time, so that the hub answers others in between. Raises Refused."""
    path = "/groups/" + quote(group(course, role))
    # 409: the group is there already.
    _expect(ask("POST", path, None), 201, 409)
    for some in _parts(names, at_once):
        _people(ask("POST", f"{path}/users", {"users": some}), some)


def leave(ask: Ask, course: str, role: str, names: Sequence[str]) -> None:
    """Take people out of a course that they are in. Raises Refused."""
    path = "/groups/" + quote(group(course, role))
    for some in _parts(names, SOME):
        _people(ask("DELETE", f"{path}/users", {"users": some}), some)


def _parts(names: Sequence[str], at_once: int) -> list[list[str]]:
    return [list(names[start : start + at_once]) for start in range(0, len(names), at_once)]


def _people(answer: tuple[int, Any], names: Sequence[str]) -> None:
    """The hub refuses a list with somebody it does not know, whole."""
    status, found = answer
    text = str((found or {}).get("message", "")) if isinstance(found, dict) else ""
    if status in (400, 404):
        unknown = next((name for name in names if name in text), names[0])
        raise Refused(messages.NO_ACCOUNT.format(name=unknown))
    _expect(answer, 200)


def _expect(answer: tuple[int, Any], *wanted: int) -> Any:
    status, found = answer
    if status not in wanted:
        raise Refused(messages.HUB_REFUSES.format(reason=f"HTTP {status}: {found}"))
    return found


def asker(url: str, token: str) -> Ask:
    """Return a way to ask the hub's API at `url`."""

    def ask(method: str, path: str, body: Any) -> tuple[int, Any]:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"token {token}", "Content-Type": "application/json"}
        request = urllib.request.Request(url + path, data=data, method=method, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            text = error.read()
            try:
                return error.code, json.loads(text)
            except ValueError:
                return error.code, text.decode(errors="replace")[:200]
        except OSError as error:
            raise Refused(messages.HUB_REFUSES.format(reason=error)) from None

    return ask


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m lab_hub.members", description="Who is in which course.")
    commands = made.add_subparsers(dest="command", required=True)
    for name in ("add", "remove"):
        one = commands.add_parser(name)
        one.add_argument("course")
        one.add_argument("role", help=", ".join(ROLES))
        one.add_argument("names", nargs="+", metavar="name")
    commands.add_parser("list")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    asked = parser().parse_args(arguments)
    try:
        lab = settings.read()
        # The hub itself, in this container.
        ask = asker(lab.own_api_url, lab.secret("operator_token"))
        if asked.command == "list":
            print(listed(ask))
        else:
            print({"add": add, "remove": remove}[asked.command](ask, asked.course, asked.role, asked.names))
    except (Refused, settings.SettingsError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
