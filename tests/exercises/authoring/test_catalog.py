"""Every law of every exercise of the catalog, and of what `exercises new` and `import` write, through the runner's own containers.

Usually the solution is tried with one grader's seed, in turns with the wrong answers: about three minutes for all. With
DATAFLOW_TEST_FULL=1 it is tried with three seeds, each in a container of its own as students' work is: about five minutes.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from exercises import folder, importing, laws, scaffold
from exercises.runner.grading import Grader
from exercises.runner.sandbox import Sandbox
from tests.exercises.authoring.test_importing import assignment

# The longest first.
LONGEST = "exactly-once-stream"
CATALOG = sorted((path.parent.name for path in folder.CATALOG.glob("*/exercise.toml")), key=lambda name: name != LONGEST)
NEW, IMPORTED = "new-exercise", "ps1"
LEAST_WRONG = 5
AT_A_TIME = 2
FULL = bool(os.environ.get("DATAFLOW_TEST_FULL"))

pytestmark = [pytest.mark.docker, pytest.mark.timeout(2400 if FULL else 900)]


@pytest.fixture(scope="module")
def tried(lab_image, tmp_path_factory):
    """The laws of each exercise; two exercises at a time, because the machine that CI has has two processors."""
    sandbox = Sandbox(lab_image, owner=f"catalog-{os.getpid()}")

    def run(path: Path) -> list[laws.Law]:
        exam = laws.Exam(path.name, folder.read(path), Grader(sandbox), count=3 if FULL else 1, quick=not FULL, cpus=2.0)
        return exam.run()

    here = tmp_path_factory.mktemp("authors")
    importing.take(assignment(here / "source" / IMPORTED), IMPORTED, here)
    paths = [*(folder.CATALOG / name for name in CATALOG), scaffold.new(NEW, here), here / IMPORTED]
    try:
        with ThreadPoolExecutor(AT_A_TIME) as pool:
            yield dict(zip([path.name for path in paths], pool.map(run, paths), strict=True))
    finally:
        sandbox.sweep()


@pytest.mark.parametrize("name", [*CATALOG, NEW, IMPORTED])
def test_every_law_holds(tried, name):
    told = laws.table(name, tried[name])
    print(told)
    assert all(law.held for law in tried[name]), told
    assert [law.law for law in tried[name]].count(laws.SOLUTION) == (3 if FULL else 1)
    assert laws.UNTOUCHED in [law.law for law in tried[name]]


@pytest.mark.parametrize("name", CATALOG)
def test_it_has_wrong_answers_that_people_really_give(tried, name):
    assert [law.law for law in tried[name]].count(laws.WRONG) >= LEAST_WRONG
