"""The first log-in, on a real hub in this process: a one-time password opens one page, and nothing else before that is done."""

from html import unescape
from urllib.parse import urlparse

import pytest

from lab_hub import sealed
from lab_hub.account_store import hash_password
from lab_hub.login import FIRST_LOGIN_COOKIE
from tests.hub.unit.hub_app import FAST, HubApp, Visitor, secrets_of
from tests.hub.unit.test_config import run as run_config

ONE_TIME = "abcd-efgh-2345"
OWN = "my very own words"

# JupyterHub opens its event schema and sockets in ways that Python warns about.
pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::DeprecationWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("hub")


@pytest.fixture(scope="module")
def hub(folder):
    with pytest.MonkeyPatch.context() as monkeypatch:
        config = run_config(monkeypatch, folder)
        started = HubApp(config)
        yield started
        started.close()


@pytest.fixture
def visitor(hub):
    return Visitor(hub.url)


@pytest.fixture
def ana(hub, request):
    """A new account with a one-time password; the name is the test's, so that tests do not meet."""
    name = "u" + str(abs(hash(request.node.name)) % 10**8)
    hub.store.add(name, hash_password(ONE_TIME, FAST))
    return name


def log_in(visitor, name, password, path="/hub/login"):
    return visitor.submit(path, username=name, password=password)


def choose(visitor, password, repeat=None, path="/hub/choose-password"):
    return visitor.submit(path, new_password=password, repeat_password=password if repeat is None else repeat)


def has_session(visitor):
    return visitor.page("/hub/home").status_code == 200


def at_home(hub, name, password=OWN):
    visitor = Visitor(hub.url)
    assert log_in(visitor, name, password).status_code == 302
    return visitor


def test_one_time_password_then_own_then_logged_in(hub, visitor, ana):
    answer = log_in(visitor, ana, ONE_TIME)
    assert answer.status_code == 302 and answer.headers["Location"].startswith("/hub/choose-password")
    assert not has_session(visitor)
    answer = choose(visitor, OWN)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/hub/spawn")
    assert has_session(visitor)
    assert has_session(at_home(hub, ana))


def test_nothing_else_is_possible_before_the_choice(hub, visitor, ana):
    log_in(visitor, ana, ONE_TIME)
    for path in ("/hub/home", "/hub/spawn", "/hub/token", f"/user/{ana}/", "/hub/change-password"):
        answer = visitor.page(path)
        assert (
            answer.status_code == 302 and "/hub/login" in answer.headers["Location"] or "/hub/user" in answer.headers["Location"]
        ), path
    assert visitor.get(f"{hub.url}/hub/api/user").status_code == 403


def test_the_api_gives_no_token_for_a_one_time_password(hub, ana):
    answer = Visitor(hub.url).post(f"{hub.url}/hub/api/users/{ana}/tokens", json={"auth": {"username": ana, "password": ONE_TIME}})
    assert answer.status_code == 403


def test_the_one_time_password_is_dead_after_the_choice(hub, visitor, ana):
    log_in(visitor, ana, ONE_TIME)
    choose(visitor, OWN)
    answer = log_in(Visitor(hub.url), ana, ONE_TIME)
    assert answer.status_code == 403 and "Invalid username or password" in answer.text


def test_the_choice_works_once(hub, visitor, ana):
    """Somebody who copied the cookie is late."""
    log_in(visitor, ana, ONE_TIME)
    thief = Visitor(hub.url)
    thief.cookies.update(visitor.cookies)
    form = thief.get(f"{hub.url}/hub/choose-password")
    assert "Choose your password" in form.text
    choose(visitor, OWN)
    answer = thief.get(f"{hub.url}/hub/choose-password")
    assert answer.status_code == 403 and "Log in again" in answer.text


def test_a_forged_cookie_opens_nothing(hub, visitor, ana):
    visitor.cookies.set(FIRST_LOGIN_COOKIE, f'["{ana}", 0]', path="/hub/choose-password")
    answer = visitor.page("/hub/choose-password")
    assert answer.status_code == 403 and "Choose your password" not in answer.text


def test_without_the_first_step_there_is_no_second(hub, visitor, ana):
    assert visitor.page("/hub/choose-password").status_code == 403


@pytest.mark.parametrize(
    ("password", "repeat", "words"),
    [
        ("my very own words", "my very own swords", "different"),
        ("short", "short", "5 characters"),
        ("1234567890", "1234567890", "most common"),
        (ONE_TIME, ONE_TIME, "the one you have now"),
    ],
)
def test_a_bad_choice_says_why_and_can_be_repeated(hub, visitor, ana, password, repeat, words):
    log_in(visitor, ana, ONE_TIME)
    answer = choose(visitor, password, repeat)
    assert answer.status_code == 400 and words in unescape(answer.text)
    assert password not in unescape(answer.text).replace("words", "") or password == ONE_TIME
    assert not has_session(visitor)
    assert choose(visitor, OWN).status_code == 302


def test_the_form_cannot_be_sent_from_elsewhere(hub, visitor, ana):
    log_in(visitor, ana, ONE_TIME)
    answer = visitor.post(f"{hub.url}/hub/choose-password", data={"new_password": OWN, "repeat_password": OWN})
    assert answer.status_code == 403
    assert hub.store.find(ana).one_time


@pytest.mark.parametrize(
    "evil", ["https://evil.example/", "//evil.example/", "/\\evil.example", "///evil.example", "javascript:alert(1)"]
)
def test_next_leads_nowhere_else(hub, visitor, ana, evil):
    first = visitor.submit(f"/hub/login?next={evil}", username=ana, password=ONE_TIME)
    assert first.headers["Location"].startswith("/hub/choose-password")
    answer = choose(visitor, OWN, path=first.headers["Location"])
    where = answer.headers["Location"]
    assert answer.status_code == 302 and urlparse(where)[:2] == ("", "")
    # Browsers take a backslash for a slash.
    assert where.startswith("/") and not where.startswith(("//", "/\\"))


def test_next_is_kept_through_the_choice(hub, visitor, ana):
    first = visitor.submit("/hub/login?next=/hub/token", username=ana, password=ONE_TIME)
    answer = choose(visitor, OWN, path=first.headers["Location"])
    assert answer.headers["Location"] == "/hub/token"


def test_five_wrong_passwords_lock_the_name_and_a_reset_opens_it(hub, ana):
    for _ in range(5):
        assert log_in(Visitor(hub.url), ana, "wrong wrong").status_code == 403
    answer = log_in(Visitor(hub.url), ana, ONE_TIME)
    assert answer.status_code == 429 and "Wait 5 min" in answer.text
    hub.store.set_password(ana, hash_password(ONE_TIME, FAST), one_time=True)
    assert log_in(Visitor(hub.url), ana, ONE_TIME).status_code == 302


def test_a_name_that_nobody_has_is_treated_alike(hub):
    answers = [log_in(Visitor(hub.url), "nobody", "wrong wrong") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [403] * 5 + [429]


@pytest.mark.parametrize("password", ["x" * 100, "é" * 60, "\0" * 12])
def test_odd_passwords_are_wrong_passwords(hub, visitor, ana, password):
    assert log_in(visitor, ana, password).status_code == 403


@pytest.mark.parametrize("fields", [{}, {"username": ""}, {"username": "x", "password": ""}])
def test_a_half_filled_form_says_so(hub, visitor, fields):
    answer = visitor.submit("/hub/login", **fields)
    assert answer.status_code == 400 and "Enter your name and your password" in answer.text


def test_a_reset_ends_open_sessions(hub, visitor, ana):
    log_in(visitor, ana, ONE_TIME)
    choose(visitor, OWN)
    hub.store.set_password(ana, hash_password(ONE_TIME, FAST), one_time=True)
    # As if auth_refresh_age had passed.
    hub.app.users[ana]._auth_refreshed = None
    assert not has_session(visitor)


def token_of(hub, name):
    """What a person makes on the hub's page for a program."""

    async def make():
        return hub.app.users[name].new_api_token(note="Server at /user/x/")

    return hub.call(make())


def knows(hub, token):
    return Visitor(hub.url).get(f"{hub.url}/hub/api/user", headers={"Authorization": f"token {token}"}).status_code == 200


def test_a_token_from_before_a_reset_never_works_again(hub, visitor, ana):
    log_in(visitor, ana, ONE_TIME)
    choose(visitor, OWN)
    token = token_of(hub, ana)
    assert knows(hub, token)
    hub.store.set_password(ana, hash_password(ONE_TIME, FAST), one_time=True)
    again = Visitor(hub.url)
    log_in(again, ana, ONE_TIME)
    choose(again, "another of my own")
    assert has_session(again) and not knows(hub, token)


def test_an_own_change_of_password_leaves_the_tokens(hub, visitor, ana):
    log_in(visitor, ana, ONE_TIME)
    choose(visitor, OWN)
    token = token_of(hub, ana)
    visitor.submit("/hub/change-password", old_password=OWN, new_password="another one", repeat_password="another one")
    assert has_session(visitor) and knows(hub, token)


def test_a_locked_account_is_told_so_on_the_login_page(hub, visitor, ana):
    log_in(visitor, ana, ONE_TIME)
    choose(visitor, OWN)
    hub.store.set_locked(ana, True)
    hub.app.users[ana]._auth_refreshed = None
    assert not has_session(visitor)
    answer = log_in(Visitor(hub.url), ana, OWN)
    assert answer.status_code == 403 and "This account is locked" in answer.text and 'id="password_input"' in answer.text
    wrong = log_in(Visitor(hub.url), ana, "not the password")
    assert "locked" not in wrong.text, "only its owner learns it"
    hub.store.set_locked(ana, False)
    assert log_in(Visitor(hub.url), ana, OWN).status_code == 302


def test_a_locked_account_chooses_no_password(hub, visitor, ana):
    log_in(visitor, ana, ONE_TIME)
    hub.store.set_locked(ana, True)
    assert visitor.page("/hub/choose-password").status_code == 403


def test_a_sealed_one_time_password_works_once_too(hub, visitor, request):
    hub.store.enrol({"sealed": sealed.seal(ONE_TIME, "ab" * 32)}, {}, {})
    assert log_in(Visitor(hub.url), "sealed", "not the password").status_code == 403
    log_in(visitor, "sealed", ONE_TIME)
    assert choose(visitor, ONE_TIME).status_code == 400, "the same one again"
    assert choose(visitor, OWN).status_code == 302 and has_session(visitor)
    assert log_in(Visitor(hub.url), "sealed", ONE_TIME).status_code == 403
    assert not sealed.is_sealed(hub.store.find("sealed").password_hash)


@pytest.mark.parametrize(("token", "status"), [("ab" * 32, 204), ("nobody's", 403)])
def test_sessions_are_ended_by_the_operator_alone(hub, visitor, ana, token, status):
    log_in(visitor, ana, ONE_TIME)
    choose(visitor, OWN)
    program = token_of(hub, ana)
    address = f"{hub.url}/hub/api/people/{ana}/sessions"
    assert Visitor(hub.url).delete(address, headers={"Authorization": f"token {token}"}).status_code == status
    assert (has_session(visitor), knows(hub, program)) == (status == 403, status == 403)
    assert Visitor(hub.url).delete(address, headers={"Authorization": f"token {program}"}).status_code == 403


def test_an_administrator_is_one_after_the_first_login_only(hub, visitor, request):
    hub.store.add("chief", hash_password(ONE_TIME, FAST), admin=True)
    log_in(visitor, "chief", ONE_TIME)
    assert choose(visitor, OWN).status_code == 302
    assert hub.app.users["chief"].admin
    assert 'href="/hub/admin"' in visitor.page("/hub/home").text

    async def take_back():
        hub.app.users["chief"].admin = False
        hub.app.db.commit()

    # As on the admin page: the next log-in does not give it again.
    hub.call(take_back())
    at_home(hub, "chief")
    assert not hub.app.users["chief"].admin


def test_change_password_is_linked_and_works(hub, visitor, ana):
    log_in(visitor, ana, ONE_TIME)
    choose(visitor, OWN)
    assert 'href="/hub/change-password"' in visitor.page("/hub/home").text
    other = at_home(hub, ana)
    wrong = visitor.submit("/hub/change-password", old_password="no", new_password="another one", repeat_password="another one")
    assert wrong.status_code == 400 and "not right" in wrong.text
    done = visitor.submit("/hub/change-password", old_password=OWN, new_password="another one", repeat_password="another one")
    assert done.status_code == 200 and "is changed" in done.text
    assert has_session(visitor) and not has_session(other)
    assert has_session(at_home(hub, ana, "another one"))


def test_deleting_the_user_deletes_the_account(hub, visitor, ana):
    log_in(visitor, ana, ONE_TIME)
    choose(visitor, OWN)

    async def delete():
        await hub.app.users[ana].stop() if hub.app.users[ana].running else None
        hub.app.authenticator.delete_user(hub.app.users[ana])
        hub.app.users.delete(hub.app.users[ana])

    hub.call(delete())
    assert hub.store.find(ana) is None
    assert not has_session(visitor)


@pytest.mark.parametrize("path", ["signup", "authorize", "authorize/ana", "discard/ana", "confirm/x", "change-password/ana"])
def test_pages_that_nobody_needs_are_not_there(visitor, path):
    assert visitor.page(f"/hub/{path}").status_code == 404


def test_nothing_is_written_in_the_clear(hub, folder, visitor, ana):
    log_in(visitor, ana, ONE_TIME)
    choose(visitor, OWN)
    written = secrets_of(folder)
    assert ana in written and OWN not in written and ONE_TIME not in written


def test_the_hubs_shared_session_is_not_used(hub):
    """Upstream will take it away; a trait that was never asked for has no value."""
    assert "db" not in hub.app.authenticator._trait_values
