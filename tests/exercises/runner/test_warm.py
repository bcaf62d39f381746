"""Containers that are prepared ahead: a submission in them gets what it would get in fresh ones, and nothing of them is left."""

import time
from contextlib import closing

import docker
import pytest

from exercises.runner.grading import EXECUTE, JUDGE, JUDGING, Grader
from exercises.runner.limits import Limits
from exercises.runner.pool import Pool
from exercises.runner.sandbox import LABEL, Sandbox
from tests.exercises.hostile import exam

pytestmark = [pytest.mark.docker, pytest.mark.timeout(300)]

OWNER = "dataflow-test-warm"


def left() -> list[str]:
    with closing(docker.from_env()) as client:
        return [one.name for one in client.containers.list(all=True, filters={"label": f"{LABEL}={OWNER}"})]


@pytest.fixture
def sandbox(lab_image):
    made = Sandbox(lab_image, owner=OWNER)
    made.sweep()
    yield made
    made.sweep()


def test_a_warm_container_grades_as_a_fresh_one_and_is_used_once(sandbox):
    pool = Pool(sandbox, Limits(memory=exam.exercise().memory), 1, EXECUTE)
    judges = Pool(sandbox, JUDGE, 1, JUDGING)
    grader = Grader(sandbox, pool, judges)
    try:
        for answer, points in ((exam.HONEST, 10), ("# your answer", 0)):
            assert pool.wait(150) and judges.wait(60)
            verdict = grader.grade(exam.exercise(), exam.answered(answer))
            assert (verdict.points, verdict.of) == (points, 10), verdict
    finally:
        pool.close()
        judges.close()
    deadline = time.monotonic() + 30
    while left():
        assert time.monotonic() < deadline, left()
        time.sleep(0.2)


def test_an_exercise_with_other_limits_gets_a_fresh_container(sandbox):
    pool = Pool(sandbox, Limits(memory=exam.exercise().memory), 1, EXECUTE)
    try:
        assert pool.take(Limits(memory=exam.exercise().memory * 2)) is None
    finally:
        pool.close()
    assert left() == []


def test_what_an_earlier_runner_left_is_swept(sandbox):
    box = sandbox.open(Limits())
    assert len(left()) == 1
    assert sandbox.sweep() == 1 and left() == []
    box.close()
