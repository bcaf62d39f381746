"""Who may use which route: every route of the application, asked by everybody."""

import re

import pytest
import requests

from exercises import folder
from exercises.service.access import TABLE, Who
from tests.exercises.service.classroom import form_word, signed_in
from tests.exercises.service.samples import EXERCISE, SECRET, SOLUTION, exercise, grade_all, submission

# What each kind of person gets from a route of each kind: the status, or None where they are let in.
OUTSIDE = {"nobody": 401, "stranger": 403, "bruno": None, "ana": None, "grader": None, "teacher": None}
EXPECTED = {
    Who.ANYONE: dict.fromkeys(OUTSIDE),
    Who.PERSON: {**dict.fromkeys(OUTSIDE), "nobody": 401},
    Who.MEMBER: OUTSIDE,
    Who.GRADER: {**OUTSIDE, "bruno": 403, "ana": 403},
    Who.INSTRUCTOR: {**OUTSIDE, "bruno": 403, "ana": 403, "grader": 403},
    # What is Ana's does not exist for others.
    Who.OWNER: {**OUTSIDE, "stranger": 404, "bruno": 404},
}
REGRADE = {**EXPECTED[Who.INSTRUCTOR], "stranger": 404, "bruno": 404, "ana": 404}


def served_routes(app) -> set[tuple[str, str]]:
    return {(method, route.path) for route in walk(app.routes) for method in route.methods - {"HEAD"}}


def walk(routes):
    for route in routes:
        inner = getattr(route, "routes", None) or getattr(getattr(route, "original_router", None), "routes", None)
        if inner:
            yield from walk(inner)
        else:
            yield route


@pytest.fixture
def anas(service, people, handed_out):
    """A graded submission of Ana's."""
    answer = service.ask("POST", handed_out + "/submissions", people.ana, data=submission("anas-own-work"))
    assert answer.status_code == 201, answer.text
    assert grade_all(service) == 1
    return answer.json()["id"]


def test_every_route_is_in_the_table_and_the_other_way_round(service):
    assert served_routes(service.app) == set(TABLE)


@pytest.mark.parametrize(("method", "path"), [key for key in TABLE if key[1].startswith("/api/")])
def test_each_route_lets_in_whom_the_table_names(service, people, handed_out, anas, method, path):
    name = folder.catalog()[0].name if "/catalog/" in path else EXERCISE
    filled = path.format(course=people.course, name=name, number=1, submission=anas)
    bodies = {"{name}": exercise(), "checks": b'{"checks": {}}'}
    body = {"data": bodies.get(path.rpartition("/")[2]) or submission()} if method == "POST" else {}
    if "/regrades/" in path:
        service.ask("POST", f"{handed_out}/regrades", people.teacher)
    expected = REGRADE if path.endswith("/regrade") else EXPECTED[TABLE[method, path]]
    got, texts = {}, {}
    for name in OUTSIDE:
        answer = service.ask(method, filled, getattr(people, name, ""), **body)
        got[name] = None if answer.ok else answer.status_code
        texts[name] = answer.text + str(answer.headers)
    assert got == expected
    for name in ("nobody", "stranger", "bruno"):
        # Neither somebody else's work nor their name, nor anything hidden.
        assert "anas-own-work" not in texts[name] and anas not in texts[name]
        assert f"ana-{people.course}" not in texts[name]
    for name in ("nobody", "stranger", "bruno", "ana"):
        assert SECRET not in texts[name] and SOLUTION not in texts[name]


@pytest.mark.parametrize("token", ["ana", "bruno", "stranger"])
def test_no_archive_that_a_student_gets_contains_the_hidden_parts(service, people, handed_out, anas, token):
    import gzip

    for path in (handed_out + "/student", f"/api/submissions/{anas}/files", handed_out + "/versions/1/source"):
        answer = service.ask("GET", path, getattr(people, token))
        text = gzip.decompress(answer.content) if answer.content[:2] == b"\x1f\x8b" else answer.content
        assert SECRET.encode() not in text and SOLUTION.encode() not in text


# As their browsers do, with a session; what a page refuses it refuses as the API does.
PAGES = [key for key, who in TABLE.items() if not key[1].startswith("/api/") and who not in (Who.ANYONE, Who.PERSON)]


def test_each_page_lets_in_whom_the_table_names(service, people, anas):
    got, wanted = {}, {}
    for method, path in PAGES:
        filled = path.format(course=people.course, name=EXERCISE, submission=anas, user=f"ana-{people.course}")
        wanted[method, path] = {**EXPECTED[TABLE[method, path]], "nobody": 302}
        if "{submission}" in path:
            hidden = ("stranger", "bruno") if TABLE[method, path] is Who.OWNER else ("stranger", "bruno", "ana")
            wanted[method, path] |= dict.fromkeys(hidden, 404)
        got[method, path] = {name: _asked(service, people, name, method, filled) for name in OUTSIDE}
    assert got == wanted


def _asked(service, people, name: str, method: str, path: str) -> int | None:
    browser = signed_in(service, getattr(people, name)) if name != "nobody" else requests.Session()
    form = {"data": {"word": form_word(browser)}} if method == "POST" else {}
    answer = browser.request(method, service.url + path.lstrip("/"), allow_redirects=False, timeout=20, **form)
    if name in ("nobody", "stranger", "bruno"):
        assert "anas-own-work" not in answer.text and f"ana-{people.course}" not in answer.text
    assert SECRET not in answer.text and SOLUTION not in answer.text
    # What cannot be decided (422) was asked by somebody who may.
    return None if answer.status_code < 300 or answer.status_code in (303, 422) else answer.status_code


def test_pages_send_a_browser_to_the_hub_and_take_no_token(service, people, anas):
    for (method, path), who in TABLE.items():
        if path.startswith("/api/") or who is Who.ANYONE:
            continue
        filled = path.format(course=people.course, name=EXERCISE, submission=anas, user="ana")
        answer = service.ask(method, filled, people.ana)
        assert answer.status_code == 302, path
        assert answer.headers["location"].startswith("/hub/api/oauth2/authorize?client_id=service-exercises")


def test_nobody_is_believed_by_what_they_say(service, people, handed_out):
    """A name in the query, a header or the body changes nothing."""
    name = f"bruno-{people.course}"
    answer = requests.post(
        f"{service.url}{handed_out.lstrip('/')}/submissions",
        params={"user": name, "student": name, "received": "2020-01-01"},
        headers={"Authorization": f"token {people.ana}", "X-Forwarded-User": name, "JUPYTERHUB_USER": name},
        cookies={"exercises-session": "guess"},
        data=submission(),
        timeout=20,
    )
    assert answer.status_code == 201
    found = service.ask("GET", f"/api/submissions/{answer.json()['id']}", people.ana).json()
    assert (found["user"], found["received"]) == (f"ana-{people.course}", "2026-03-02T12:00:00+00:00")
    assert service.ask("GET", handed_out + "/submissions", people.bruno).json() == []


def test_a_removed_member_is_out_within_seconds_and_a_new_one_in(hub, service, people, handed_out):
    from tests.exercises.service.classroom import wait_for

    def status(token):
        return service.ask("GET", handed_out, token).status_code

    assert (status(people.bruno), status(people.stranger)) == (200, 403)
    hub.leave(f"bruno-{people.course}", f"course-{people.course}-student")
    hub.join(f"stranger-{people.course}", f"course-{people.course}-student")
    wait_for(lambda: (status(people.bruno), status(people.stranger)) == (403, 200), 5)


def test_a_removed_member_no_longer_reads_even_their_own_work(hub, service, people, anas):
    from tests.exercises.service.classroom import wait_for

    hub.leave(f"ana-{people.course}", f"course-{people.course}-student")
    wait_for(lambda: service.ask("GET", f"/api/submissions/{anas}/files", people.ana).status_code == 404, 5)


def test_a_token_needs_the_scope_of_the_service(hub, service, people, handed_out):
    ana = f"ana-{people.course}"
    assert service.ask("GET", handed_out, hub.token(ana, scopes=["read:users!user"])).status_code == 401
    allowed = hub.token(ana, scopes=["access:services!service=exercises"])
    assert service.ask("GET", handed_out, allowed).status_code == 200


def test_a_service_is_nobody(hub, service, handed_out):
    assert service.ask("GET", handed_out, hub.service_token).status_code == 401
    assert service.ask("GET", handed_out, hub.other_token).status_code == 401
    assert service.ask("GET", handed_out, "made-up").status_code == 401


def test_without_the_hub_nobody_is_anybody(hub, tmp_path, clock, people):
    from lab_auth.hub import Hub
    from tests.exercises.service.classroom import served

    with served(hub, tmp_path, clock) as service:
        closed = hub.port + 1
        service.app.state.hub = Hub(f"http://127.0.0.1:{closed}/hub/api", "x", "service-exercises", service="exercises", seconds=1)
        answer = service.ask("GET", f"/api/courses/{people.course}/exercises", people.ana)
    assert answer.status_code == 503 and "hub" in answer.json()["detail"]


def test_a_browser_logs_in_through_the_hub_and_reads_its_pages(hub, service, people, handed_out, anas):
    browser = requests.Session()
    answer = browser.get(service.url + f"submissions/{anas}", allow_redirects=False, timeout=20)
    at_hub = f"http://127.0.0.1:{hub.port}"
    answer = browser.get(at_hub + answer.headers["location"], timeout=20)
    assert "/hub/login" in answer.url
    xsrf = re.search(r'name="_xsrf" value="([^"]+)"', answer.text)[1]
    form = {"username": f"ana-{people.course}", "password": hub.password, "_xsrf": xsrf}
    answer = browser.post(answer.url, data=form, allow_redirects=False, timeout=20)
    while answer.status_code == 302 and not answer.headers["location"].startswith("/services/exercises/oauth_callback"):
        answer = browser.get(at_hub + answer.headers["location"], allow_redirects=False, timeout=20)
    assert answer.status_code == 302, answer.text
    callback = f"http://127.0.0.1:{service.port}" + answer.headers["location"]
    page = browser.get(callback, timeout=20)
    assert page.status_code == 200 and page.url.endswith(f"submissions/{anas}")
    assert "10 of 10" in page.text and "hidden one" in page.text and SECRET not in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    listed = browser.get(service.url, timeout=20).text
    assert "First steps" in listed and "graded" in listed
    assert "passed" in browser.get(service.url + f"submissions/{anas}", timeout=20).text
    assert browser.get(service.url + f"courses/{people.course}/{EXERCISE}", timeout=20).status_code == 200
    assert "/api/me" in browser.get(service.url + "api-docs", timeout=20).text
    # The cookie alone makes no request to the API: another site's page could send it.
    assert browser.get(service.url + "api/me", timeout=20).status_code == 401
    # A callback that this browser did not ask for logs nobody in.
    assert requests.get(callback, timeout=20).status_code == 403
