"""The tests of the tests: a lesson that is wrong turns the very runner red that lessons go through.

Invariant: each notebook of crimes/ keeps the rules that a file can keep, is wrong in the one way of
its name, and is found guilty of that by the runner that is there to see it.
"""

import pytest

from tests.notebooks import lessons, rules
from tests.notebooks.runner import NBVAL, PAPERMILL, Job


def job(crime: str, runner: str, **changes) -> Job:
    lesson = lessons.lesson(lessons.CRIMES / f"{crime}.ipynb", lessons.CRIMES)
    return Job(runner, lesson, **changes)


UNKNOWN = job("none_at_all", PAPERMILL, parameters={"sede": 8}, variant="unknown_parameter")

# What the runner must say. Not every crime is seen by both, which is why there are two.
GUILTY = {
    job("failing_assert", PAPERMILL): ("cell 3 raised", "AssertionError"),
    job("failing_assert", NBVAL): ("cell 3 raised", "AssertionError"),
    job("exception_in_a_cell", PAPERMILL): ("cell 3 raised", "IndexError", "rows[7]"),
    job("wrong_kept_output", NBVAL): ("Cell outputs differ", "rows: 5"),
    job("solution_that_fails_its_check", PAPERMILL): ("does not pass", "with its solution"),
    job("wrong_answer_that_passes", PAPERMILL): ("with the mistake", "counts it three times"),
    job("check_passed_by_the_starter", NBVAL): ("although nobody answered",),
    job("warning_on_stderr", PAPERMILL): ("wrote a warning", "FutureWarning: soon gone"),
    job("warning_on_stderr", NBVAL): ("wrote a warning", "FutureWarning: soon gone"),
    job("process_left_running", PAPERMILL): ("left running", "sleep 300"),
    job("more_memory_than_a_lab_has", PAPERMILL): ("more memory than a lab has",),
    job("cell_without_end", PAPERMILL, cell_seconds=5): ("cell 3", "while True"),
    UNKNOWN: ("unknown parameters: ['sede']", "['seed']"),
}

INNOCENT = [job("none_at_all", PAPERMILL), job("none_at_all", NBVAL)]

JOBS = [*GUILTY, *INNOCENT]


@pytest.mark.docker
@pytest.mark.timeout(5400)
def test_the_guilty_are_found_and_the_innocent_let_go(job, result):
    if job in INNOCENT:
        result.raise_for_problems()
        return
    with pytest.raises(AssertionError) as guilty:
        result.raise_for_problems()
    missing = [text for text in GUILTY[job] if text not in str(guilty.value)]
    assert not missing, f"guilty, but not of {missing}:\n{guilty.value}"


def test_every_crime_is_tried():
    tried = {job.lesson.name for job in JOBS}
    assert tried == {path.stem for path in lessons.CRIMES.glob("*.ipynb")}


@pytest.mark.parametrize("path", sorted(lessons.CRIMES.glob("*.ipynb")), ids=lambda p: p.stem)
def test_no_rule_would_have_caught_it(path):
    """Else the runner might never have been needed, and would not be tested."""
    found = [p.describe(path.stem) for p in rules.problems(lessons.lesson(path, lessons.CRIMES))]
    assert not found, "\n".join(found)
