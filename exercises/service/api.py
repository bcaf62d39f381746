"""The API that `exercises.client` speaks. It translates; the rules are elsewhere, and who may use a route is in `access`.

Invariant: times are the server's, the person is the hub's; of a request, only what it sends and which exercise it
names is believed.
"""

import hashlib
import re
import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from exercises import definition, folder
from exercises.runner import archive
from exercises.service import decisions, messages, progress, pushing, queue, regrading, rules, views
from exercises.service.access import COURSE, EXERCISE, SUBMISSION, Asking, refuse
from exercises.service.models import ACCEPTED, CHANGED, GRADE, OWN, Exercise, Submission, Version
from exercises.service.receiving import body, notebook_of, small_body, unpacked

router = APIRouter()
TAR = "application/gzip"
KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
Body = Annotated[bytes, Depends(body)]
SmallBody = Annotated[bytes, Depends(small_body)]


@router.get("/api/health", summary="Whether the service and its database answer")
def health(request: Request) -> dict[str, Any]:
    with request.app.state.database.read() as session:
        return {"waiting": queue.waiting(session)}


@router.get("/api/me", summary="Who you are here, and your roles by course")
def me(who: Asking) -> dict[str, Any]:
    return {"name": who.name, "courses": {course: sorted(roles) for course, roles in sorted(who.roles.items())}}


@router.get(COURSE + "/exercises", summary="The course's exercises, with your status and grade in each")
def exercises(request: Request, who: Asking, course: str) -> list[dict[str, Any]]:
    with request.app.state.database.read() as session:
        return listed(session, who, course, request.app.state.clock())


@router.get(EXERCISE, summary="One exercise, with your status and grade")
def exercise(request: Request, who: Asking, course: str, name: str) -> dict[str, Any]:
    with request.app.state.database.read() as session:
        found, version = handed_out(session, who, course, name, request.app.state.clock())
        return views.exercise(session, found, version, who.name, request.app.state.clock())


@router.post(EXERCISE, status_code=202, summary="Push a version; it is handed out once its laws hold, a trial never")
def push(
    request: Request,
    who: Asking,
    data: Body,
    course: str,
    name: str,
    opens: str | None = None,
    due: str | None = None,
    attempts: int | None = None,
    late: str | None = None,
    trial: bool = False,
) -> dict[str, Any]:
    state = request.app.state
    asked = pushing.Asked(opens, due, attempts, late)
    try:
        facts = pushing.read(name, unpacked(data, archive.EXERCISE))
        wanted = pushing.rules_for(facts, asked)
    except (pushing.NoExercise, rules.RuleError, ValueError) as error:
        raise refuse(422, messages.BAD_EXERCISE, reason=error) from None
    sha = state.store.put(data)
    with state.database.write() as session:
        version = pushing.add(session, course, name, facts, wanted, sha, who.name, state.clock(), trial=trial)
        return views.version(version)


@router.get(EXERCISE + "/student", summary="The student version, as tar.gz")
def student_version(request: Request, who: Asking, course: str, name: str) -> Response:
    state = request.app.state
    with state.database.read() as session:
        found, version = handed_out(session, who, course, name, state.clock())
        known = progress.has_fetched(session, found, who.name, version.number)
    if not known and not who.grades(course):
        with state.database.write() as session:
            progress.fetched(session, found.id, who.name, version.number, state.clock())
    headers = {"X-Exercise-Version": str(version.number), "X-Content-Sha256": version.student}
    return Response(state.store.get(version.student), media_type=TAR, headers=headers)


@router.get(EXERCISE + "/versions", summary="All versions that were pushed")
def versions(request: Request, course: str, name: str) -> list[dict[str, Any]]:
    with request.app.state.database.read() as session:
        return [views.version(version) for version in any_exercise(session, course, name).versions if version.number > 0]


@router.get(EXERCISE + "/versions/{number}", summary="One version, and the report on its laws")
def version(request: Request, course: str, name: str, number: int) -> dict[str, Any]:
    with request.app.state.database.read() as session:
        return views.version(numbered(session, course, name, number))


@router.get(EXERCISE + "/versions/{number}/source", summary="What was pushed, as tar.gz")
def source(request: Request, course: str, name: str, number: int) -> Response:
    with request.app.state.database.read() as session:
        sha = numbered(session, course, name, number).archive
    return Response(request.app.state.store.get(sha), media_type=TAR, headers={"X-Content-Sha256": sha})


@router.get(EXERCISE + "/submissions", summary="Your own submissions, oldest first")
def own(request: Request, who: Asking, course: str, name: str) -> list[dict[str, Any]]:
    with request.app.state.database.read() as session:
        found = any_exercise(session, course, name)
        return views.listed(session, Submission.exercise_id == found.id, Submission.user == who.name)


@router.post(EXERCISE + "/submissions", status_code=201, summary="Submit; the answer is the receipt")
def submit(
    request: Request,
    who: Asking,
    data: Body,
    course: str,
    name: str,
    version: int | None = None,
    key: str | None = None,
) -> dict[str, Any]:
    state = request.app.state
    if key is not None and not KEY.fullmatch(key):
        raise refuse(422, messages.BAD_KEY)
    # The moment it had arrived, whatever the rest takes.
    now = state.clock()
    files = unpacked(data)
    notebook_of(files)
    sha = state.store.put(data)
    with state.database.write() as session:
        found, newest = handed_out(session, who, course, name, now)
        before = views.made_by(session, found, who.name)
        if key is not None and (same := next((one for one in before if one.key == key), None)):
            return views.receipt(same)
        against = newest if version is None else numbered(session, course, name, version, handed=True)
        try:
            taken = rules.decide(views.rules_for(session, found, newest, who.name, now), now, views.attempts_used(session, before))
        except rules.Refused as refusal:
            raise refuse(409, "{reason}", reason=refusal) from None
        made = Submission(
            id=uuid.uuid4().hex,
            exercise=found,
            version=against,
            user=who.name,
            number=len(before) + 1,
            key=key,
            archive=sha,
            size=len(data),
            files=len(files),
            received_at=now,
            late_seconds=taken.late_seconds,
            share=taken.share,
        )
        session.add(made)
        session.flush()
        queue.add(session, GRADE, made.id, against.id, now)
        return views.receipt(made)


@router.post(EXERCISE + "/checks", status_code=204, summary="Tell the class board which visible checks pass")
def checks(request: Request, who: Asking, data: SmallBody, course: str, name: str) -> None:
    state = request.app.state
    told = progress.read(data)
    if told is None:
        raise refuse(422, messages.BAD_CHECKS)
    with state.database.read() as session:
        found, version = handed_out(session, who, course, name, state.clock())
    known = progress.visible(state.store, version.student)
    if who.grades(course):
        return
    with state.database.write() as session:
        passing = {name: passed for name, passed in told.items() if name in known}
        progress.checked(session, found.id, who.name, passing, state.clock())


@router.get(EXERCISE + "/class", summary="Everybody's submissions")
def everybody(request: Request, course: str, name: str) -> list[dict[str, Any]]:
    with request.app.state.database.read() as session:
        found = any_exercise(session, course, name)
        return views.listed(session, Submission.exercise_id == found.id)


@router.post(EXERCISE + "/regrades", status_code=202, summary="Grade everything again: how=own, newest or changed")
def regrade_all(request: Request, who: Asking, course: str, name: str, how: str = OWN) -> dict[str, Any]:
    state, now = request.app.state, request.app.state.clock()
    if how not in regrading.WAYS:
        raise refuse(422, messages.BAD_WAY, how=how[: decisions.MOST_SHOWN], ways=", ".join(regrading.WAYS))
    try:
        with state.database.read() as session:
            # Before anything is written, so that nobody who writes waits while files are compared.
            found = any_exercise(session, course, name)
            told = regrading.differences(session, state.store, found) if how == CHANGED else None
        with state.database.write() as session:
            found = any_exercise(session, course, name)
            made = regrading.everything(session, state.store, found, how, who.name, now)
            (far,) = regrading.progress(session, found, now, made.id) if made is not None else [None]
            return views.regrade(far, told)
    except decisions.Undecided as refusal:
        raise refuse(409, "{reason}", reason=refusal) from None


@router.get(EXERCISE + "/regrades", summary="How far the exercise's regrades are: those that are not done, and the last one")
def regrades(request: Request, course: str, name: str) -> list[dict[str, Any]]:
    with request.app.state.database.read() as session:
        found = any_exercise(session, course, name)
        return [views.regrade(one) for one in regrading.progress(session, found, request.app.state.clock())]


@router.get(EXERCISE + "/regrades/{number}", summary="How far one regrade is")
def one_regrade(request: Request, course: str, name: str, number: int) -> dict[str, Any]:
    with request.app.state.database.read() as session:
        found = any_exercise(session, course, name)
        for far in regrading.progress(session, found, request.app.state.clock(), number):
            return views.regrade(far)
    raise refuse(404, messages.NO_REGRADE, name=name, number=number)


@router.get(COURSE + "/catalog", summary="The exercises that come with the project, to copy")
def catalog(course: str) -> list[dict[str, Any]]:
    return [
        {"name": path.name, "title": told.title, "points": told.points, "wrong": len(list(path.glob("wrong/*.ipynb")))}
        for path, told in ((path, definition.read(path.name, folder.read(path))) for path in folder.catalog())
    ]


@router.get(COURSE + "/catalog/{name}", summary="An exercise of the catalog with its solution, as tar.gz")
def of_catalog(course: str, name: str) -> Response:
    known = {path.name: path for path in folder.catalog()}
    if name not in known:
        raise refuse(404, messages.NOT_IN_CATALOG, name=name, known=", ".join(known))
    data = folder.packed(known[name])
    return Response(data, media_type=TAR, headers={"X-Content-Sha256": hashlib.sha256(data).hexdigest()})


@router.get(SUBMISSION, summary="A submission: its receipt, status and grade")
def submission(request: Request, submission: str) -> dict[str, Any]:
    with request.app.state.database.read() as session:
        return views.submission(session, session.get_one(Submission, submission))


@router.get(SUBMISSION + "/files", summary="What was handed in, to restore it, as tar.gz or tar, as it was sent")
def files(request: Request, submission: str) -> Response:
    with request.app.state.database.read() as session:
        sha = session.get_one(Submission, submission).archive
    return Response(request.app.state.store.get(sha), media_type=TAR, headers={"X-Content-Sha256": sha})


@router.get(SUBMISSION + "/feedback", summary="The grade, check by check")
def feedback(request: Request, submission: str) -> dict[str, Any]:
    with request.app.state.database.read() as session:
        return views.feedback(session, session.get_one(Submission, submission))


@router.post(SUBMISSION + "/regrade", status_code=202, summary="Grade it again, against the version it was made for")
def regrade(request: Request, submission: str) -> dict[str, Any]:
    state = request.app.state
    with state.database.write() as session:
        found = session.get_one(Submission, submission)
        regrading.one(session, state.store, found, OWN, state.clock())
        return views.submission(session, found)


def listed(session: Session, who: Asking, course: str, now) -> list[dict[str, Any]]:
    """The exercises that this person may see: students see what is open."""
    found = session.scalars(select(Exercise).where(Exercise.course == course).order_by(Exercise.name)).all()
    versions = views.all_current(session, found)
    seen = [
        one for one in found if one.id in versions and (who.grades(course) or rules.is_open(views.rules_of(versions[one.id]), now))
    ]
    told = views.exercises(session, seen, versions, who.name, now)
    return sorted(told, key=lambda one: (one["due"] or "9999", one["name"]))


def handed_out(session: Session, who: Asking, course: str, name: str, now) -> tuple[Exercise, Version]:
    """The exercise and its current version. What is not open does not exist for students. Raises HTTPException 404."""
    found = any_exercise(session, course, name)
    version = views.current(session, found)
    if version is None or not (who.grades(course) or rules.is_open(views.rules_of(version), now)):
        raise refuse(404, messages.NO_EXERCISE, course=course, name=name)
    return found, version


def any_exercise(session: Session, course: str, name: str) -> Exercise:
    found = session.scalars(select(Exercise).where(Exercise.course == course, Exercise.name == name)).first()
    if found is None:
        raise refuse(404, messages.NO_EXERCISE, course=course, name=name)
    return found


def numbered(session: Session, course: str, name: str, number: int, *, handed: bool = False) -> Version:
    """The version of that number; with `handed`, only one that was handed out. Raises HTTPException 404 or 409."""
    for version in any_exercise(session, course, name).versions:
        if version.number == number and (not handed or version.state == ACCEPTED):
            return version
    raise refuse(409 if handed else 404, messages.NO_VERSION, name=name, number=number)
