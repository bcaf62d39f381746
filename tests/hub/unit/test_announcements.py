"""What the class is told: with an end, as plain text, on every page, and to whoever the hub knows."""

import pytest
import requests

from lab_hub import announcements
from lab_hub.announcements import Announcements, Refused
from tests.hub.unit.hub_app import HubApp
from tests.hub.unit.test_config import run as run_config

NOW = 1_800_000_000.0


@pytest.fixture
def there(tmp_path):
    return Announcements(tmp_path / "announcements.json", lambda: NOW)


def test_the_newest_is_first_and_what_is_over_is_gone(there):
    there.add("old", NOW + 60, "info")
    there.add("  new,\n in two lines ", NOW + 120, "warning")
    assert [(one.text, one.kind) for one in there.current()] == [("new, in two lines", "warning"), ("old", "info")]
    there._now = lambda: NOW + 90
    assert [one.text for one in there.current()] == ["new, in two lines"]


def test_another_process_sees_it_at_once(there, tmp_path):
    running = Announcements(tmp_path / "announcements.json", lambda: NOW)
    assert running.current() == []
    made = there.add("now", NOW + 60, "info")
    assert running.current() == [made]
    there.remove(made.id)
    assert running.current() == []


@pytest.mark.parametrize(("text", "until", "kind", "reason"), [
    ("  ", 60, "info", "needs a text"),
    ("x" * 501, 60, "info", "at most 500"),
    ("a\x1b[31m", 60, "info", "not printable"),
    ("x", 60, "loud", "none of: info, warning"),
    ("x", 0, "info", "is over"),
    ("x", -60, "info", "is over"),
    ("x", 400 * 86400, "info", "a year away"),
])
def test_a_bad_one_is_refused_whole(there, text, until, kind, reason):
    kept = there.add("kept", NOW + 60, "info")
    with pytest.raises(Refused, match=reason):
        there.add(text, NOW + until, kind)
    assert there.current() == [kept]


def test_more_than_people_read_are_refused(there):
    for number in range(announcements.MOST):
        there.add(str(number), NOW + 60, "info")
    with pytest.raises(Refused, match="REMOVE=ID"):
        there.add("one more", NOW + 60, "info")


def test_what_is_not_there_cannot_be_taken_back(there):
    with pytest.raises(Refused, match="no announcement 12ab"):
        there.remove("12ab")


def test_a_file_that_is_nonsense_takes_no_page_down(there, tmp_path):
    (tmp_path / "announcements.json").write_text("{")
    assert there.current() == []
    assert there.add("again", NOW + 60, "info") in there.current()


@pytest.mark.parametrize(("text", "seconds"), [("45m", 2700), ("2h", 7200), ("3d", 259_200), (f"@{NOW + 5:.0f}", 5)])
def test_ends(text, seconds):
    assert announcements.end(text, NOW) == NOW + seconds


@pytest.mark.parametrize("text", ["", "soon", "18:00", "2w", "-1h", "h", "1.5h"])
def test_an_end_that_is_none_is_refused(text):
    with pytest.raises(Refused, match="is no end"):
        announcements.end(text, NOW)


def test_the_operator_reads_the_end_in_their_own_time():
    one = announcements.Announcement("12ab", "x", "info", NOW)
    assert "2027-01-15 08:00" in announcements.shown(one, "+0000")
    assert "2027-01-15 05:00" in announcements.shown(one, "-0300")
    assert "2027-01-15 13:30" in announcements.shown(one, "+0530")


@pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::DeprecationWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_it_is_on_the_hubs_pages_escaped_and_told_to_who_is_known(monkeypatch, tmp_path):
    config = run_config(monkeypatch, tmp_path)
    hub = HubApp(config)
    try:
        hub.app.authenticator.announcements.add("<b>Six</b> & out", announcements.time.time() + 60, "warning")
        page = requests.get(f"{hub.url}/hub/login", timeout=20).text
        assert "&lt;b&gt;Six&lt;/b&gt; &amp; out" in page and "alert-warning" in page and "<b>Six" not in page
        asked = f"{hub.url}/hub/api/announcements"
        assert requests.get(asked, timeout=20).status_code == 403
        token = (tmp_path / "secrets" / "operator_token").read_text()
        told = requests.get(asked, headers={"Authorization": f"token {token}"}, timeout=20).json()
        assert [(one["text"], one["kind"]) for one in told] == [("<b>Six</b> & out", "warning")]
    finally:
        hub.close()
