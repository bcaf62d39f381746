"""The gate: rights, login, cookies and headers, without a hub; tests/platform/door has the same over a real one."""

import asyncio
import re

import httpx
import pytest

from lab_auth.hub import GRADER, INSTRUCTOR, STUDENT, Person
from lab_platform import app
from lab_platform.gate.services import SERVICES, may_open, role_of
from lab_platform.settings import SettingsError, read
from lab_platform.viewer import Role
from tests.helpers.versions import read as versions

DOOR = "d0" * 32


@pytest.fixture
def environment(tmp_path):
    for name, text in {"platform_token": "aa" * 32, "gateway_token": DOOR}.items():
        (tmp_path / name).write_text(text)
    port = versions(environment={})["PLATFORM_PORT"]
    # Nobody listens there: whatever the gate answers here, it answers without the hub.
    return {"PLATFORM_PORT": port, "PLATFORM_SECRETS": str(tmp_path), "JUPYTERHUB_API_URL": "http://127.0.0.1:1/hub/api"}


@pytest.fixture
def ask(environment):
    made = app.make(read(environment))

    def asked(method: str, path: str, **headers: str) -> httpx.Response:
        async def once() -> httpx.Response:
            transport = httpx.ASGITransport(made, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://platform") as client:
                return await client.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})

        return asyncio.run(once())

    return asked


def person(*roles: str, admin: bool = False) -> Person:
    return Person("ana", {"spark1": frozenset(roles)} if roles else {}, admin)


@pytest.mark.parametrize(
    ("who", "role"),
    [
        (person(), None),
        (person(STUDENT), Role.STUDENT),
        (person(GRADER), Role.STUDENT),
        (person(STUDENT, INSTRUCTOR), Role.INSTRUCTOR),
        (person(admin=True), Role.OPERATOR),
        (person(STUDENT, admin=True), Role.OPERATOR),
    ],
)
def test_a_role_is_what_the_hub_says(who, role):
    assert role_of(who) is role


@pytest.mark.parametrize(
    ("role", "opened"),
    [
        (None, set()),
        (Role.STUDENT, {"storage", "kafka", "spark", "spark-history"}),
        (Role.INSTRUCTOR, {"storage", "kafka", "spark", "spark-history", "nifi"}),
        (Role.OPERATOR, {"storage", "kafka", "spark", "spark-history", "nifi", "consul"}),
    ],
)
def test_who_may_open_what(role, opened):
    assert {name for name, service in SERVICES.items() if may_open(role, service)} == opened


DOORS_OWN = ("/gate/check/storage", "/gate/login", "/gate/refused/consul", "/gate/absent/nifi", "/services/platform/")
FORGED = ({}, {"x_dataflow_door": "guess"}, {"x_dataflow_user": "ana", "x_dataflow_role": "operator"})


@pytest.mark.parametrize("path", DOORS_OWN)
@pytest.mark.parametrize("shown", FORGED)
def test_only_the_front_door_is_answered(ask, path, shown):
    assert ask("GET", path, **shown).status_code == 403


def test_nobody_is_told_apart_from_somebody_who_may_not(ask):
    assert ask("GET", "/gate/check/storage", x_dataflow_door=DOOR).status_code == 401
    guessed = ask("GET", "/gate/check/storage", x_dataflow_door=DOOR, cookie="dataflow-session=guess")
    assert guessed.status_code == 401 and "x-dataflow-user" not in guessed.headers


def log_in(ask, wanted: str, **more: str) -> httpx.Response:
    return ask("GET", "/gate/login", x_dataflow_door=DOOR, x_door_uri=wanted, x_door_method="GET", **more)


def test_a_page_leads_to_the_hubs_login_and_the_cookie_is_good_for_that_alone(ask):
    answer = log_in(ask, "/services/storage/?prefix=a")
    assert answer.status_code == 302
    place = answer.headers["location"]
    assert place.startswith("/hub/api/oauth2/authorize?client_id=service-platform&")
    assert "redirect_uri=%2Fservices%2Fplatform%2Foauth_callback" in place
    cookie = answer.headers["set-cookie"]
    assert re.match(r"dataflow-state-[0-9a-f]{8}=[\w-]{20,};", cookie)
    assert {"HttpOnly", "Path=/services/", "SameSite=lax"} <= {part.strip() for part in cookie.split(";")}
    assert "Secure" not in cookie
    assert "Secure" in log_in(ask, "/services/storage/", x_forwarded_proto="https").headers["set-cookie"]


@pytest.mark.parametrize(
    ("method", "more"),
    [("POST", {}), ("DELETE", {}), ("GET", {"sec_fetch_mode": "cors"}), ("GET", {"x_door_upgrade": "websocket"})],
)
def test_what_is_no_page_is_told_that_the_session_has_ended(ask, method, more):
    answer = ask(method, "/gate/login", x_dataflow_door=DOOR, x_door_uri="/services/kafka/", x_door_method=method, **more)
    assert answer.status_code == 401 and "location" not in answer.headers


ELSEWHERE = ("https://elsewhere.example/", "//elsewhere.example/", "/hub/logout", "", "/services//elsewhere.example/")


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_after_the_login_people_stay_here(environment, wanted):
    made = app.make(read(environment))
    sessions = made.state.sessions

    async def once() -> str:
        transport = httpx.ASGITransport(made)
        async with httpx.AsyncClient(transport=transport, base_url="http://platform") as client:
            headers = {"x-dataflow-door": DOOR, "x-door-uri": wanted, "x-door-method": "GET"}
            answer = await client.get("/gate/login", headers=headers)
        state = httpx.URL(answer.headers["location"]).params["state"]
        return sessions._prefix + sessions._logins[state][1]

    assert asyncio.run(once()).startswith("/services/")


@pytest.mark.parametrize("query", ["", "?code=x", "?code=x&state=made-up", "?code=x&state=%C3%A9"])
def test_a_way_back_that_nobody_went_out_by_is_refused(ask, query):
    answer = ask("GET", "/services/platform/oauth_callback" + query, cookie="dataflow-state-00000000=made-up")
    assert answer.status_code == 403 and "set-cookie" not in answer.headers


def test_a_state_is_good_for_the_browser_that_has_its_cookie_and_once(environment):
    made = app.make(read(environment))

    class Played:
        def __init__(self, state, cookies):
            self.query_params, self.cookies, self.headers = {"state": state}, cookies, {}
            self.url = httpx.URL("http://platform")

    sessions = made.state.sessions
    answer = sessions.send_to_hub(Played("", {}), "storage/")
    name, state = re.match(r"([\w-]+)=([\w-]+)", answer.headers["set-cookie"]).groups()
    assert sessions.expects(Played(state, {})) is None
    assert sessions.expects(Played(state, {name: "another"})) is None
    assert sessions.expects(Played(state, {name: state})) == "storage/"
    assert sessions.expects(Played(state, {name: state})) is None


def test_pages_keep_browsers_on_a_short_leash(ask):
    answer = ask("GET", "/nothing")
    assert answer.status_code == 404
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store" and answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("token", ["", "guess", "é"])
def test_keys_are_made_for_the_hub_alone(ask, token):
    headers = {"authorization": b"Bearer " + token.encode()} if token else {}
    assert ask("POST", "/keys/ana", **headers).status_code == 401


@pytest.mark.parametrize("name", ["Ana", "-ana", "a%20b", "a%0ab", "x" * 65])
def test_a_name_that_the_hub_would_not_give_is_no_user(ask, name):
    assert ask("POST", f"/keys/{name}", authorization="Bearer " + "aa" * 32).status_code == 422


def test_what_is_missing_is_named(environment, tmp_path):
    with pytest.raises(SettingsError, match="PLATFORM_PORT"):
        read({**environment, "PLATFORM_PORT": ""})
    (tmp_path / "gateway_token").write_text("")
    with pytest.raises(SettingsError, match="gateway_token"):
        read(environment)
