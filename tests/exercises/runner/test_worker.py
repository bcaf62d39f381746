"""Runners that are killed, that are slow, that are two: no grade is lost, none is written twice."""

import gzip
import json
import random
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from exercises.runner import worker
from exercises.runner.limits import EngineAway, SandboxError
from exercises.runner.work import Work
from exercises.service import clock, queue
from exercises.service.models import DONE, FAILED, QUEUED, RUNNING, Grade, Job
from tests.exercises.runner import queue_of
from tests.helpers.versions import ROOT
from tests.helpers.waiting import wait_until

SUBMISSIONS = 60
SECONDS = 60


def grades(database) -> list[tuple[str, float]]:
    with database.read() as session:
        return [(one.submission_id, one.points) for one in session.scalars(select(Grade))]


def jobs(database) -> list[Job]:
    with database.read() as session:
        return list(session.scalars(select(Job)))


@pytest.mark.service  # a dozen seconds
def test_a_runner_killed_at_any_moment_loses_and_doubles_no_grade(tmp_path):
    expected = queue_of.fill(tmp_path, SUBMISSIONS)
    database, _ = queue_of.open_(tmp_path)
    chance, kills, deadline = random.Random(7), 0, time.monotonic() + SECONDS
    command = [sys.executable, "-m", "tests.exercises.runner.queue_of", str(tmp_path)]
    while any(job.state != DONE for job in jobs(database)):
        assert time.monotonic() < deadline, "the queue does not end"
        runner = subprocess.Popen(command, cwd=ROOT)
        before = len(grades(database))
        # Until it has begun to work, then for a moment more.
        while len(grades(database)) == before and runner.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(chance.uniform(0.0, 0.15))
        runner.kill()
        runner.wait()
        kills += 1
    assert sorted(grades(database)) == sorted(expected.items())
    assert kills >= 3, "it was never interrupted, so nothing was shown"


def test_two_runners_share_the_queue_and_never_a_job(tmp_path):
    expected = queue_of.fill(tmp_path, 40)
    both = [queue_of.workers(tmp_path) for _ in range(2)]
    for number, one in enumerate(both):
        # Two names: none takes the other for its own earlier life.
        one._name = f"runner-{number}"
        one.start()
    database, _ = queue_of.open_(tmp_path)
    deadline = time.monotonic() + SECONDS
    while any(job.state != DONE for job in jobs(database)) and time.monotonic() < deadline:
        time.sleep(0.05)
    for one in both:
        one.stop(5)
    assert sorted(grades(database)) == sorted(expected.items())
    assert {job.worker for job in jobs(database)} == {"runner-0", "runner-1"}
    assert {job.tries for job in jobs(database)} == {1}


@pytest.fixture
def one_job(tmp_path):
    queue_of.fill(tmp_path, 1)
    return queue_of.open_(tmp_path)


def test_the_executed_notebook_is_kept_beside_its_grade(one_job):
    database, store = one_job
    assert Work(database, store, queue_of.Counting(), clock.now).do(queue.take(database, "one", clock.now))
    with database.read() as session:
        (grade,) = session.scalars(select(Grade))
    assert json.loads(gzip.decompress(store.get(grade.executed))) == queue_of.notebook(0)


def later(**length):
    return lambda: clock.now() + timedelta(**length)


def test_who_lost_a_job_while_working_writes_nothing(one_job):
    database, store = one_job
    slow = queue.take(database, "slow", clock.now)
    assert queue.take(database, "other", clock.now) is None
    # The lease has ended: somebody else has it, and is the only one whose result counts.
    fast = queue.take(database, "other", later(minutes=2))
    assert (fast.job, fast.tries) == (slow.job, 2)
    work = Work(database, store, queue_of.Counting(), clock.now)
    assert queue.renew(database, slow, clock.now) is False
    assert work.do(slow) is False and grades(database) == []
    assert work.do(fast) is True and len(grades(database)) == 1


def test_a_held_job_stays_held_as_long_as_it_is_renewed(one_job):
    database, _ = one_job
    held = queue.take(database, "one", clock.now)
    assert queue.renew(database, held, later(minutes=10)) is True
    assert queue.take(database, "other", later(minutes=10)) is None
    assert queue.take(database, "other", later(minutes=12)) is not None


def test_a_job_whose_runners_die_does_so_a_few_times_and_no_more(one_job):
    """Or it would take every runner with it, for ever."""

    class Deadly:
        def grade(self, exercise, submitted):
            raise AssertionError("it was run once more")

    database, store = one_job
    for number in range(queue.MOST_TRIES):
        # Taken, and never heard of again.
        assert queue.take(database, "runner", later(days=number)).tries == number + 1
    claim = queue.take(database, "runner", later(days=queue.MOST_TRIES))
    assert Work(database, store, Deadly(), clock.now).do(claim) is True
    (job,) = jobs(database)
    assert job.state == FAILED and "runner ended" in job.error
    assert grades(database) == [] and queue.take(database, "runner", later(days=99)) is None


def test_while_the_engine_is_away_nobody_uses_up_their_tries(tmp_path, monkeypatch):
    """All that waits is still there when it comes back, and the first that is done is the first that came."""
    monkeypatch.setattr(worker, "TROUBLE_SECONDS", 0.02)
    monkeypatch.setattr(queue, "WAIT", timedelta(seconds=0.05))
    expected = queue_of.fill(tmp_path, 12)
    database, store = queue_of.open_(tmp_path)
    asked, back = [], threading.Event()

    class Away(queue_of.Counting):
        def grade(self, exercise, submitted):
            asked.append(len(submitted["cells"]))
            if not back.is_set():
                raise EngineAway("the engine does not answer")
            return super().grade(exercise, submitted)

    made = worker.Workers(database, Work(database, store, Away(), clock.now), clock.now, name="runner", count=2)
    made.start()
    # Far more often than anything may be tried.
    wait_until(lambda: len(asked) > 12 * (queue.MOST_TRIES + 1), what="they are asked for again and again", seconds=SECONDS)
    assert grades(database) == [] and {job.state for job in jobs(database)} <= {QUEUED, RUNNING}
    back.set()
    wait_until(lambda: all(job.state == DONE for job in jobs(database)), what="all is graded", seconds=SECONDS)
    made.stop(5)
    assert sorted(grades(database)) == sorted(expected.items())
    assert {job.tries for job in jobs(database)} == {1}


@pytest.mark.parametrize("trouble", [SandboxError("the engine does not answer"), KeyError("a fault of ours")])
def test_our_own_failure_is_tried_again_and_then_said_and_is_nobodys_grade(one_job, trouble):
    class Failing:
        def grade(self, exercise, submitted):
            raise trouble

    database, store = one_job
    work = Work(database, store, Failing(), clock.now)
    for number in range(queue.MOST_TRIES):
        claim = queue.take(database, "runner", later(days=number))
        assert claim is not None and work.do(claim) is True
    (job,) = jobs(database)
    assert (job.state, job.tries) == (FAILED, queue.MOST_TRIES) and str(trouble.args[0]) in job.error
    assert grades(database) == []
