"""Does the proxy lead to the labs that run, and to no other? Invariant: only routes of labs are looked at and touched."""

import json
import urllib.request
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from jupyterhub import orm
from sqlalchemy import select

from lab_hub import doctor_messages as messages
from lab_hub.finding import Finding, well, wrong
from lab_hub.settings import Settings

SECONDS = 10
PREFIX = "/user/"


@dataclass(frozen=True)
class Wrong:
    """``route`` is what the proxy has to be told; ``target`` is None where it has to forget it."""

    route: str
    target: str | None
    name: str
    says: str


def check(found: Settings, fix: bool) -> Finding:
    labs = running(found.database_url)
    problems = compare(labs, routes(found))
    if problems and fix:
        for one in problems:
            mend(found, one)
        labs = running(found.database_url)
        return _said(labs, compare(labs, routes(found)), messages.ROUTES_FIXED.format(names=_names(problems)))
    return _said(labs, problems, messages.ROUTES_RIGHT.format(running=len(labs)))


def running(database_url: str) -> dict[str, str]:
    """Return where each running lab is, by its owner's name, as the hub knows it."""
    with orm.new_session_factory(database_url)() as db:
        asked = select(orm.User.name, orm.Server).join(orm.Spawner, orm.Spawner.user_id == orm.User.id)
        asked = asked.join(orm.Server, orm.Server.id == orm.Spawner.server_id).where(orm.Spawner.name == "")
        return {name: f"{server.proto}://{server.ip}:{server.port}" for name, server in db.execute(asked)}


def routes(found: Settings) -> dict[str, str]:
    """Return where the proxy leads, by the name of the lab's owner."""
    told = _ask(found, "GET", "")
    return {
        unquote(path.removeprefix(PREFIX).strip("/")): route["target"]
        for path, route in told.items() if path.startswith(PREFIX)
    }


def compare(labs: dict[str, str], proxied: dict[str, str]) -> list[Wrong]:
    problems = []
    for name, where in sorted(labs.items()):
        if name not in proxied:
            problems.append(Wrong(_route(name), where, name, messages.ROUTE_MISSING.format(name=name)))
        elif proxied[name].rstrip("/") != where:
            says = messages.ROUTE_ELSEWHERE.format(name=name, where=proxied[name], right=where)
            problems.append(Wrong(_route(name), where, name, says))
    gone = sorted(set(proxied) - set(labs))
    return problems + [Wrong(_route(name), None, name, messages.ROUTE_STALE.format(name=name)) for name in gone]


def mend(found: Settings, one: Wrong) -> None:
    if one.target is None:
        _ask(found, "DELETE", one.route)
    else:
        # As the hub itself says it, so that the hub takes the route for its own.
        _ask(found, "POST", one.route, {"target": one.target, "jupyterhub": True, "user": one.name, "server_name": ""})


def _said(labs: dict[str, str], problems: list[Wrong], right: str) -> Finding:
    if not problems:
        return well(right)
    return wrong(messages.ROUTES_WRONG.format(what="; ".join(one.says for one in problems)), messages.ROUTES_REMEDY)


def _names(problems: list[Wrong]) -> str:
    return ", ".join(one.name for one in problems)


def _route(name: str) -> str:
    return PREFIX + quote(name, safe="@~") + "/"


def _ask(found: Settings, method: str, route: str, body: Any = None) -> Any:
    request = urllib.request.Request(
        f"{found.proxy_api_url}/api/routes{route}",
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"token {found.secret('proxy_auth_token')}"},
    )
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:
        return json.loads(answer.read() or b"null")
