"""What the front door asks, and the few pages that it shows instead of a service.

Invariant: everything below `/gate/` is answered to the front door only. A session opens what the table of services gives to the
role that the hub knows at this moment, or at most seconds ago; nothing in the request but the session's cookie counts.
"""

import asyncio
import socket
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import PlainTextResponse
from starlette.concurrency import run_in_threadpool

from lab_auth.hub import Person
from lab_platform import messages, pages
from lab_platform.gate.running import runs
from lab_platform.gate.services import HOSTS, SERVICES, Service, may_open, role_of
from lab_platform.settings import PREFIX, SERVICE
from lab_platform.viewer import ROLE_HEADER, USER_HEADER, Role, Viewing, came_through_the_door

WANTED_HEADER, METHOD_HEADER, UPGRADE_HEADER = "x-door-uri", "x-door-method", "x-door-upgrade"
CALLBACK = f"{SERVICE}/oauth_callback"

router = APIRouter(include_in_schema=False)


async def _person(request: Request) -> Person | None:
    token = request.app.state.sessions.token(request)
    return await request.app.state.hub.person(token) if token else None


def _service(name: str) -> Service:
    if name not in SERVICES:
        raise HTTPException(404, messages.NOT_FOUND)
    return SERVICES[name]


def _only_the_door(request: Request) -> None:
    if not came_through_the_door(request):
        raise HTTPException(403, messages.NOT_THROUGH_THE_DOOR)


@router.get("/gate/health")
def health() -> Response:
    return PlainTextResponse("ok")


@router.get("/gate/running/{name}")
async def running(request: Request, name: str) -> Response:
    """For Consul, which can send plain requests only."""
    well = await run_in_threadpool(runs, name, request.app.state.keys, request.app.state.settings)
    return PlainTextResponse("ok" if well else messages.NOT_RUNNING.format(name=name), 200 if well else 503)


@router.get("/gate/check/{name}")
async def check(request: Request, name: str) -> Response:
    """200 with the person's name and role, 401 for nobody, 403 for somebody who may not."""
    _only_the_door(request)
    person = await _person(request)
    if person is None:
        return Response(status_code=401)
    role = role_of(person)
    # The list of services shows to each what is open to them.
    if role is None or (name != SERVICE and not may_open(role, _service(name))):
        return Response(status_code=403)
    return Response(status_code=200, headers={USER_HEADER: quote(person.name, safe="@"), ROLE_HEADER: role.name.lower()})


@router.api_route("/gate/login", methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
async def login(request: Request) -> Response:
    """To the hub with a browser that opens a page; anything else is told that the session has ended."""
    _only_the_door(request)
    shown = request.headers.get("sec-fetch-mode", "navigate") == "navigate" and not request.headers.get(UPGRADE_HEADER)
    if request.headers.get(METHOD_HEADER, "") not in ("GET", "HEAD") or not shown:
        return PlainTextResponse(messages.LOGIN_FIRST, 401)
    wanted = request.headers.get(WANTED_HEADER, "")
    inside = wanted[len(PREFIX) :] if wanted.startswith(PREFIX) else SERVICE + "/"
    return request.app.state.sessions.send_to_hub(request, inside)


@router.api_route("/gate/refused/{name}", methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
async def refused(request: Request, name: str) -> Response:
    _only_the_door(request)
    title, least = (messages.TITLE, Role.STUDENT) if name == SERVICE else (_service(name).title, _service(name).least)
    person = await _person(request)
    if person is None or role_of(person) is None:
        message = messages.NO_COURSE
    else:
        message = messages.NEEDS_OPERATOR if least is Role.OPERATOR else messages.NEEDS_INSTRUCTOR
    return pages.told(403, message.format(title=title, user=person.name if person else ""), title)


@router.api_route("/gate/absent/{name}", methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
async def absent(request: Request, name: str) -> Response:
    """The service's own page could not be had."""
    _only_the_door(request)
    service = _service(name)
    known = await run_in_threadpool(has_address, HOSTS.get(name, name))
    message = messages.NOT_ANSWERING if known else messages.NOT_STARTED
    message = message.format(title=service.title, group=service.group, service=HOSTS.get(name, name))
    return pages.told(503, message, service.title)


@router.get(PREFIX + CALLBACK)
async def oauth_callback(request: Request, code: str = "") -> Response:
    sessions, hub = request.app.state.sessions, request.app.state.hub
    wanted = sessions.expects(request)
    token = await hub.exchange(code, sessions.redirect_uri) if wanted is not None and code else None
    if token is None:
        return pages.told(403, messages.LOGIN_FAILED)
    return sessions.welcome(request, token, wanted)


@router.get(f"{PREFIX}{SERVICE}/")
async def services(request: Request, who: Viewing) -> Response:
    """The services that are open to somebody, and which of them run."""
    mine = [one for one in SERVICES.values() if may_open(who.role, one)]
    there = await asyncio.gather(*(run_in_threadpool(has_address, HOSTS.get(one.name, one.name)) for one in mine))
    return pages.page("services.html", user=who.name, services=list(zip(mine, there, strict=True)))


def has_address(host: str) -> bool:
    """Whether a container of this name runs: the engine's own name service knows no others."""
    try:
        socket.getaddrinfo(host, None)
    except OSError:
        return False
    return True
