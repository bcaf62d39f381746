"""What a page is told, when, and that it costs the hub nothing while there is no page."""

import asyncio
import datetime
from types import SimpleNamespace

import pytest

from lab_kernel.desk import messages, notices, settings
from lab_kernel.desk.container import Count
from lab_kernel.desk.desk import CELLS, KEPT, Desk, shared_folders
from lab_kernel.desk.home import Home
from lab_kernel.desk.hub import Hub
from lab_kernel.desk.idle import Idle
from lab_kernel.memory import Memory

GB = 1 << 30
NOW = datetime.datetime(2026, 9, 1, 12, tzinfo=datetime.UTC)


def ago(seconds):
    return NOW - datetime.timedelta(seconds=seconds)


class Heard:
    def __init__(self, answers=True):
        self.reports, self.answers = [], answers

    async def __call__(self, last):
        self.reports.append(last)
        return self.answers


# The lab's end


@pytest.mark.parametrize(("idle", "busy", "left"), [
    (2999, False, None), (3000, False, 600), (3590, False, 10), (9999, False, 0), (3590, True, None),
])
def test_the_person_is_warned_ten_minutes_before(idle, busy, left):
    assert Idle(3600, 600, lambda: ago(idle), Heard()).left(NOW, busy) == left


@pytest.mark.parametrize(("left", "words"), [
    (600, "in about 10 minutes"), (100, "in about 2 minutes"), (70, "in about a minute"), (5, "less than a minute")])
def test_the_warning_says_how_long_and_offers_to_keep_it(left, words):
    (notice,) = notices.of_the_end(left)
    assert words in notice["text"] and notice["action"] == {"label": messages.KEEP, "path": "dataflow/keep"}
    assert len(notice["text"]) <= 130, "JupyterLab would cut it off"


def test_use_is_told_before_the_hub_would_stop_the_lab_for_want_of_it():
    async def look():
        heard, last = Heard(), [ago(0)]
        idle = Idle(3600, 600, lambda: last[0], heard)
        await idle.tell_in_time(NOW)
        await idle.tell_in_time(NOW)
        assert heard.reports == [NOW]
        last[0] = NOW + datetime.timedelta(seconds=1000)
        await idle.tell_in_time(last[0])
        assert heard.reports == [NOW, last[0]]
        heard.answers = False
        assert not await idle.keep(NOW)

    asyncio.run(look())


# The class


class Asked(Hub):
    def __init__(self, answer, **given):
        environ = {"JUPYTERHUB_API_URL": "http://hub/api", "JUPYTERHUB_ACTIVITY_URL": "http://hub/act", **given}
        self.now, self.answer, self.asked = 1000.0, answer, []
        super().__init__(settings.read(environ), SimpleNamespace(debug=print), lambda: self.now)

    async def _ask(self, method, url, body=None):
        self.asked.append((method, url, body))
        return self.answer


def test_announcements_are_asked_for_rarely_and_kept_when_the_hub_is_away():
    async def look():
        one = {"id": "12ab", "text": "<b>six</b>", "kind": "warning", "until": 1500.0}
        hub = Asked([one, {"odd": 1}])
        assert await hub.announced() == [one] == await hub.announced()
        assert len(hub.asked) == 1
        hub.now, hub.answer = 1100.0, None
        assert await hub.announced() == [one] and len(hub.asked) == 2
        hub.now = 1600.0
        assert await hub.announced() == []
        assert notices.of_the_class([one]) == [{"id": "announcement-12ab", "kind": "warning", "text": "<b>six</b>"}]

    asyncio.run(look())


def test_a_report_is_of_this_lab_alone():
    hub = Asked("")
    assert asyncio.run(hub.report(NOW)) is True
    at = "2026-09-01T12:00:00+00:00"
    assert hub.asked == [("POST", "http://hub/act", {"servers": {"": {"last_activity": at}}, "last_activity": at})]
    assert asyncio.run(Asked("", JUPYTERHUB_ACTIVITY_URL="").report(NOW)) is False


# The home and the status bar


@pytest.mark.parametrize(("used", "words"), [
    (1.7, ["1.7 GiB of 2 GiB"]), (2.1, ["more than its 2 GiB", "from 2.4 GiB on"]), (3, ["far more", "less than 2.4 GiB"])])
def test_a_large_home_is_told_with_what_to_do(used, words):
    home = Home(None, 2 * GB, int(2.4 * GB))
    home.used = int(used * GB)
    (notice,) = notices.of_the_home(home)
    assert all(word in notice["text"] for word in [*words, "du -h"])


def test_the_status_has_what_is_known_and_no_guess():
    home = Home(None, 2 * GB, 3 * GB)
    home.used = GB // 2
    line = notices.status(Memory(2 * GB, GB, 0), Count(0.5, 2), Count(43, 1024), home)
    assert line["text"] == "Memory 1 GiB of 2 GiB | CPU 50 % of 200 % | Home 512 MiB of 2 GiB"
    assert "Memory 1 GiB of 2 GiB, CPU 50 % of 200 %, Processes 43 of 1024, Home 512 MiB of 2 GiB" in line["all"]
    bare = notices.status(Memory(None, None, 0), Count(None, None), Count(None, None), Home(None, 0, 0))
    assert bare["text"] == "Memory ? of no limit"


# All together


@pytest.fixture
def desk(tmp_path):
    given = {"IDLE_SECONDS": "60", "IDLE_WARN_SECONDS": "600", "HOME_QUOTA": "1"}
    environ = {"HOME": str(tmp_path), **{f"DATAFLOW_{name}": value for name, value in given.items()}}
    app = SimpleNamespace(settings={"last_activity_times": {}}, last_activity=lambda: datetime.datetime.now(datetime.UTC) - IDLE)
    kernels = SimpleNamespace(list_kernels=lambda: [{"execution_state": "busy"}])
    return SimpleNamespace(desk=lambda: Desk(settings.read(environ), tmp_path, app, kernels, SimpleNamespace(debug=print)),
                           times=app.settings["last_activity_times"], kernels=kernels)


IDLE = datetime.timedelta(seconds=40)


def test_a_page_is_told_everything_and_can_keep_the_lab(desk):
    async def look():
        made = desk.desk()
        assert desk.kernels.home is made.home
        await made.home.look()
        shown = await made.shown()
        assert [notice["id"] for notice in shown["notices"]] == ["stops", "home-full"]
        assert "Home " in shown["status"]["text"]
        assert await made.keep() is False, "there is no hub"
        await made.look()

    asyncio.run(look())
    assert {KEPT, CELLS} <= set(desk.times), "keeping it and a cell that runs are use"


@pytest.fixture
def courses(tmp_path):
    """The folders of three courses, of which one can only be read, as a lab sees them."""
    for name in ("large", "read", "small"):
        (tmp_path / name).mkdir()
    (tmp_path / "large" / "data").write_bytes(b"x" * 300_000)
    (tmp_path / "read" / "data").write_bytes(b"x" * 300_000)
    return tmp_path


def test_who_may_write_a_courses_folder_is_told_that_it_is_large(courses, monkeypatch):
    monkeypatch.setattr("lab_kernel.desk.desk.os.access", lambda path, mode: path.name != "read")
    found = shared_folders(settings.read({"DATAFLOW_SHARED": str(courses), "DATAFLOW_SHARED_QUOTA": "200000"}))
    assert list(found) == ["large", "small"]

    async def look():
        for folder in found.values():
            await folder.look()

    asyncio.run(look())
    (notice,) = notices.of_courses(found)
    assert (notice["id"], notice["kind"]) == ("course-large-full", "warning")
    assert notice["text"].startswith("The folder of large holds ") and "Remove from shared/large" in notice["text"]
    found["small"].used = 170_000
    assert [one["id"] for one in notices.of_courses(found)] == ["course-large-full", "course-small-near"]


def test_without_a_limit_or_courses_nothing_is_measured(courses):
    assert shared_folders(settings.read({"DATAFLOW_SHARED": str(courses)})) == {}
    assert shared_folders(settings.read({"DATAFLOW_SHARED": str(courses / "none"), "DATAFLOW_SHARED_QUOTA": "1"})) == {}


@pytest.mark.parametrize(("given", "expected"), [
    ({}, (0, 0, 0)),
    ({"DATAFLOW_HOME_QUOTA": "100", "DATAFLOW_HOME_FULL_PERCENT": "120", "DATAFLOW_IDLE_SECONDS": "3600"}, (100, 120, 3600)),
    ({"DATAFLOW_HOME_QUOTA": "lots", "DATAFLOW_IDLE_SECONDS": "-5"}, (0, 0, 0)),
])
def test_a_setting_that_cannot_be_read_keeps_no_lab_from_starting(given, expected):
    found = settings.read(given)
    assert (found.quota, found.full, found.idle_seconds) == expected
