"""Who is not logged in gets the login and nothing else; who is gets what their role opens, and says nothing about themselves."""

import http.client
from urllib.parse import urlsplit

import pytest
import requests

from lab_platform.gate.services import SERVICES
from tests.helpers.waiting import wait_until
from tests.platform.door.conftest import docker

pytestmark = pytest.mark.docker

INSIDE = {
    "storage": ("", "bronze/", "download?key=bronze/x"),
    "kafka": ("", "topics/x"),
    "spark": ("", "json/", "app/?appId=x", "static/webui.js", "proxy/app-1/", "metrics/master/json/"),
    "spark-history": ("", "api/v1/applications", "history/x/1/jobs/"),
    "nifi": ("", "nifi/", "nifi-api/flow/about", "nifi-api/system-diagnostics"),
    "consul": ("", "ui/", "v1/catalog/services", "v1/kv/?recurse", "v1/agent/self"),
    "platform": ("", "keys/ana"),
}
PLAIN = [f"/services/{name}/{path}" for name, paths in INSIDE.items() for path in paths]
TRICKS = (
    "//services/consul/",
    "/services//consul/v1/agent/self",
    "/services/./consul/v1/agent/self",
    "/services/platform/oauth_callback/../../consul/v1/agent/self",
    "/services/platform/oauth_callback/%2e%2e/%2e%2e/consul/v1/agent/self",
    "/services/platform/oauth_callback%2f..%2f..%2fconsul/v1/agent/self",
    "/services/platform/oauth_callback/..;/..;/consul/v1/agent/self",
    "/services/platform/oauth_callback;/consul/v1/agent/self",
    "/services/platform/oauth_callback/%252e%252e/consul/",
    "/services/platform/oauth_callback/..%5c..%5cconsul/",
    "/services/CONSUL/v1/agent/self",
    "/services/consul./v1/agent/self",
    "/services/consul%00/v1/agent/self",
    "/services/%63onsul/v1/agent/self",
    "/services/gate/check/consul",
    "/services/../gate/check/consul",
    "/services/../door/check/consul",
    "/door/check/consul",
    "/gate/check/consul",
    "/gate/health",
    "/keys/ana",
    "/services/exercises/../consul/v1/agent/self",
)


def raw(stack, method: str, path: str, **headers: str) -> tuple[int, str, bytes]:
    """Ask with exactly this path; return the status, where it leads to, and what it says."""
    connection = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=30)
    try:
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, answer.headers.get("Location") or "", answer.read()
    finally:
        connection.close()


# The front door's, the hub's, and what either says of a request that is none.
NOTHING = (b"There is no such page here", b"<h1>404 : ", b"400 Bad Request")


def led_to(stack, path: str) -> str:
    """Follow redirects as a browser does; return where an outsider ends: at the login, or at a page that says there is none."""
    status, place, body = raw(stack, "GET", path)
    seen = [(path, status)]
    while status in (301, 302, 303, 307, 308) and len(seen) < 10:
        parts = urlsplit(place)
        assert parts.netloc in ("", f"127.0.0.1:{stack.port}"), f"{path} leads away, to {place}"
        place = parts.path + (f"?{parts.query}" if parts.query else "")
        status, place, body = raw(stack, "GET", path := place)
        seen.append((path, status))
    if status == 200:
        assert path.startswith("/hub/login") and b'name="password"' in body, seen
    else:
        assert status in (400, 404) and any(words in body for words in NOTHING), (seen, body[:300])
    return path


@pytest.mark.parametrize("path", PLAIN)
def test_an_outsider_gets_the_login(stack, path):
    assert led_to(stack, path).startswith("/hub/login")


@pytest.mark.parametrize("path", TRICKS)
def test_no_trick_with_a_path_gets_further(stack, path):
    led_to(stack, path)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_an_outsider_changes_nothing(stack, method):
    for name in SERVICES:
        status, place, body = raw(stack, method, f"/services/{name}/x", Content_Length="0")
        assert (status, place) == (401, ""), (name, body)


def test_a_made_up_session_is_none(stack):
    for cookie in ("dataflow-session=guess", "dataflow-session=", "exercises-session=x"):
        status, place, _ = raw(stack, "GET", "/services/consul/v1/agent/self", Cookie=cookie)
        assert status == 302 and place.startswith("/hub/api/oauth2/authorize?")


@pytest.mark.parametrize(
    ("who", "refused"),
    [
        ("student", {"nifi", "consul"}),
        ("instructor", {"consul"}),
        ("operator", set()),
        ("outsider", {"storage", "kafka", "spark", "spark-history", "nifi", "consul", "platform"}),
    ],
)
def test_a_role_opens_its_own(stack, people, who, refused):
    person, found = getattr(people, who), set()
    for name in [*SERVICES, "platform"]:
        answer = person.browser.get(f"{stack.url}/services/{name}/", timeout=30)
        assert answer.url.startswith(f"{stack.url}/services/{name}"), answer.url
        if answer.status_code == 403:
            found.add(name)
            assert "<form" not in answer.text and "<script" not in answer.text
    assert found == refused


@pytest.mark.parametrize(
    ("who", "name", "why", "next_step"),
    [
        ("student", "consul", "Consul is for those who run the class", "ask them"),
        ("student", "nifi", "NiFi is for instructors", "ask your instructor"),
        ("outsider", "kafka", "you are in no course yet", "Your instructor adds you"),
    ],
)
def test_who_is_refused_reads_why_and_whom_to_ask(stack, people, who, name, why, next_step):
    page = getattr(people, who).browser.get(f"{stack.url}/services/{name}/", timeout=30).text
    assert why in page
    assert next_step in page


def test_a_course_opens_its_doors_within_seconds_and_closes_them(stack, enrol):
    late = enrol("late")
    page = f"{stack.url}/services/platform/"

    def status() -> int:
        return late.browser.get(page, timeout=30).status_code

    assert status() == 403
    stack.script("member", "door", late.name, "student")
    wait_until(lambda: status() == 200, what="a new member may open the list", seconds=15, every=1)
    stack.script("member", "door", late.name, "student", "1")
    wait_until(lambda: status() == 403, what="one who left may not", seconds=15, every=1)


def test_logging_out_of_the_hub_ends_everything(stack, enrol):
    gone = enrol("gone")
    stack.script("member", "door", gone.name, "student")
    page = f"{stack.url}/services/platform/"
    wait_until(lambda: gone.browser.get(page, timeout=30).status_code == 200, what="the list opens", seconds=15, every=1)
    kept = {cookie.name: cookie.value for cookie in gone.browser.cookies if cookie.name == "dataflow-session"}
    gone.browser.get(f"{stack.url}/hub/logout", timeout=30)

    def status() -> int:
        return requests.get(page, cookies=kept, allow_redirects=False, timeout=30).status_code

    wait_until(lambda: status() == 302, what="the session that is left is sent to the login", seconds=30, every=1)


def test_without_the_gate_nobody_passes_and_with_it_sessions_come_back_by_themselves(stack, people):
    gate, page = f"{stack.project}-platform", f"{stack.url}/services/platform/"
    assert people.operator.browser.get(page, timeout=30).status_code == 200
    docker("stop", "--time", "1", gate)
    try:
        for name in SERVICES:
            answer = people.operator.browser.get(f"{stack.url}/services/{name}/", timeout=30)
            assert (answer.status_code, "make status" in answer.text) == (503, True), (name, answer.text)
    finally:
        docker("start", gate)
    wait_until(
        lambda: people.operator.browser.get(page, timeout=30).status_code == 200,
        what="the operator is known again, without a login",
        seconds=60,
        every=1,
    )
