"""What a student opens in the browser: the list, an exercise with its history, a submission with its feedback.

Invariant: these pages only show; whatever changes something goes through the API with a token, or is the desk's. They carry no
script.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from exercises.service import api, clock, decisions, messages, views
from exercises.service.access import TABLE, Asking
from exercises.service.desk import messages as words
from exercises.service.models import Submission

HERE = Path(__file__).parent
router = APIRouter(include_in_schema=False)
ONE_DAY, ONE_HOUR, ONE_MINUTE = 86400, 3600, 60


def templates(prefix: str, hub: str) -> Environment:
    """The pages' templates; `prefix` is the service's path and `hub` the path before the hub's own, for links."""
    made = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined)
    made.globals.update(prefix=prefix, hub=hub.rstrip("/") + "/", text=messages, words=words)
    made.filters.update(when=when, time=time, left=left, points=points, state=lambda key: messages.STATES.get(key, key))
    return made


@router.get("/")
def home(request: Request, who: Asking) -> Response:
    now = request.app.state.clock()
    with request.app.state.database.read() as session:
        courses = [(course, api.listed(session, who, course, now)) for course in sorted(who.roles)]
    return show(request, "list.html", who=who, courses=courses)


@router.get("/courses/{course}/{name}")
def exercise(request: Request, who: Asking, course: str, name: str) -> Response:
    now = request.app.state.clock()
    with request.app.state.database.read() as session:
        found, version = api.handed_out(session, who, course, name, now)
        told = views.exercise(session, found, version, who.name, now)
        history = views.listed(session, Submission.exercise_id == found.id, Submission.user == who.name)[::-1]
    return show(request, "exercise.html", who=who, exercise=told, history=history)


@router.get("/submissions/{submission}")
def submission(request: Request, who: Asking, submission: str) -> Response:
    state = request.app.state
    with state.database.read() as session:
        found = session.get_one(Submission, submission)
        told = views.feedback(session, found) | {"revealed": decisions.revealed(state.store, found)}
    return show(request, "feedback.html", who=who, feedback=told)


@router.get("/api-docs")
def api_docs(request: Request, who: Asking) -> Response:
    routes = []
    for path, methods in request.app.openapi()["paths"].items():
        for method, told in methods.items():
            allowed = TABLE[(method.upper(), path)].value
            parameters = [one["name"] for one in told.get("parameters", ()) if one["in"] == "query"]
            routes.append((method.upper(), path, told.get("summary", ""), allowed, parameters))
    return show(request, "api.html", who=who, routes=routes)


@router.get("/openapi.json")
def openapi(request: Request) -> Response:
    return JSONResponse(request.app.openapi())


@router.get("/style.css")
def style() -> Response:
    return Response(
        (HERE / "static" / "style.css").read_bytes(), media_type="text/css", headers={"Cache-Control": "max-age=300"}
    )


@router.get("/board.js")
def board_script() -> Response:
    script = (HERE / "static" / "board.js").read_bytes()
    return Response(script, media_type="text/javascript", headers={"Cache-Control": "max-age=300"})


@router.get("/oauth_callback")
async def oauth_callback(request: Request, code: str = "") -> Response:
    sessions, hub = request.app.state.sessions, request.app.state.hub
    wanted = sessions.expects(request)
    token = await hub.exchange(code, sessions.redirect_uri) if wanted is not None and code else None
    if token is None:
        return show(request, "error.html", status=403, who=None, message=messages.LOGIN_FAILED)
    return sessions.welcome(request, token, wanted)


def error(request: Request, status: int, message: str) -> Response:
    return show(request, "error.html", status=status, who=None, message=message)


def show(
    request: Request, template: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **fields: Any
) -> HTMLResponse:
    """Answer with a page; its `headers` go before those that every answer has."""
    word = request.app.state.sessions.form_word(request)
    return HTMLResponse(request.app.state.templates.get_template(template).render(word=word, **fields), status, headers)


def when(iso: str | None) -> str:
    """A time as people read it."""
    return messages.NO_DUE if iso is None else clock.parse(iso).strftime("%a %d %b %Y, %H:%M UTC")


def time(moment: datetime | None) -> str:
    """A time that the server has, in a list of a few weeks."""
    return "" if moment is None else moment.strftime("%a %d %b, %H:%M UTC")


def left(seconds: int | None) -> str:
    """The two largest units of what is left; an empty text when there is no end, or it is over."""
    if seconds is None or seconds <= 0:
        return ""
    days, hours, minutes = seconds // ONE_DAY, seconds % ONE_DAY // ONE_HOUR, seconds % ONE_HOUR // ONE_MINUTE
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{max(1, minutes)} min"


def points(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")
