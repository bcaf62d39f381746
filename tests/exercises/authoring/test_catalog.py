"""Every law of every exercise of the catalog, and of what `exercises new` and `import` write, through the runner's own containers.

Usually the solution is tried with one grader's seed, in turns with as many wrong answers as it takes for each check to be caught in
the act once. With DATAFLOW_TEST_FULL=1 every wrong answer is tried, and the solution with three seeds, each in a container of its
own as students' work is; `exercises check` and a push do that for one exercise.
"""

import json
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

pytestmark = [pytest.mark.docker, pytest.mark.timeout(5400 if FULL else 1800)]


def wrong_answers(files: dict[str, bytes]) -> dict[str, set[str]]:
    """The checks that each wrong answer's file says it loses."""
    names = [name for name in files if name.startswith("wrong/")]
    return {name: set(json.loads(files[name])["metadata"]["dataflow"]["caught_by"]) for name in sorted(names)}


def few(files: dict[str, bytes]) -> dict[str, bytes]:
    """An exercise's files with only those wrong answers that it takes for each of its checks to be caught once."""
    wrong = wrong_answers(files)
    left, kept = set().union(*wrong.values()), set()
    while left:
        most = max(wrong, key=lambda name: len(wrong[name] & left))
        kept.add(most)
        left -= wrong[most]
    return {name: content for name, content in files.items() if name not in wrong or name in kept}


@pytest.fixture(scope="module")
def tried(lab_image, tmp_path_factory):
    """The laws of each exercise; two exercises at a time, because the machine that CI has has two processors."""
    sandbox = Sandbox(lab_image, owner=f"catalog-{os.getpid()}")

    def run(path: Path) -> list[laws.Law]:
        files = folder.read(path) if FULL else few(folder.read(path))
        exam = laws.Exam(path.name, files, Grader(sandbox), count=3 if FULL else 1, quick=not FULL, cpus=2.0)
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
    assert laws.UNTOUCHED in [law.law for law in tried[name]] and laws.WRONG in [law.law for law in tried[name]]
