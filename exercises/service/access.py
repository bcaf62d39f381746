"""Who may use which route: one table, and nothing that is not in it.

Invariant: a request reaches its handler only if its route is in TABLE and its sender is who the table asks for. Pages
know people by the session of their browser, the API by a token in the header; neither accepts the other's, so that no
page of somebody else's can make a browser act.
"""

import enum
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool

from exercises.service import messages
from exercises.service.models import Exercise, Submission
from lab_auth.hub import Person


class Who(enum.Enum):
    ANYONE = "anyone"
    PERSON = "anybody who can log in"
    MEMBER = "members of the course"
    GRADER = "graders and instructors of the course"
    INSTRUCTOR = "instructors of the course"
    OWNER = "who handed it in, and the graders and instructors of its course"


COURSE = "/api/courses/{course}"
EXERCISE = COURSE + "/exercises/{name}"
SUBMISSION = "/api/submissions/{submission}"
DESK = "/desk/{course}"

TABLE: dict[tuple[str, str], Who] = {
    ("GET", "/api/health"): Who.ANYONE,
    ("GET", "/api/me"): Who.PERSON,
    ("GET", COURSE + "/exercises"): Who.MEMBER,
    ("GET", EXERCISE): Who.MEMBER,
    ("POST", EXERCISE): Who.INSTRUCTOR,
    ("GET", EXERCISE + "/student"): Who.MEMBER,
    ("GET", EXERCISE + "/versions"): Who.GRADER,
    ("GET", EXERCISE + "/versions/{number}"): Who.GRADER,
    ("GET", EXERCISE + "/versions/{number}/source"): Who.INSTRUCTOR,
    ("GET", EXERCISE + "/submissions"): Who.MEMBER,
    ("POST", EXERCISE + "/submissions"): Who.MEMBER,
    ("POST", EXERCISE + "/checks"): Who.MEMBER,
    ("GET", EXERCISE + "/class"): Who.GRADER,
    ("POST", EXERCISE + "/regrades"): Who.INSTRUCTOR,
    ("GET", EXERCISE + "/regrades"): Who.GRADER,
    ("GET", EXERCISE + "/regrades/{number}"): Who.GRADER,
    ("GET", COURSE + "/catalog"): Who.INSTRUCTOR,
    ("GET", COURSE + "/catalog/{name}"): Who.INSTRUCTOR,
    ("GET", SUBMISSION): Who.OWNER,
    ("GET", SUBMISSION + "/files"): Who.OWNER,
    ("GET", SUBMISSION + "/feedback"): Who.OWNER,
    ("POST", SUBMISSION + "/regrade"): Who.INSTRUCTOR,
    ("GET", "/"): Who.PERSON,
    ("GET", "/courses/{course}/{name}"): Who.MEMBER,
    ("GET", "/submissions/{submission}"): Who.OWNER,
    ("GET", DESK): Who.GRADER,
    ("GET", DESK + "/grades.csv"): Who.GRADER,
    ("GET", DESK + "/exercises/{name}"): Who.GRADER,
    ("GET", DESK + "/exercises/{name}/checks"): Who.GRADER,
    ("GET", DESK + "/exercises/{name}/alike"): Who.INSTRUCTOR,
    ("GET", DESK + "/exercises/{name}/people/{user}"): Who.GRADER,
    ("POST", DESK + "/exercises/{name}/close"): Who.INSTRUCTOR,
    ("POST", DESK + "/exercises/{name}/reopen"): Who.INSTRUCTOR,
    ("POST", DESK + "/exercises/{name}/reveal"): Who.INSTRUCTOR,
    ("POST", DESK + "/exercises/{name}/regrade"): Who.INSTRUCTOR,
    ("POST", DESK + "/exercises/{name}/people/{user}/extension"): Who.INSTRUCTOR,
    ("POST", "/submissions/{submission}/mark"): Who.GRADER,
    ("POST", "/submissions/{submission}/regrade"): Who.INSTRUCTOR,
    ("GET", "/submissions/{submission}/desk"): Who.GRADER,
    ("GET", "/submissions/{submission}/notebook"): Who.GRADER,
    ("GET", "/api-docs"): Who.PERSON,
    ("GET", "/openapi.json"): Who.ANYONE,
    ("GET", "/oauth_callback"): Who.ANYONE,
    ("GET", "/style.css"): Who.ANYONE,
    ("GET", "/board.js"): Who.ANYONE,
    ("GET", "/exercises.pyz"): Who.ANYONE,
}

# What a token for pushing opens, of what its owner may: enough to push, to have the laws tried, and to read how that went.
PUSH_SCOPE = "custom:exercises:push"
PUSHING = {
    ("GET", "/api/me"),
    ("POST", EXERCISE),
    ("GET", EXERCISE + "/versions"),
    ("GET", EXERCISE + "/versions/{number}"),
}


class NeedsLogin(Exception):
    """A browser without a session: it is sent to the hub and comes back."""


def refuse(status: int, text: str, **fields: object) -> HTTPException:
    return HTTPException(status, detail=text.format(**fields))


async def admit(request: Request) -> None:
    """Let the request through, with `request.state.person`, or raise. The dependency of every route."""
    route = request.scope["route"]
    path = route.path
    who = TABLE.get((request.method, path))
    if who is None:
        raise refuse(404, messages.NOT_FOUND)
    if who is Who.ANYONE:
        return
    person = await _person(request, path)
    request.state.person = person
    if person.narrow and (request.method, path) not in PUSHING:
        raise refuse(403, messages.ONLY_PUSHES)
    if who is Who.PERSON:
        return
    if "submission" in request.path_params:
        course, owner = await run_in_threadpool(_submission, request, request.path_params["submission"])
        mine = who is Who.OWNER and owner == person.name and person.is_in(course)
        if not mine and not person.grades(course):
            # The same answer whether it exists or not.
            raise refuse(404, messages.NOT_FOUND)
        if who is Who.INSTRUCTOR and not person.instructs(course):
            raise refuse(403, messages.NEEDS_INSTRUCTOR, course=course)
        return
    course = request.path_params["course"]
    if not person.is_in(course):
        raise refuse(403, messages.NOT_MEMBER, course=course)
    if who is Who.GRADER and not person.grades(course):
        raise refuse(403, messages.NEEDS_GRADER, course=course)
    if who is Who.INSTRUCTOR and not person.instructs(course):
        raise refuse(403, messages.NEEDS_INSTRUCTOR, course=course)


def person(request: Request) -> Person:
    """The one that `admit` recognised."""
    return request.state.person


Asking = Annotated[Person, Depends(person)]


async def _person(request: Request, path: str) -> Person:
    is_api = path.startswith("/api/")
    if is_api:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        token = token.strip() if kind.lower() in ("token", "bearer") else ""
    else:
        token = request.app.state.sessions.token(request)
    found = await request.app.state.hub.person(token) if token else None
    if found is not None:
        return found
    if is_api:
        raise HTTPException(401, messages.LOGIN, {"WWW-Authenticate": "token"})
    raise NeedsLogin


def _submission(request: Request, identity: str) -> tuple[str, str]:
    """Return the course and the owner; an unknown one belongs to nobody, in no course."""
    with request.app.state.database.read() as session:
        wanted = select(Exercise.course, Submission.user).join(Exercise).where(Submission.id == identity)
        row = session.execute(wanted).first()
        return (row.course, row.user) if row else ("", "")
