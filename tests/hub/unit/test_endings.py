"""Why a lab is not running any more: one sentence, one incident number, kept until the next start."""

import asyncio
import re
from datetime import UTC, datetime

import pytest

from lab_hub import endings
from tests.hub.unit.test_spawner import ended, lab, played  # noqa: F401

LIMIT = 2 << 30
BOOTED = datetime(2026, 1, 2, 8, tzinfo=UTC).timestamp()
BEFORE, AFTER = "2026-01-02T07:59:59.123456789Z", "2026-01-02T08:00:01.123456789Z"


@pytest.mark.parametrize(
    ("state", "kind", "words"),
    [
        ({**ended(255), "StartedAt": BEFORE}, "machine_restarted", "because the machine was restarted"),
        ({**ended(137, killed=True), "StartedAt": BEFORE}, "machine_restarted", "because the machine was restarted"),
        ({**ended(137, killed=True), "StartedAt": AFTER}, "out_of_memory", "more than its 2 GiB of memory"),
        ({**ended(255), "StartedAt": AFTER}, "stopped_from_outside", "stopped together with the class"),
        ({**ended(0), "StartedAt": AFTER}, "stopped_from_outside", "stopped together with the class"),
        ({**ended(143), "StartedAt": ""}, "stopped_from_outside", "stopped together with the class"),
        ({**ended(3), "StartedAt": "0001-01-01T00:00:00Z"}, "ended", "ended by itself (exit code 3)"),
    ],
)
def test_a_lab_that_nobody_stopped(state, kind, words):
    reason = endings.by_itself(state, LIMIT, BOOTED)
    assert reason.kind == kind and words in reason.what


def test_without_the_machines_start_the_rest_is_known(tmp_path):
    assert endings.machine_started(tmp_path / "none") is None
    assert endings.by_itself({**ended(3), "StartedAt": BEFORE}, LIMIT, None).kind == "ended"
    (tmp_path / "stat").write_text("cpu 1 2 3\nbtime 1767340800\nprocesses 7\n")
    assert endings.machine_started(tmp_path / "stat") == 1767340800


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (("service", "culler"), "because nobody had used it for an hour"),
        (("user", "joao"), "stopped by an administrator"),
        (("service", "operator"), "stopped by whoever runs the class"),
    ],
)
def test_a_lab_that_somebody_stopped(asked, words):
    assert words in endings.asked_by(*asked, "ana", 3600).what


def test_who_stopped_her_own_lab_knows_it():
    assert endings.asked_by("user", "ana", "ana", 3600) is None


@pytest.mark.parametrize(("seconds", "words"), [(7200, "2 hours"), (1800, "30 minutes"), (45, "45 seconds")])
def test_the_limit_is_told_as_it_was_set(seconds, words):
    assert f"for {words}." in endings.asked_by("service", "culler", "ana", seconds).what


def test_student_and_operator_find_the_same_incident():
    sentence, line = endings.told(endings.asked_by("service", "culler", "ana", 3600))
    incident = re.search(r"Incident ([0-9a-f]{8})\.$", sentence)[1]
    assert line.startswith(f"incident {incident} [idle] ") and "Your files are safe." in sentence


def test_it_is_kept_in_the_hubs_database_until_the_next_start(lab, played, caplog):  # noqa: F811
    lab.object_id = "c0ffee"
    lab.stop_asked_by = ("service", "culler")
    asyncio.run(lab.stop())
    state = lab.get_state()
    assert "nobody had used it" in state["ended_because"]
    incident = re.search(r"Incident (\w+)\.", state["ended_because"])[1]
    assert f"incident {incident} [idle]" in caplog.text
    lab.ended_because = ""
    lab.load_state(state)
    assert lab.get_state()["ended_because"] == state["ended_because"]
    lab.load_state({})
    assert "ended_because" not in lab.get_state()


def test_a_lab_that_vanished_under_the_hub_is_explained(lab, played):  # noqa: F811
    lab.object_id = "c0ffee"
    played.there = False
    assert asyncio.run(lab.poll()) == 0
    assert "stopped together with the class" in lab.ended_because


def test_a_start_that_is_cancelled_leaves_no_container(lab, played):  # noqa: F811
    played.state = {**ended(0), "Status": "created"}
    lab._stop_pending = True
    asyncio.run(lab.poll())
    assert not played.there and not lab.ended_because


def test_what_a_lab_logged_outlives_it():
    """Only lines with a number, cut and printable: the student's side can write there too."""
    line = "incident 0a1b2c3d [kernel_killed] kernel 12 was killed"
    log = f"[W 08:00:00 ServerApp] {line}\x1b[31m\nincident nonsense\nnoise\n" + f"x {line} " + "y" * 999
    found = endings.incidents(log)
    assert found[0] == line + "[31m" and found[1].startswith(line) and len(found[1]) == 200
    assert len(endings.incidents(f"{line}\n" * 100)) == 20
