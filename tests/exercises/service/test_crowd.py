"""300 students and 12 exercises: every page and route answers within half a second, and asks the database a few things only."""

import time
from contextlib import contextmanager
from statistics import median

import pytest
from sqlalchemy import event

from exercises.service.access import TABLE, Who
from tests.exercises.service import crowd
from tests.exercises.service.classroom import SetClock, form_word, served, signed_in
from tests.exercises.service.samples import exercise, submission

MOST_SECONDS, TIMES = 0.5, 3
MOST_QUERIES = 30
# What changes something, and what is no page of the course's.
ACTS = {
    "/api/courses/{course}/exercises/{name}": exercise(),
    "/api/courses/{course}/exercises/{name}/submissions": submission(),
    "/api/courses/{course}/exercises/{name}/checks": b'{"checks": {"check 0": true}}',
}
ROUTES = [key for key, who in TABLE.items() if who is not Who.ANYONE and "/catalog" not in key[1]]


@pytest.fixture(scope="module")
def crowded(hub, tmp_path_factory):
    """The service with the course in it, its teacher, and one of its students."""
    with served(hub, tmp_path_factory.mktemp("crowd"), SetClock()) as service:
        first = crowd.fill(service, "crowd")
        teacher = hub.token("teacher-crowd", "course-crowd-instructor")
        student = hub.token(crowd.names()[0])
        hub.join(crowd.names()[0], "course-crowd-student")
        hub.crowd("course-crowd-student", crowd.names()[1:])
        yield service, first, teacher, student


@contextmanager
def counted(service):
    """The statements that are sent to the database meanwhile."""
    sent = []

    def note(connection, cursor, statement, *_):
        if not statement.startswith(("BEGIN", "PRAGMA")):
            sent.append(statement)

    event.listen(service.database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(service.database.engine, "before_cursor_execute", note)


def asker(service, token: str, method: str, path: str):
    """What asks the route once, as the program or the browser that it is for."""
    if path.startswith("/api/"):
        plain = path.replace("crowd", "{course}").replace("exercise-00", "{name}")
        body = {"data": ACTS.get(plain, b"")} if method == "POST" else {}
        return lambda: service.ask(method, path, token, **body)
    browser = signed_in(service, token)
    form = {"data": {"word": form_word(browser), "points": "1"}} if method == "POST" else {}
    return lambda: browser.request(method, service.url + path.lstrip("/"), timeout=30, allow_redirects=False, **form)


@pytest.mark.parametrize(("method", "path"), ROUTES, ids=lambda part: part)
def test_answers_within_half_a_second_however_large_the_class(crowded, method, path):
    service, first, teacher, student = crowded
    filled = path.format(course="crowd", name="exercise-00", number=1, submission=first, user=crowd.names()[0])
    token = student if TABLE[method, path] in (Who.PERSON, Who.MEMBER, Who.OWNER) else teacher
    ask = asker(service, token, method, filled)
    times, queries = [], []
    for _ in range(TIMES):
        with counted(service) as sent:
            began = time.monotonic()
            answer = ask()
            times.append(time.monotonic() - began)
        queries.append(len(sent))
        assert answer.status_code in (200, 201, 202, 204, 303, 404, 409, 422), answer.text
    print(f"{method} {path}: {median(times) * 1000:.0f} ms, {max(queries)} queries, {len(answer.content)} bytes")
    assert max(queries) <= MOST_QUERIES and median(times) <= MOST_SECONDS
