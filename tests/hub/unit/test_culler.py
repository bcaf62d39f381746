"""Who is stopped, who is spared, and how little a student's own files are believed."""

import io
import json
import logging
import tarfile
from datetime import timedelta

import pytest

from lab_hub import culler

NOW = 1_800_000_000.0
ANA = {"name": "", "url": "/user/ana/", "ready": True}


def decide(arbiter, idle_seconds):
    return arbiter(inactive=timedelta(seconds=idle_seconds), inactive_limit=600, server=ANA)


def archive(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(f"activity/{name}.json")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def beat(at=NOW, every=10, reason="stream ticks") -> bytes:
    return json.dumps({"at": at, "every": every, "reason": reason}).encode()


@pytest.mark.parametrize(("idle", "stopped"), [(599, False), (600, True), (9999, True)])
def test_idle_labs_are_stopped(idle, stopped):
    assert decide(culler.Arbiter(lambda user: None), idle) is stopped


def test_a_lab_whose_spark_runs_is_spared_and_that_is_said_once(caplog):
    caplog.set_level(logging.INFO, "lab_hub.culler")
    busy = {"ana": "stream ticks"}
    arbiter = culler.Arbiter(busy.get)
    assert [decide(arbiter, 9999) for _ in range(3)] == [False] * 3
    assert [record.getMessage() for record in caplog.records] == ["Sparing the lab of ana: stream ticks"]
    busy.clear()
    assert decide(arbiter, 9999) is True
    assert "no running Spark job or stream any more" in caplog.records[-1].getMessage()


def test_user_names_are_taken_from_the_address():
    assert culler.user_of({"url": "/user/ana-maria/"}) == "ana-maria"
    assert culler.user_of({"url": "/class/user/a%40b/"}) == "a@b"


def test_the_newest_believable_heartbeat_counts():
    files = archive(a=beat(at=NOW - 20, reason="old"), b=beat(reason="new"), c=beat(at=NOW - 500, reason="dead"))
    assert culler.newest_reason(files, NOW) == "new"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        json.dumps({"at": "now", "every": 10, "reason": ""}).encode(),
        beat(at=NOW + 3600),
        beat(at=NOW - 100),
        beat(at=NOW - 400, every=10**9),
        beat(at=float("nan")),
        b"x" * 20_000,
        # Made to break whoever reads it: deeper than Python recurses, a number that no float holds.
        b"[" * 9_000,
        b'{"at": 1' + b"0" * 400 + b', "every": 10, "reason": ""}',
    ],
)
def test_what_is_no_heartbeat_is_passed_over(content):
    assert culler.newest_reason(archive(a=content), NOW) is None


def test_a_reason_is_one_short_printable_line():
    reason = culler.newest_reason(archive(a=beat(reason="stream\n[C] forged\x1b[31m" + "x" * 1000)), NOW)
    assert len(reason) <= 200 and reason.isprintable()


def test_nonsense_and_cut_archives_are_passed_over():
    assert culler.newest_reason(b"nonsense", NOW) is None
    assert culler.newest_reason(archive(a=beat())[:530], NOW) is None
    assert len(culler._at_most(iter([b"x" * 200_000] * 100))) <= 500_000


def test_a_hub_that_was_away_first_hears_of_what_people_did():
    now = [100.0]
    arbiter = culler.Arbiter(lambda user: None, patience=60, clock=lambda: now[0])
    assert decide(arbiter, 9999) is False
    now[0] = 160.0
    assert decide(arbiter, 9999) is True
