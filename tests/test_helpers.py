"""The helpers fail loudly, with what a person needs next."""

import pytest

from tests.helpers import lab, versions
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


@pytest.mark.docker
def test_a_missing_image_names_the_target():
    with pytest.raises(lab.LabError, match="make build/lab"):
        lab.require_image("dataflow/no-such-image:0")


@pytest.mark.docker
def test_a_lab_is_a_students_lab(lab_image):
    probe = (
        "import os, pathlib\n"
        "status = pathlib.Path('/proc/self/status').read_text()\n"
        "fields = dict(line.split(':\\t', 1) for line in status.splitlines() if ':\\t' in line)\n"
        "print(os.getuid(), int(fields['CapEff'], 16), fields['NoNewPrivs'])\n"
        "print(sorted(os.listdir('/sys/class/net')))\n"
        "print(os.access('/repo/versions.env', os.W_OK), os.access('/out', os.W_OK))\n"
    )
    run = lab.run([lab.PYTHON, "-c", probe], seconds=60).raise_for_status()
    assert run.log.splitlines() == ["1000 0 1", "['lo']", "False True"]


@pytest.mark.docker
def test_a_lab_that_takes_too_long_is_ended(lab_image):
    run = lab.run(["sleep", "60"], seconds=1)
    assert (run.timed_out, run.status) == (True, 124)


@pytest.mark.docker
def test_a_lab_that_takes_too_much_memory_says_so(lab_image):
    run = lab.run([lab.PYTHON, "-c", "x = b'x' * (4 << 30)"], seconds=60)
    assert run.killed_for_memory == 1
    assert run.peak_bytes > 1e9


@pytest.mark.docker
def test_what_a_lab_leaves_running_is_seen(lab_image):
    run = lab.run(["sh", "-c", "sleep 120 & true"], seconds=60)
    assert run.left_running == ("sleep 120",)
