"""Spark's start ahead of its need gives way while the machine is busy, and to nobody once somebody needs it."""

import threading
import time

import pytest

from lab_kernel import quiet


@pytest.mark.parametrize(
    ("text", "is_busy"),
    [("0.1 0.1 0.1 1/200 9\n", False), ("0 0 0 3/200 9\n", False), ("0 0 0 4/200 9\n", True), ("", False), ("words", False)],
)
def test_busy_means_that_somebody_waits_for_a_processor(tmp_path, text, is_busy):
    path = tmp_path / "loadavg"
    path.write_text(text)
    assert quiet.busy(path, processors=2) is is_busy
    assert quiet.busy(tmp_path / "none", processors=2) is False


@pytest.fixture
def hurried(monkeypatch):
    monkeypatch.setattr(quiet, "AGAIN_SECONDS", (0.001, 0.002))
    monkeypatch.setattr(quiet, "BETWEEN_SECONDS", 0.001)


def test_it_waits_until_two_looks_in_a_row_find_the_machine_quiet(hurried):
    looks = iter([True, False, True, True, False, False])
    quiet.wait(threading.Event(), lambda: next(looks))
    assert list(looks) == []


def test_a_quiet_machine_costs_a_moment():
    began = time.monotonic()
    quiet.wait(threading.Event(), lambda: False)
    assert time.monotonic() - began < 1


def test_who_needs_it_waits_for_nobody(monkeypatch):
    monkeypatch.setattr(quiet, "AGAIN_SECONDS", (60, 60))
    needed = threading.Event()
    waiting = threading.Thread(target=quiet.wait, args=(needed, lambda: True))
    waiting.start()
    needed.set()
    waiting.join(5)
    assert not waiting.is_alive()


def test_a_machine_that_is_never_quiet_does_not_stop_it_for_ever(hurried):
    quiet.wait(threading.Event(), lambda: True, longest=0.05)
