"""What nobody names leaves the store; what a row names, has named lately or is about to name never does."""

import os
import subprocess
import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from exercises.service import sweeping
from exercises.service.models import Grade, Submission
from exercises.service.store import LOCK, Store, StoreError
from exercises.service.sweeping import Swept
from tests.exercises.runner import queue_of
from tests.exercises.service.classroom import wait_for

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
LONG = sweeping.KEPT + DAY


@pytest.fixture
def kept(tmp_path):
    return Kept(tmp_path)


class Kept:
    """A class's database and store with one submission; its contents are as old as a test says."""

    def __init__(self, folder) -> None:
        queue_of.fill(folder, 1)
        self.database, self.store = queue_of.open_(folder)
        with self.database.read() as session:
            self.submission, self.archive, self.version = session.execute(
                select(Submission.id, Submission.archive, Submission.version_id)
            ).one()
        self.age(NOW - 2 * DAY)

    def age(self, when: datetime) -> None:
        for sha in self.store.names():
            os.utime(self.store.root / sha[:2] / sha, (when.timestamp(), when.timestamp()))

    def put(self, text: str, when: datetime = NOW - 2 * DAY) -> str:
        sha = self.store.put(text.encode())
        os.utime(self.store.root / sha[:2] / sha, (when.timestamp(), when.timestamp()))
        return sha

    def grade(self, run: int, left: str | None, executed: str | None = None) -> None:
        told = {"outcome": "ok", "points": 1.0, "of": 1.0, "verdict": {}, "graded_at": NOW, "seconds": 1.0}
        with self.database.write() as session:
            made = Grade(submission_id=self.submission, version_id=self.version, run=run, left=left, executed=executed, **told)
            session.add(made)

    def grades(self) -> list[tuple[str | None, str | None]]:
        with self.database.read() as session:
            return [tuple(row) for row in session.execute(select(Grade.left, Grade.executed).order_by(Grade.run))]

    def sweep(self, when: datetime = NOW) -> Swept:
        return sweeping.sweep(self.database, self.store, when)


def test_what_superseded_runs_left_goes_and_all_else_that_a_row_names_stays(kept):
    first, seen = kept.put("first"), kept.put("seen")
    kept.grade(1, first, seen)
    assert kept.sweep() == Swept(0, 0, 0, 0)
    second = kept.put("second")
    kept.grade(2, second, None)
    before = set(kept.store.names())
    assert kept.sweep() == Swept(1, 2, 0, 0)
    assert kept.grades() == [(None, None), (second, None)]
    assert (set(kept.store.aside()), before - set(kept.store.names())) == ({first, seen}, {first, seen})
    assert kept.sweep(NOW + sweeping.KEPT) == Swept(0, 0, 0, 0)
    assert kept.sweep(NOW + LONG) == Swept(0, 0, 2, len("first") + len("seen"))
    for gone in (first, seen):
        with pytest.raises(StoreError):
            kept.store.get(gone)
    assert (kept.store.get(second), len(kept.store.get(kept.archive)) > 0) == (b"second", True)


def test_what_a_newer_run_names_too_stays(kept):
    same = kept.put("the same")
    for run in (1, 2):
        kept.grade(run, same, same)
    assert kept.sweep() == Swept(1, 0, 0, 0) and kept.grades() == [(None, None), (same, same)]
    assert kept.sweep(NOW + LONG) == Swept(0, 0, 0, 0) and kept.store.get(same) == b"the same"


def test_what_was_just_stored_waits_for_its_row(kept):
    young, old = kept.put("young", NOW - DAY / 2), kept.put("old")
    assert kept.sweep() == Swept(0, 1, 0, 0) and set(kept.store.aside()) == {old}
    # Stored once more, by whoever is about to name it.
    assert kept.store.put(b"old") == old
    kept.grade(1, young, old)
    assert kept.sweep(NOW + LONG) == Swept(0, 0, 0, 0)
    assert (kept.store.get(young), kept.store.get(old)) == (b"young", b"old")


def test_who_asks_for_it_again_gets_it_and_so_does_an_older_database(kept):
    first, second = kept.put("first"), kept.put("second")
    kept.grade(1, first)
    kept.grade(2, second)
    kept.sweep()
    assert kept.store.get(first) == b"first" and set(kept.store.aside()) == set()
    kept.age(NOW - 2 * DAY)
    assert kept.sweep() == Swept(0, 1, 0, 0)
    # The copy of a day on which there was no second run is put in place.
    with kept.database.write() as session:
        session.delete(session.scalars(select(Grade).where(Grade.run == 2)).one())
        session.execute(update(Grade).values(left=first))
    assert kept.sweep(NOW + LONG) == Swept(0, 1, 0, 0)
    assert set(kept.store.aside()) == {second} and kept.store.get(first) == b"first"


def test_a_sweep_that_dies_at_any_step_loses_nothing(kept, monkeypatch):
    named, other = kept.put("named"), kept.put("other")
    kept.grade(1, named)

    def dies(*_) -> None:
        raise KeyboardInterrupt

    for step in ("utime", "replace"):
        with monkeypatch.context() as patched:
            patched.setattr(f"exercises.service.store.os.{step}", dies)
            with pytest.raises(KeyboardInterrupt):
                kept.sweep()
        assert other in kept.store.names() and kept.store.aside() == {}
    # Its time was set, but it was not set aside: it is young once more.
    assert kept.sweep() == Swept(0, 0, 0, 0)
    assert kept.sweep(NOW + 2 * DAY) == Swept(0, 1, 0, 0)
    assert kept.sweep(NOW + 2 * DAY + LONG) == Swept(0, 0, 1, len("other"))
    assert kept.store.get(named) == b"named"


def test_what_was_never_put_whole_is_cleared_away(kept):
    incoming = kept.store.root / "incoming"
    for name, when in (("tmpold", NOW - 2 * DAY), ("tmpnew", NOW)):
        (incoming / name).write_bytes(b"half")
        os.utime(incoming / name, (when.timestamp(), when.timestamp()))
    kept.sweep()
    assert sorted(path.name for path in incoming.iterdir()) == [LOCK, "tmpnew"]


def test_nothing_is_swept_while_a_backup_reads(kept):
    kept.put("old")
    lock = kept.store.root / "incoming" / LOCK
    with subprocess.Popen(["flock", "--shared", str(lock), "sh", "-c", "echo there; cat"], stdin=-1, stdout=-1) as backup:
        assert backup.stdout.readline() == b"there\n"
        assert kept.sweep() is None and kept.store.aside() == {}
        backup.communicate(timeout=10)
    assert kept.sweep() == Swept(0, 1, 0, 0)


def test_the_runner_sweeps_by_itself_and_tries_again_what_failed(kept, monkeypatch, caplog):
    old, real, tries = kept.put("old"), sweeping.sweep, []

    def fails_first(*given):
        tries.append(given)
        if len(tries) == 1:
            raise OSError("the disk is away")
        return real(*given)

    monkeypatch.setattr(sweeping, "sweep", fails_first)
    monkeypatch.setattr(sweeping, "FIRST_SECONDS", 0.01)
    monkeypatch.setattr(sweeping, "EVERY_SECONDS", 0.01)
    sweeper = sweeping.Sweeper(kept.database, kept.store, lambda: NOW)
    with caplog.at_level("INFO", "exercises.runner"):
        sweeper.start()
        wait_for(lambda: old in kept.store.aside() and "1 content(s) set aside" in caplog.text, 20)
        sweeper.stop(20)
    assert "the disk is away" in caplog.text and len(tries) > 1


def test_sweeps_in_the_midst_of_work_lose_no_row_its_content(kept, monkeypatch):
    # As if everything were old at once: whatever a row is about to name is set aside under its hands.
    monkeypatch.setattr(sweeping, "YOUNG", -DAY)
    ended, sweeper, failed = threading.Event(), Store(kept.store.root), []

    def sweeps() -> None:
        try:
            while not ended.is_set():
                sweeping.sweep(kept.database, sweeper, datetime.now(UTC))
        except BaseException as error:
            failed.append(error)
            raise

    thread = threading.Thread(target=sweeps)
    thread.start()
    try:
        for run in range(1, 40):
            # Every third time something that was there before.
            left = kept.store.put(f"left {run // 3}".encode())
            kept.grade(run, left)
            assert kept.store.get(left) == f"left {run // 3}".encode()
    finally:
        ended.set()
        thread.join(30)
    assert not failed and not thread.is_alive()
    sweeping.sweep(kept.database, kept.store, datetime.now(UTC))
    assert [row for row in kept.grades() if row[0]] == [(left, None)] and left in kept.store.names()
