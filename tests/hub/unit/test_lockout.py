"""Guessing is slow, for real names and others alike."""

from lab_hub import lockout
from lab_hub.lockout import Lockout


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


def test_locks_after_the_limit_and_opens_again():
    clock = Clock()
    lock = Lockout(3, 60, clock)
    for _ in range(3):
        assert lock.remaining("ana") == 0
        lock.attempt("ana")
    assert lock.remaining("ana") == 60
    clock.now += 59
    assert lock.remaining("ana") == 1
    clock.now += 1
    assert lock.remaining("ana") == 0
    lock.attempt("ana")
    assert lock.remaining("ana") == 0, "the count begins again"


def test_one_name_does_not_lock_another():
    lock = Lockout(1, 60, Clock())
    lock.attempt("ana")
    assert lock.remaining("ana") and not lock.remaining("bia")


def test_a_right_password_forgets():
    lock = Lockout(2, 60, Clock())
    lock.attempt("ana")
    lock.forget("ana")
    lock.attempt("ana")
    assert not lock.remaining("ana")


def test_a_new_one_time_password_opens_the_lock():
    clock = Clock()
    lock = Lockout(1, 60, clock)
    lock.attempt("ana")
    assert lock.remaining("ana") and not lock.remaining("ana", since=clock.now + 1)


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(lockout, "MOST_NAMES", 10)
    lock = Lockout(1, 60, Clock())
    for number in range(50):
        lock.attempt(f"nobody{number}")
    assert not lock.remaining("nobody0") and lock.remaining("nobody49")
    assert len(lock._records) == 10
