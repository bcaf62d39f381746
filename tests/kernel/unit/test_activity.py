"""From heartbeats to the server's record of activity."""

import datetime
import time

import pytest

from lab_kernel import activity, notes
from lab_kernel.server import SOURCE, Watcher

NOW = 1_700_000_000.0


class Log(list):
    def info(self, text):
        self.append(text)


def beat(folder, name, **content):
    notes.write(folder / activity.FOLDER / f"{name}.json", content)


def test_the_newest_heartbeat_counts(tmp_path):
    assert activity.latest(tmp_path, NOW) is None
    beat(tmp_path, "a", at=NOW - 9, every=20, reason="job")
    beat(tmp_path, "b", at=NOW - 3, every=20, reason="stream")
    assert activity.latest(tmp_path, NOW) == (NOW - 3, "stream")


@pytest.mark.parametrize(
    "content",
    [
        {"at": NOW - 70, "every": 20, "reason": "a kernel that died"},
        {"at": NOW + 60, "every": 20, "reason": "a clock that is wrong"},
        {"at": "now", "every": 20},
        {"at": NOW},
        {},
    ],
)
def test_stale_and_strange_ones_do_not(tmp_path, content):
    beat(tmp_path, "a", **content)
    (tmp_path / activity.FOLDER / "half.json").write_text("{")
    (tmp_path / activity.FOLDER / "list.json").write_text("[1]")
    assert activity.latest(tmp_path, NOW) is None


def test_the_server_notes_the_time_and_logs_the_reason_once(tmp_path):
    times, log = {}, Log()
    watcher = Watcher(tmp_path, times, log)
    watcher.look()
    assert times == {} and log == []
    at = time.time()
    beat(tmp_path, "a", at=at, every=20, reason="stream ticks in kernel 1234")
    watcher.look()
    watcher.look()
    assert times == {SOURCE: datetime.datetime.fromtimestamp(at, datetime.UTC)}
    assert log == ["lab is active: stream ticks in kernel 1234"]
    (tmp_path / activity.FOLDER / "a.json").unlink()
    watcher.look()
    assert log[1:] == ["lab has no running Spark job or stream any more"]
