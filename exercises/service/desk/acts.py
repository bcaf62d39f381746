"""What the desk's forms do. They translate; the decisions are in `decisions`.

Invariant: one form is one transaction, and an answer that is no page of its own.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from exercises.service import api, decisions, messages, regrading
from exercises.service.access import DESK, Asking, refuse
from exercises.service.desk.forms import Form, back
from exercises.service.models import OWN, Exercise, Submission

router = APIRouter(include_in_schema=False)
EXERCISE = DESK + "/exercises/{name}"


@router.post(EXERCISE + "/close")
def close(request: Request, form: Form, course: str, name: str) -> Response:
    return _exercise(request, course, name, lambda session, found: decisions.close(found, request.app.state.clock()))


@router.post(EXERCISE + "/reopen")
def reopen(request: Request, form: Form, course: str, name: str) -> Response:
    return _exercise(request, course, name, lambda session, found: decisions.reopen(found))


@router.post(EXERCISE + "/reveal")
def reveal(request: Request, form: Form, course: str, name: str) -> Response:
    return _exercise(request, course, name, lambda session, found: decisions.reveal(found, request.app.state.clock()))


@router.post(EXERCISE + "/regrade")
def regrade_all(request: Request, who: Asking, form: Form, course: str, name: str) -> Response:
    state, how = request.app.state, _way(form)
    return _exercise(
        request,
        course,
        name,
        lambda session, found: regrading.everything(session, state.store, found, how, who.name, state.clock()),
    )


@router.post(EXERCISE + "/people/{user}/extension")
def extension(request: Request, who: Asking, form: Form, course: str, name: str, user: str) -> Response:
    now = request.app.state.clock()
    with _deciding(request) as session:
        found, version = api.handed_out(session, who, course, name, now)
        decisions.extend(session, found, version, user, form.get("due", ""), form.get("attempts", ""), who.name, now)
    return back(request, f"desk/{course}/exercises/{name}/people/{quote(user, safe='')}")


@router.post("/submissions/{submission}/mark")
def mark(request: Request, who: Asking, form: Form, submission: str) -> Response:
    with _deciding(request) as session:
        found = session.get_one(Submission, submission)
        if found.user == who.name and not who.instructs(found.exercise.course):
            raise decisions.Undecided(messages.OWN_WORK)
        decisions.mark(session, found, form.get("points", ""), form.get("comment", ""), who.name, request.app.state.clock())
    return back(request, f"submissions/{submission}/desk")


@router.post("/submissions/{submission}/regrade")
def regrade(request: Request, form: Form, submission: str) -> Response:
    with _deciding(request) as session:
        found = session.get_one(Submission, submission)
        regrading.one(session, request.app.state.store, found, _way(form), request.app.state.clock())
    return back(request, f"submissions/{submission}/desk")


def _way(form: Form) -> str:
    how = form.get("against", OWN)
    if how not in regrading.WAYS:
        raise refuse(422, messages.BAD_WAY, how=how[: decisions.MOST_SHOWN], ways=", ".join(regrading.WAYS))
    return how


def _exercise(request: Request, course: str, name: str, act: Callable[[Session, Exercise], object]) -> Response:
    with _deciding(request) as session:
        act(session, api.any_exercise(session, course, name))
    return back(request, f"desk/{course}/exercises/{name}")


@contextmanager
def _deciding(request: Request) -> Iterator[Session]:
    try:
        with request.app.state.database.write() as session:
            yield session
    except decisions.Undecided as refusal:
        raise refuse(422, "{reason}", reason=refusal) from None
