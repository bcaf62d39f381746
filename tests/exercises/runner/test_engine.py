"""The engine goes away while a job is done, or a container does: that is nobody's grade, and is done again.

There is no second engine to kill: a door before the socket of the real one is shut, which is what a runner sees of one that dies.
"""

import math
import os
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import docker
import pytest

from exercises.runner import archive
from exercises.runner.limits import EngineAway, Limits, SandboxError
from exercises.runner.sandbox import KILLED, LABEL, Sandbox
from exercises.runner.work import Work
from exercises.service import clock, queue
from exercises.service.models import DONE, QUEUED
from tests.exercises.runner import queue_of
from tests.exercises.runner.test_worker import grades, jobs, later
from tests.helpers.waiting import wait_until

pytestmark = [pytest.mark.docker, pytest.mark.timeout(120)]

OWNER = "dataflow-test-engine"
LIMITS = Limits(seconds=20, memory=256 * 1024 * 1024)
WAY = 64 * 1024
READ = 40 * 1024 * 1024
# The result, larger than all else that the engine says.
WRITE = ["sh", "-c", f"head -c {READ} /dev/zero > /out/result"]


class Door:
    """A socket before the engine's. While it is shut, what went through it is cut, and whoever comes is sent away at once.

    It shuts by itself after so many bytes from the engine.
    """

    def __init__(self, path: Path, engine: str, most: float = math.inf) -> None:
        self._engine, self.shut, self._left = engine, False, most
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
            for pair in ((here, there, None), (there, here, self._count)):
                threading.Thread(target=_carry, args=pair, daemon=True).start()

    def _count(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            self.cut()


def _end(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()


def _carry(one: socket.socket, other: socket.socket, count: Callable[[int], None] | None) -> None:
    with suppress(OSError):
        while piece := one.recv(WAY):
            if count is not None:
                count(len(piece))
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


@pytest.fixture
def door(tmp_path, monkeypatch):
    """`door(most)` puts one before the engine."""
    made = []

    def put(most: float = math.inf) -> Door:
        engine = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock").removeprefix("unix://")
        made.append(Door(tmp_path / "engine.sock", engine, most))
        monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path / 'engine.sock'}")
        return made[-1]

    yield put
    monkeypatch.undo()
    for one in made:
        one.close()


def test_an_engine_that_goes_away_while_a_result_is_read_is_not_what_the_student_left(sandbox, door):
    """Half an archive is no archive that somebody has damaged."""
    door(READ // 4)
    with pytest.raises(EngineAway):
        sandbox.run(WRITE, {}, LIMITS)
    with pytest.raises(EngineAway):
        sandbox.run(["true"], {}, LIMITS)


def test_a_way_to_the_engine_that_breaks_under_a_command_is_said_in_our_words(sandbox, monkeypatch):
    """Whoever keeps containers warm lives through that, and through nothing else."""
    box = sandbox.open(LIMITS)
    try:
        box.start(["sh", "-c", "echo there; sleep 10"])
        wait_until(lambda: box.said("there"), what="the command runs", seconds=20)
        # With something on it that nobody reads any more, a socket is reset and not only ended.
        ours, theirs = socket.socketpair()
        ours.send(b"unread")
        theirs.close()
        with ours, monkeypatch.context() as patch, pytest.raises(SandboxError, match="broke off"):
            patch.setattr(box, "_socket", ours)
            box.printed()
    finally:
        box.close()


@pytest.fixture
def cut_short(monkeypatch):
    """`cut_short(end)` has the container end by `end()` while its result is read; the engine gives only its beginning."""
    read = archive.read_tar

    def put(end: Callable[[], None]) -> None:
        def half(stream, *more, **named):
            pieces = list(stream)[:4]
            end()
            return read(iter(pieces), *more, **named)

        monkeypatch.setattr(archive, "read_tar", half)

    return put


def test_a_container_that_somebody_ends_while_its_result_is_read_is_our_fault(sandbox, containers, cut_short):
    def end() -> None:
        containers()[0].unpause()
        containers()[0].kill()

    cut_short(end)
    with pytest.raises(SandboxError, match="ended from outside"):
        sandbox.run(WRITE, {}, LIMITS)


def test_a_container_that_ends_itself_while_its_result_is_read_is_the_run_that_ended(sandbox, containers, cut_short):
    def end() -> None:
        containers()[0].unpause()
        wait_until(lambda: not containers(), what="it has ended", seconds=20)

    cut_short(end)
    run = sandbox.run([*WRITE[:2], f"{WRITE[2]}; (sleep 1; kill -TERM 1) > /dev/null 2>&1 &"], {}, LIMITS)
    assert (run.exit_code, dict(run.files), run.refused) == (KILLED, {}, None)


def test_an_engine_that_goes_away_costs_nobody_a_grade(sandbox, containers, tmp_path, door):
    expected = queue_of.fill(tmp_path, 1)
    database, store = queue_of.open_(tmp_path)
    way = door()
    work = Work(database, store, Running(sandbox, 4), clock.now)
    claim, ended = queue.take(database, "runner", clock.now), []

    def do() -> None:
        with pytest.raises(EngineAway) as raised:
            work.do(claim)
        ended.append(raised.value)

    doing = threading.Thread(target=do)
    doing.start()
    wait_until(lambda: bool(containers()), what="a container runs", seconds=20)
    time.sleep(0.5)
    way.cut()
    doing.join(30)
    assert not doing.is_alive() and len(ended) == 1
    (job,) = jobs(database)
    assert (job.state, job.tries) == (QUEUED, 0) and "engine does not answer" in job.error and grades(database) == []
    # However long it is away, no try is counted; what was left running is still there.
    for minutes in range(1, queue.MOST_TRIES + 2):
        again = queue.take(database, "runner", later(minutes=minutes))
        with pytest.raises(EngineAway):
            work.do(again)
    assert (jobs(database)[0].state, jobs(database)[0].tries) == (QUEUED, 0) and len(containers()) == 1
    way.shut = False
    assert sandbox.sweep() == 1
    last = queue.take(database, "runner", later(hours=1))
    assert work.do(last) and last.tries == 1
    assert grades(database) == list(expected.items()) and jobs(database)[0].state == DONE and containers() == []


def test_an_engine_that_refuses_is_not_away(sandbox):
    """It answers, so the fault is this run's, and is counted."""
    with pytest.raises(SandboxError) as refused:
        sandbox.open(replace(LIMITS, memory=1))
    assert not isinstance(refused.value, EngineAway) and "does not answer" not in str(refused.value)


def test_a_container_that_somebody_ends_is_our_fault_and_not_the_students(sandbox, containers):
    box = sandbox.open(LIMITS)
    try:
        box.start(["sleep", "10"])
        containers()[0].kill()
        with pytest.raises(SandboxError, match="ended from outside"):
            box.finish()
    finally:
        box.close()
