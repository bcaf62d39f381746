"""The administrators' pages, on a real hub in this process: who sees them, what the forms do, what is shown once."""

import re
from html import unescape

import pytest

from lab_hub.account_store import hash_password, matches
from lab_hub.archives import ArchiveError, Archives
from tests.helpers.waiting import wait_until
from tests.hub.unit.hub_app import FAST, HubApp, Visitor
from tests.hub.unit.test_config import run as run_config

ONE_TIME = "abcd-efgh-2345"
OWN = "my very own words"
PASSWORD = re.compile(r'class="password">([a-z2-9-]{14})<')

pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::DeprecationWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    with pytest.MonkeyPatch.context() as monkeypatch:
        started = HubApp(run_config(monkeypatch, tmp_path_factory.mktemp("hub")))
        started.app.authenticator.archives = Homes(tmp_path_factory.mktemp("archives"), "p", "image")
        yield started
        started.close()


class Homes(Archives):
    """Archives without an engine: one home is there and cannot be kept."""

    def has_home(self, name):
        return name == "full"

    def keep(self, name, said):
        raise ArchiveError("No space left on device")

    def remove_home(self, name):
        pass


def enter(hub, name, *, admin=False):
    """Make an account and log in with a password of its own."""
    hub.store.add(name, hash_password(ONE_TIME, FAST), admin=admin)
    visitor = Visitor(hub.url)
    visitor.submit("/hub/login", username=name, password=ONE_TIME)
    assert visitor.submit("/hub/choose-password", new_password=OWN, repeat_password=OWN).status_code == 302
    return visitor


@pytest.fixture(scope="module")
def boss(hub):
    return enter(hub, "boss", admin=True)


@pytest.fixture
def ana(hub, request):
    name = "u" + str(abs(hash(request.node.name)) % 10**8)
    hub.store.add(name, hash_password(ONE_TIME, FAST))
    return name


def press(visitor, name, job, **fields):
    """Press a button of a person's page."""
    page = visitor.get(f"{visitor.url}/hub/people/person/{name}").text
    token = re.search(r'name="_xsrf" value="([^"]*)"', page)[1]
    return visitor.post(f"{visitor.url}/hub/people/person/{name}/{job}", data={"_xsrf": token, **fields})


def send(visitor, text, **fields):
    """Choose a file on the roster's page."""
    token = re.search(r'name="_xsrf" value="([^"]*)"', visitor.get(f"{visitor.url}/hub/people/roster").text)[1]
    content = text if isinstance(text, bytes) else text.encode()
    return visitor.post(f"{visitor.url}/hub/people/roster", data={"_xsrf": token, **fields}, files={"file": ("c.csv", content)})


def apply(visitor, preview):
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', preview.text.partition("Apply")[0]))
    return visitor.post(f"{visitor.url}/hub/people/roster", data={key: unescape(value) for key, value in fields.items()})


PAGES = ("/hub/people", "/hub/people/roster", "/hub/people/person/boss", "/hub/people/removal/boss")


def test_students_and_instructors_do_not_see_them(hub, boss):
    teacher = enter(hub, "teacher")
    press(boss, "teacher", "join", course="c", role="instructor")
    assert 'href="/hub/people"' not in teacher.get(f"{hub.url}/hub/home").text
    assert [teacher.page(path).status_code for path in PAGES] == [403] * 4
    assert 'href="/hub/people"' in boss.get(f"{hub.url}/hub/home").text


def test_nobody_is_sent_to_the_login_page(hub):
    for path in PAGES:
        answer = Visitor(hub.url).page(path)
        assert answer.status_code == 302 and answer.headers["Location"].startswith("/hub/login"), path


def test_no_form_can_be_sent_from_elsewhere(hub, boss, ana):
    for path in (f"/hub/people/person/{ana}/lock", f"/hub/people/person/{ana}/reset", "/hub/people/roster"):
        assert boss.post(hub.url + path, data={"confirm": ana}).status_code == 403
    assert not hub.store.find(ana).locked
    assert boss.get(f"{hub.url}/hub/people/person/{ana}/lock").status_code == 200 and not hub.store.find(ana).locked


def test_the_list_is_searched(hub, boss, ana):
    press(boss, ana, "details", full_name="Ana São <b>", email="ana@x.org")
    press(boss, ana, "join", course="listed", role="grader")
    everybody = boss.get(f"{hub.url}/hub/people").content.decode()
    assert "Ana São &lt;b&gt;" in everybody and "listed, grader" in everybody and "never logged in" in everybody
    found = boss.get(f"{hub.url}/hub/people", params={"words": "são grader", "course": "listed", "state": "never"}).text
    assert f">{ana}</a>" in found and ">boss</a>" not in found
    assert "Nobody is like that" in boss.get(f"{hub.url}/hub/people", params={"words": "nobody at all"}).text


def test_lock_and_unlock(hub, boss, ana):
    page = press(boss, ana, "lock")
    assert page.status_code == 200 and "Locked: logged out" in page.text and hub.store.find(ana).locked
    assert "Unlocked" in press(boss, ana, "unlock").text and not hub.store.find(ana).locked


def test_a_reset_shows_the_slip_once(hub, boss, ana):
    page = press(boss, ana, "reset")
    (password,) = PASSWORD.findall(page.text)
    assert page.headers["Cache-Control"] == "no-store" and hub.url in page.text
    assert matches(password, hub.store.find(ana).password_hash)
    assert password not in boss.get(f"{hub.url}/hub/people/person/{ana}").text


def test_one_role_in_a_course(hub, boss, ana):
    press(boss, ana, "join", course="C1", role="student")
    assert "c1, grader" in press(boss, ana, "join", course="c1", role="grader").text
    assert "c1, student" not in boss.get(f"{hub.url}/hub/people/person/{ana}").text
    assert "In no course" in press(boss, ana, "leave", course="c1", role="grader").text
    answer = press(boss, ana, "join", course="no such", role="boss")
    assert answer.status_code == 409 and "cannot be a course" in unescape(answer.text)


def test_bad_details_are_refused(hub, boss, ana):
    answer = press(boss, ana, "details", full_name="Ana", email="no address")
    assert answer.status_code == 409 and "no e-mail address" in answer.text and hub.store.known()[ana].full_name == ""


def test_an_administrator_cannot_lock_themselves_out(hub, boss):
    for job in ("lock", "reset", "remove"):
        assert press(boss, "boss", job, confirm="boss").status_code == 400
    assert not hub.store.find("boss").locked and not hub.store.find("boss").one_time


def test_a_removal_wants_the_name_typed(hub, boss, ana):
    answer = press(boss, ana, "remove", confirm="somebody")
    assert answer.status_code == 409 and "is not the name of" in answer.text
    assert hub.store.find(ana) is not None


def ended(hub, boss, name):
    """The page of a removal, once it has ended."""
    address = f"{hub.url}/hub/people/removal/{name}"
    return wait_until(
        lambda: (page := boss.get(address).text) and 'http-equiv="refresh"' not in page and page, what="its end", seconds=20
    )


def test_a_removal_says_how_it_ended(hub, boss, ana):
    assert press(boss, ana, "remove", confirm=ana).url.endswith(f"/removal/{ana}")
    assert f"{ana} is removed" in ended(hub, boss, ana) and hub.store.find(ana) is None
    assert boss.get(f"{hub.url}/hub/people/person/{ana}").status_code == 404


def test_a_removal_that_fails_says_why_and_changes_nothing(hub, boss):
    hub.store.add("full", b"x")
    press(boss, "full", "remove", confirm="full")
    page = ended(hub, boss, "full")
    assert "No space left on device" in page and 'href="/hub/people/person/full"' in page
    assert hub.store.find("full") is not None and not hub.store.find("full").locked


def test_nobodys_page_and_unknown_buttons_are_not_there(hub, boss, ana):
    assert boss.get(f"{hub.url}/hub/people/person/nobody").status_code == 404
    assert press(boss, ana, "explode").status_code == 404


def test_a_roster_is_shown_then_applied_then_its_slips_once(hub, boss):
    text = "Nome;Nome completo;Curso;Papel\r\nrita;Rita <i>;r1;monitora\r\nrui;Rui;r1;\r\n"
    preview = send(boss, text)
    assert "2 new account(s)" in preview.text and "r1 as grader" in preview.text and "Rita &lt;i&gt;" in preview.text
    assert hub.store.find("rita") is None, "nothing is changed by looking"
    done = apply(boss, preview)
    assert len(PASSWORD.findall(done.text)) == 2 and done.headers["Cache-Control"] == "no-store"
    visitor = Visitor(hub.url)
    answer = visitor.submit("/hub/login", username="rita", password=PASSWORD.findall(done.text)[0])
    assert answer.headers["Location"].startswith("/hub/choose-password")
    again = apply(boss, preview)
    assert "nothing changed" in again.text and not PASSWORD.findall(again.text)


def test_all_bad_rows_are_shown(hub, boss):
    answer = send(boss, "name,course,role\nok,r2,\nB B,r2,\nbia,r2,boss\n")
    assert answer.status_code == 400 and "2 problems in the file" in answer.text
    assert '<th scope="row">3</th>' in answer.text and '<th scope="row">4</th>' in answer.text
    assert hub.store.find("ok") is None


def test_what_is_applied_is_what_was_shown(hub, boss):
    preview = send(boss, "name,course\nsue,r3\ntom,r3\n")
    hub.store.add("sue", b"x")
    answer = apply(boss, preview)
    assert answer.status_code == 409 and "Something has changed since you looked" in answer.text
    assert hub.store.find("tom") is None
    assert "1 new account(s)" in apply(boss, answer).text and hub.store.find("tom") is not None


def test_no_file_is_said(hub, boss):
    assert "No file was chosen" in send(boss, "").text
