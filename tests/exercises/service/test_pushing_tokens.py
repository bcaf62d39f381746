"""A token that can only push, for a CI: every route is asked with it, over a real hub."""

import pytest

from exercises.service.access import PUSH_SCOPE, PUSHING, TABLE, Who
from lab_hub import pushing
from tests.exercises.service.classroom import signed_in
from tests.exercises.service.samples import EXERCISE, accept_all, exercise, submission


@pytest.fixture
def token(hub, people):
    """Make a token for pushing; of the teacher, for the course, unless said otherwise."""

    def made(name="teacher", filtered=None):
        filtered = f"!group=course-{people.course}-instructor" if filtered is None else filtered
        return hub.token(f"{name}-{people.course}", scopes=[pushing.SCOPE + filtered])

    return made


def test_hub_and_service_mean_the_same_scope():
    assert PUSH_SCOPE == pushing.SCOPE and set(pushing.SCOPES) == {PUSH_SCOPE}


def test_it_pushes_and_reads_how_that_went(service, people, token):
    ci = token()
    path = f"/api/courses/{people.course}/exercises/{EXERCISE}"
    pushed = service.ask("POST", path, ci, data=exercise())
    assert (pushed.status_code, pushed.json()["state"]) == (202, "checking"), pushed.text
    accept_all(service)
    assert service.ask("GET", path + "/versions/1", ci).json()["state"] == "accepted"
    assert service.ask("GET", "/api/me", ci).json()["courses"] == {people.course: ["instructor"]}


def test_it_opens_nothing_else(service, people, handed_out, token):
    made = service.ask("POST", handed_out + "/submissions", people.ana, data=submission("anas-own-work")).json()["id"]
    ci, got = token(), {}
    for method, path in TABLE:
        filled = path.format(course=people.course, name=EXERCISE, number=1, submission=made, user=f"ana-{people.course}")
        if path.startswith("/api/"):
            answer = service.ask(method, filled, ci, data=exercise() if method == "POST" else None)
        else:
            # Put into a browser's session it opens no page either.
            browser = signed_in(service, ci)
            answer = browser.request(method, service.url + filled.lstrip("/"), allow_redirects=False, timeout=20)
        got[method, path] = answer.status_code
        assert "anas-own-work" not in answer.text and made not in answer.text, path
    for route, status in got.items():
        if TABLE[route] is Who.ANYONE:
            continue
        if route in PUSHING:
            assert status in (200, 202), route
        else:
            assert status == 403, route


def test_it_is_good_for_the_named_course_only_and_for_instructors_only(hub, service, people, token):
    other = "other" + people.course
    hub.join(f"teacher-{people.course}", f"course-{other}-instructor")
    here, there = (f"/api/courses/{course}/exercises/{EXERCISE}" for course in (people.course, other))

    def status(path, ci):
        return service.ask("POST", path, ci, data=exercise()).status_code

    assert [status(path, token()) for path in (here, there)] == [202, 403]
    assert [status(path, token(filtered="")) for path in (here, there)] == [202, 202]
    assert [status(path, token("ana", filtered="")) for path in (here, there)] == [403, 403]
    assert [status(path, token("grader", filtered="")) for path in (here, there)] == [403, 403]
    # A filter that means no course makes a token that opens nothing.
    assert status(here, token(filtered=f"!user=teacher-{people.course}")) == 401


def test_its_owner_may_have_left(hub, service, people, token):
    from tests.exercises.service.classroom import wait_for

    ci, path = token(), f"/api/courses/{people.course}/exercises/{EXERCISE}/versions"
    assert service.ask("GET", path, ci).status_code == 404
    hub.leave(f"teacher-{people.course}", f"course-{people.course}-instructor")
    wait_for(lambda: service.ask("GET", path, ci).status_code == 403, 5)


def test_what_did_not_change_is_no_new_version(service, people, token):
    ci, path = token(), f"/api/courses/{people.course}/exercises/{EXERCISE}"

    def push(**query):
        return service.ask("POST", path, ci, data=exercise(), params=query).json()

    assert (push()["version"], push()["version"]) == (1, 1)
    accept_all(service)
    again = push()
    assert (again["version"], again["state"]) == (1, "accepted")
    # Other rules are a change, and so is a trial, which tries the laws whenever it is asked to.
    due = "2026-03-09T18:00+01:00"
    assert (push(due=due)["version"], push(due=due)["version"], push(trial=True)["version"]) == (2, 2, -1)
