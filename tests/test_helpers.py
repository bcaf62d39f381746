"""The helpers fail loudly, with what a person needs next."""

import subprocess
import sys

import pytest

from tests.helpers import versions
from tests.helpers.versions import ROOT
from tests.helpers.waiting import wait_until


def test_settings_are_read_and_overridden(tmp_path):
    (tmp_path / "versions.env").write_text("# a comment\n\nLAB_CPUS=2\nHUB_PORT=8000\n")
    found = versions.read(tmp_path, {"LAB_CPUS": "1", "OTHER": "x"})
    assert found == {"LAB_CPUS": "1", "HUB_PORT": "8000"}
    assert versions.ports(found) == {"HUB_PORT": 8000}


def test_an_unknown_setting_says_where_to_add_it():
    with pytest.raises(KeyError, match="versions.env has no LAB_CPUS"):
        versions.parse("")["LAB_CPUS"]


def test_a_line_that_is_no_setting_is_named():
    with pytest.raises(ValueError, match="line 2"):
        versions.parse("A=1\nb = 2\n")


def test_wait_returns_what_it_found():
    found = iter([None, 0, "ready"])
    assert wait_until(lambda: next(found), what="x", seconds=5, every=0) == "ready"


def test_wait_fails_with_the_last_thing_seen_and_the_log():
    with pytest.raises(TimeoutError, match="(?s)hub: not within 0 s.*'starting'.*the log"):
        wait_until(
            lambda: ["starting"] and None or (_ for _ in ()).throw(OSError("starting")),
            what="hub",
            seconds=0,
            log=lambda: "the log",
            ignore=(OSError,),
        )


def test_wait_does_not_hide_an_error_that_nobody_expected():
    with pytest.raises(ZeroDivisionError):
        wait_until(lambda: 1 / 0, what="x", seconds=5)


SUPERVISED = '''
import subprocess, time
from pathlib import Path
from tests.helpers import lab_supervisor as supervisor

class Slow(subprocess.Popen):
    """Long enough for the command to end before anybody looks."""
    def __init__(self, *arguments, **more):
        super().__init__(*arguments, **more)
        time.sleep(0.05)

class Nothing:
    resident = cpu_seconds = killed_for_memory = lambda self: 0

supervisor.Cgroup, supervisor.others, supervisor.SAMPLE_SECONDS, subprocess.Popen = Nothing, dict, 0.001, Slow
for number in range(10):
    assert supervisor.supervise(Path({out!r}), 5, ["sh", "-c", f"exit {{number}}"]) == number
'''


def test_a_command_that_ends_at_once_is_noticed_every_time(tmp_path):
    """Its status was lost whenever it ended before its Popen was forgotten; then it was killed a second time."""
    command = [sys.executable, "-c", SUPERVISED.format(out=str(tmp_path))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
