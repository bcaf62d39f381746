"""The engine goes away while a job is done, or a container does: that is nobody's grade, and is done again.

There is no second engine to kill: a door before the socket of the real one is shut, which is what a runner sees of one that dies.
"""

import os
import socket
import threading
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import docker
import pytest

from exercises.runner.limits import Limits, SandboxError
from exercises.runner.sandbox import LABEL, Sandbox
from exercises.runner.work import Work
from exercises.service import clock, queue
from exercises.service.models import DONE, QUEUED
from tests.exercises.runner import queue_of
from tests.exercises.runner.test_worker import grades, jobs
from tests.helpers.waiting import wait_until

pytestmark = [pytest.mark.docker, pytest.mark.timeout(120)]

OWNER = "dataflow-test-engine"
LIMITS = Limits(seconds=20, memory=256 * 1024 * 1024)
WAY = 64 * 1024


class Door:
    """A socket before the engine's. While it is shut, what went through it is cut, and whoever comes is sent away at once."""

    def __init__(self, path: Path, engine: str) -> None:
        self._engine, self.shut = engine, False
        self._through: list[socket.socket] = []
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(path))
        self._listening.listen(50)
        self._thread = threading.Thread(target=self._let_in, daemon=True)
        self._thread.start()

    def cut(self) -> None:
        self.shut = True
        for one in self._through:
            _end(one)
        self._through = []

    def close(self) -> None:
        self.cut()
        _end(self._listening)
        self._thread.join(5)

    def _let_in(self) -> None:
        while True:
            try:
                here, _ = self._listening.accept()
            except OSError:
                return
            if self.shut:
                _end(here)
                continue
            there = socket.socket(socket.AF_UNIX)
            there.connect(self._engine)
            self._through += [here, there]
            for pair in ((here, there), (there, here)):
                threading.Thread(target=_carry, args=pair, daemon=True).start()


def _end(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()


def _carry(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while piece := one.recv(WAY):
            other.sendall(piece)
        other.shutdown(socket.SHUT_WR)


class Running(queue_of.Counting):
    """Grades as `Counting` does, after a container has run for a while."""

    def __init__(self, sandbox: Sandbox, seconds: float) -> None:
        self.sandbox, self.seconds = sandbox, seconds

    def grade(self, exercise, submitted):
        assert self.sandbox.run(["sleep", str(self.seconds)], {}, LIMITS).ok
        return super().grade(exercise, submitted)


@pytest.fixture
def sandbox(lab_image):
    made = Sandbox(lab_image, owner=OWNER)
    made.sweep()
    yield made
    made.sweep()


@pytest.fixture
def containers():
    client = docker.from_env()
    yield lambda: client.containers.list(filters={"label": f"{LABEL}={OWNER}"})
    client.close()


def test_an_engine_that_goes_away_costs_nobody_a_grade(sandbox, containers, tmp_path, monkeypatch):
    engine = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock").removeprefix("unix://")
    expected = queue_of.fill(tmp_path, 1)
    database, store = queue_of.open_(tmp_path)
    door = Door(tmp_path / "engine.sock", engine)
    work = Work(database, store, Running(sandbox, 4), clock.now)
    with monkeypatch.context() as patch:
        patch.setenv("DOCKER_HOST", f"unix://{tmp_path / 'engine.sock'}")
        claim = queue.take(database, "runner", clock.now)
        doing = threading.Thread(target=work.do, args=(claim,))
        doing.start()
        wait_until(lambda: bool(containers()), what="a container runs", seconds=20)
        time.sleep(0.5)
        door.cut()
        doing.join(30)
        assert not doing.is_alive()
        (job,) = jobs(database)
        assert (job.state, job.tries) == (QUEUED, 1) and "engine does not answer" in job.error and grades(database) == []
        # While it is away, the next try says the same; what was left running is still there.
        again = queue.take(database, "runner", lambda: clock.now() + timedelta(minutes=1))
        assert work.do(again) and jobs(database)[0].state == QUEUED and len(containers()) == 1
        door.shut = False
        assert sandbox.sweep() == 1
        last = queue.take(database, "runner", lambda: clock.now() + timedelta(minutes=5))
        assert work.do(last)
        door.close()
    assert grades(database) == list(expected.items()) and jobs(database)[0].state == DONE and containers() == []


def test_a_container_that_somebody_ends_is_our_fault_and_not_the_students(sandbox, containers):
    box = sandbox.open(LIMITS)
    try:
        box.start(["sleep", "10"])
        containers()[0].kill()
        with pytest.raises(SandboxError, match="ended from outside"):
            box.finish()
    finally:
        box.close()
