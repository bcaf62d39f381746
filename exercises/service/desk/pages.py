"""The desk's pages that show: a course, an exercise's board, one student's work, one submission with its executed notebook.

Invariant: these pages run no script but the board's own, and what students wrote stands in them as text; the executed notebook has
a page without any rights of its own, which these frame.
"""

import logging
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool

from exercises.runner import archive
from exercises.service import api, decisions, regrading, views
from exercises.service.access import DESK, Asking, refuse
from exercises.service.desk import board, executed, grades, messages, similar, statistics
from exercises.service.models import Exercise, Grade, Submission
from exercises.service.pages import show
from exercises.service.receiving import NOTEBOOK
from exercises.service.store import StoreError
from lab_auth.hub import STUDENT

log = logging.getLogger("exercises.service")
router = APIRouter(include_in_schema=False)
LIVE_SECONDS = 5

_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'"
HEADERS = {
    "Content-Security-Policy": f"{_POLICY}; script-src 'self'; connect-src 'self'; frame-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
}
# No rights at all, not even those of this site's other pages.
SANDBOX = {"Content-Security-Policy": f"{_POLICY}; img-src data:; form-action 'none'; frame-ancestors 'self'; sandbox"}


@router.get(DESK)
async def course(request: Request, who: Asking, course: str) -> Response:
    members = await request.app.state.hub.members(course, STUDENT)
    columns = await run_in_threadpool(_columns, request, course, members)
    users = sorted({row.user for column in columns for row in column.rows} | set(members))
    by_name = {column.name: {row.user: row for row in column.rows} for column in columns}
    told = [(column, board.summary(column.rows)) for column in columns]
    return show(request, "desk/course.html", headers=HEADERS, who=who, course=course, columns=told, users=users, rows=by_name)


@router.get(DESK + "/grades.csv")
async def csv(request: Request, course: str, form: str = grades.TABLE) -> Response:
    if form not in grades.FORMS:
        raise refuse(422, messages.BAD_FORM, form=form, forms=", ".join(grades.FORMS))
    members = await request.app.state.hub.members(course, STUDENT)
    columns = await run_in_threadpool(_columns, request, course, members)
    # A table is opened by spreadsheets, which take a file without the mark for an old code page.
    data = grades.text(form, columns).encode("utf-8-sig" if form == grades.TABLE else "utf-8")
    name = f"grades-{course}-{form}.csv"
    return Response(data, media_type="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'})


@router.get(DESK + "/exercises/{name}")
async def exercise(request: Request, who: Asking, course: str, name: str, sort: str = board.BY_NAME) -> Response:
    members = await request.app.state.hub.members(course, STUDENT)

    def look() -> Any:
        with request.app.state.database.read() as session:
            found, version = api.handed_out(session, who, course, name, request.app.state.clock())
            told = views.exercise(session, found, version, "", request.app.state.clock())
            told |= {"closed_at": found.closed_at, "revealed_at": found.revealed_at}
            told["regrades"] = regrading.progress(session, found, request.app.state.clock())
            told["changed"] = regrading.differences(session, request.app.state.store, found)
            return told, board.rows(session, found.id, members, sort)

    told, rows = await run_in_threadpool(look)
    return show(
        request,
        "desk/exercise.html",
        headers=HEADERS,
        who=who,
        exercise=told,
        rows=rows,
        summary=board.summary(rows),
        sort=sort,
        seconds=LIVE_SECONDS,
    )


@router.get(DESK + "/exercises/{name}/checks")
def checks(request: Request, who: Asking, course: str, name: str) -> Response:
    state = request.app.state
    with state.database.read() as session:
        found, version = api.handed_out(session, who, course, name, state.clock())
        told = views.exercise(session, found, version, "", state.clock())
        rows = board.rows(session, found.id, [])
    wrong = statistics.wrong_answers(archive.unpack(state.store.get(version.archive), archive.EXERCISE))
    return show(request, "desk/checks.html", headers=HEADERS, who=who, exercise=told, found=statistics.of(rows, wrong))


@router.get(DESK + "/exercises/{name}/alike")
def alike(request: Request, who: Asking, course: str, name: str) -> Response:
    state = request.app.state
    with state.database.read() as session:
        found, version = api.handed_out(session, who, course, name, state.clock())
        told = views.exercise(session, found, version, "", state.clock())
        rows = [row for row in board.rows(session, found.id, []) if row.works]
        archives = {one.id: one.archive for one in decisions.of_exercise(session, found)}
    last = {row.user: row.works[-1].id for row in rows}
    written = {user: similar.answers(_notebook(state.store.get(archives[identity]))) for user, identity in last.items()}
    solution = similar.answers(_notebook(state.store.get(version.archive)))
    pairs = similar.pairs(written, solution)
    return show(request, "desk/alike.html", headers=HEADERS, who=who, exercise=told, pairs=pairs, last=last, least=similar.LEAST)


@router.get(DESK + "/exercises/{name}/people/{user}")
def person(request: Request, who: Asking, course: str, name: str, user: str) -> Response:
    with request.app.state.database.read() as session:
        found, version = api.handed_out(session, who, course, name, request.app.state.clock())
        told = views.exercise(session, found, version, user, request.app.state.clock())
        given = views.extension_of(session, found, user)
        row = board.row(session, found.id, user)
    return show(request, "desk/person.html", headers=HEADERS, who=who, exercise=told, row=row, common=version, given=given)


@router.get("/submissions/{submission}/desk")
def submission(request: Request, who: Asking, submission: str) -> Response:
    with request.app.state.database.read() as session:
        found = session.get_one(Submission, submission)
        told = views.feedback(session, found)
        more = {
            "runs": [_run(one, found) for one in found.grades],
            "mark": views.mark_of(found),
            "newest": views.current(session, found.exercise),
        }
    return show(request, "desk/submission.html", headers=HEADERS, who=who, feedback=told, **more)


@router.get("/submissions/{submission}/notebook")
def notebook(request: Request, submission: str) -> Response:
    state = request.app.state
    with state.database.read() as session:
        found = session.get_one(Submission, submission)
        grade = views.grade_of(found)
        kept, sha = None if grade is None else grade.executed, found.archive
    try:
        note, left = None, None if kept is None else executed.unpacked(state.store.get(kept))
    except StoreError as error:
        log.error("an executed notebook is lost: %s", error)
        note, left = messages.EXECUTED_LOST, None
    if left is None:
        note = note or (messages.EXECUTED_NONE if grade is not None else messages.NOT_RUN)
        left = _notebook(state.store.get(sha))
    cells = executed.cells(left)
    return show(request, "desk/notebook.html", headers=SANDBOX, cells=cells, note=note)


def _columns(request: Request, course: str, members: list[str]) -> list[grades.Column]:
    with request.app.state.database.read() as session:
        found = session.scalars(select(Exercise).where(Exercise.course == course).order_by(Exercise.name)).all()
        versions = views.all_current(session, found)
        boards = board.boards(session, [one.id for one in found if one.id in versions], members)
        known = [(one, versions[one.id]) for one in found if one.id in versions]
        return [grades.Column(one.name, version.title, version.points, boards[one.id]) for one, version in known]


def _notebook(data: bytes) -> bytes:
    """The notebook of an archive that was taken."""
    return archive.unpack(data).get(NOTEBOOK, b"")


def _run(grade: Grade, found: Submission) -> str:
    version = next(one for one in found.exercise.versions if one.id == grade.version_id)
    anew = grade.verdict.get("anew")
    return messages.RUN_OF.format(
        run=grade.run,
        version=version.number,
        time=grade.graded_at.strftime("%Y-%m-%d %H:%M UTC"),
        seconds=grade.seconds,
        outcome=grade.outcome,
    ) + ("" if anew is None else messages.RUN_ONLY.format(checks=", ".join(anew)))
