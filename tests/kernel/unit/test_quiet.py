"""Spark's start ahead of its need gives way while the machine is busy, and to nobody once somebody needs it."""

import threading
import time

import pytest

from lab_kernel import quiet
from lab_kernel.memory import Memory

GB = 1 << 30


@pytest.mark.parametrize(
    ("text", "is_busy"),
    [("0.1 0.1 0.1 1/200 9\n", False), ("0 0 0 3/200 9\n", False), ("0 0 0 4/200 9\n", True), ("", False), ("words", False)],
)
def test_busy_means_that_somebody_waits_for_a_processor(tmp_path, text, is_busy):
    path = tmp_path / "loadavg"
    path.write_text(text)
    assert quiet.busy(path, processors=2) is is_busy
    assert quiet.busy(tmp_path / "none", processors=2) is False


def room() -> bool:
    return False


@pytest.fixture
def hurried(monkeypatch):
    monkeypatch.setattr(quiet, "AGAIN_SECONDS", (0.001, 0.002))
    monkeypatch.setattr(quiet, "BETWEEN_SECONDS", 0.001)


def test_it_waits_until_two_looks_in_a_row_find_the_machine_quiet(hurried):
    looks = iter([True, False, True, True, False, False])
    quiet.wait(threading.Event(), lambda: next(looks), is_scarce=room)
    assert list(looks) == []


def test_a_quiet_machine_costs_a_moment():
    began = time.monotonic()
    quiet.wait(threading.Event(), lambda: False, is_scarce=room)
    assert time.monotonic() - began < 1


def test_who_needs_it_waits_for_nobody(monkeypatch):
    monkeypatch.setattr(quiet, "AGAIN_SECONDS", (60, 60))
    needed = threading.Event()
    waiting = threading.Thread(target=quiet.wait, args=(needed, lambda: True, 300, lambda: True))
    waiting.start()
    needed.set()
    waiting.join(5)
    assert not waiting.is_alive()


def test_a_machine_that_is_never_quiet_does_not_stop_it_for_ever(hurried):
    quiet.wait(threading.Event(), lambda: True, longest=0.05, is_scarce=room)


@pytest.mark.parametrize(
    ("available", "own", "is_scarce"),
    [
        (20 * GB, Memory(2 * GB, GB // 8, 0), False),
        # What two processors may begin at once, and one more lab, would not all fit.
        (3 * GB, Memory(2 * GB, GB // 8, 0), True),
        (4 * GB, Memory(2 * GB, GB // 8, 0), False),
        (4 * GB, Memory(4 * GB, GB // 8, 0), True),
        (3 * GB, Memory(None, None, 0), True),
        # The machine has enough, and this lab, with a Spark or two, has not.
        (20 * GB, Memory(2 * GB, 3 * GB // 2, 0), True),
        (20 * GB, Memory(None, 3 * GB, 0), False),
    ],
)
def test_memory_is_scarce_when_one_more_spark_could_take_what_somebody_needs(available, own, is_scarce):
    assert quiet.scarce(available, own, processors=2) is is_scarce


def test_more_processors_may_begin_more_at_once():
    own = Memory(2 * GB, GB // 8, 0)
    assert quiet.scarce(6 * GB, own, processors=8) and not quiet.scarce(6 * GB, own, processors=4)


def test_a_machine_that_does_not_say_has_room(monkeypatch):
    monkeypatch.setattr(quiet.memory, "available", lambda: None)
    assert quiet.scarce(None, Memory(None, None, 0)) is False


def test_without_room_it_waits_longer_than_for_a_processor_and_then_for_a_quiet_one(hurried):
    looks = iter([True] * 20 + [False] * 2)
    quiet.wait(threading.Event(), lambda: False, longest=0.001, is_scarce=lambda: next(looks))
    assert len(list(looks)) <= 1


def test_who_needs_it_does_not_wait_for_room(monkeypatch):
    monkeypatch.setattr(quiet, "AGAIN_SECONDS", (60, 60))
    needed = threading.Event()
    needed.set()
    began = time.monotonic()
    quiet.wait(needed, lambda: False, is_scarce=lambda: True)
    assert time.monotonic() - began < 1
