"""Submissions that want points or harm: none gains one, none disturbs its neighbour, nothing of any is left.

All run once, two at a time as in a class on two processors, through the containers that students' work goes through; between them
run honest answers, which must not notice.
"""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import docker
import pytest

from exercises.runner.grading import Grader, Verdict
from exercises.runner.sandbox import LABEL, Sandbox
from tests.exercises.hostile import exam, forged

pytestmark = [pytest.mark.docker, pytest.mark.timeout(1200)]

OWNER = "dataflow-test-hostile"
AT_ONCE = 2
HONEST_EVERY = 6
# Beside its own time: start of a container and kernel, judging.
MOST_SECONDS = exam.SECONDS + 75
CRIMES = exam.crimes()
FORGED = {make.__name__: make for make in forged.EXPECTED}


@dataclass(frozen=True)
class Graded:
    verdict: Verdict
    seconds: float


@pytest.fixture(scope="module")
def graded(lab_image):
    """Everything, graded once: by name; honest answers as honest-N."""
    sandbox = Sandbox(lab_image, owner=OWNER)
    sandbox.sweep()
    grader = Grader(sandbox)

    def grade(submitted) -> Graded:
        began = time.monotonic()
        return Graded(grader.grade(exam.exercise(), submitted), time.monotonic() - began)

    wanted = {name: exam.answered(source) for name, source in CRIMES.items()}
    wanted |= {name: make() for name, make in FORGED.items()}
    wanted["untouched"] = exam.handed_out()
    order = []
    for number, name in enumerate(wanted):
        if number % HONEST_EVERY == 0:
            order.append((f"honest-{number // HONEST_EVERY}", exam.answered(exam.HONEST)))
        order.append((name, wanted[name]))
    with ThreadPoolExecutor(AT_ONCE) as threads:
        running = [(name, threads.submit(grade, submitted)) for name, submitted in order]
        results = {name: future.result() for name, future in running}
    yield results
    sandbox.sweep()


def expected(source: str) -> set[str]:
    """The failure classes that the crime's own text names."""
    return set(re.search(r"expect: ([a-z_ ]+)", source)[1].split())


def test_the_honest_answer_earns_everything_whoever_runs_beside_it(graded):
    honest = {name: one.verdict for name, one in graded.items() if name.startswith("honest-")}
    assert len(honest) >= 5
    assert {name: (one.points, one.outcome.value) for name, one in honest.items()} == dict.fromkeys(honest, (exam.POINTS, "ok"))


def test_what_was_handed_out_earns_nothing(graded):
    assert (graded["untouched"].verdict.points, graded["untouched"].verdict.outcome.value) == (0, "check_failed")


def test_there_are_sixty_and_more():
    assert len(CRIMES) + len(FORGED) >= 60


@pytest.mark.parametrize("name", CRIMES)
def test_a_crime_gains_nothing(graded, name):
    verdict = graded[name].verdict
    assert (verdict.points, verdict.of) == (0, exam.POINTS), verdict
    assert verdict.outcome.value in expected(CRIMES[name]), verdict.message
    # Whatever its author tried to find or reach, the text of its own error says that it was not there.
    for gain in ("reached [", "found [", "gained ["):
        assert gain not in verdict.message, verdict.message
    assert graded[name].seconds < MOST_SECONDS


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_notebook_is_worth_its_answer(graded, name):
    verdict = graded[name].verdict
    assert (verdict.points, verdict.outcome.value) == forged.EXPECTED[FORGED[name]], verdict.message


def test_what_a_student_reads_has_nothing_hidden_in_it(graded):
    for one in graded.values():
        told = one.verdict.message + "".join(check["message"] for check in one.verdict.checks)
        assert str(exam.facts(exam.HIDDEN_SEED)["sum"]) not in told and "Traceback" not in told


def test_nothing_is_left_of_any(graded):
    client = docker.from_env()
    assert client.containers.list(all=True, filters={"label": f"{LABEL}={OWNER}"}) == []
    client.close()
