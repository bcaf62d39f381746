"""Starts every notebook run that this session needs, two at a time, the longest first.

Invariant: a run starts once, however many tests ask for it, and only if a selected test does.
"""

import json
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.notebooks import runner
from tests.notebooks.runner import Job, Result

# The lab gives each student two processors; two lessons at a time keep a small machine busy while
# one of them waits for a stream or a broker.
AT_ONCE = 2
TIMES = runner.BUILD / "times.json"

HEADER = ("lesson", "runner", "wall s", "cpu s", "peak MB", "verdict")
ROW = "{:<28} {:<10} {:>7} {:>7} {:>8}  {}"

_finished: dict[str, Result] = {}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`jobs` of a test module are the values of its `job` parameter."""
    if "job" in metafunc.fixturenames:
        metafunc.parametrize("job", metafunc.module.JOBS, ids=str)


def expected_seconds(job: Job, times: dict[str, float]) -> float:
    """Return how long a job took last time, else a guess from the minutes that a student needs."""
    return times.get(str(job), job.lesson.minutes() * 3.0)


@pytest.fixture(scope="session")
def runs(request: pytest.FixtureRequest, lab_image: str) -> Iterator[dict[str, Future[Result]]]:
    """The runs of this session, by job."""
    times = json.loads(TIMES.read_text()) if TIMES.is_file() else {}
    params = [getattr(item, "callspec", None) for item in request.session.items]
    jobs = {str(p.params["job"]): p.params["job"] for p in params if p and "job" in p.params}
    order = sorted(jobs.values(), key=lambda job: -expected_seconds(job, times))
    pool = ThreadPoolExecutor(AT_ONCE)
    try:
        yield {str(job): pool.submit(runner.execute, job) for job in order}
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        times.update({name: done.run.wall_seconds for name, done in _finished.items()})
        TIMES.parent.mkdir(parents=True, exist_ok=True)
        TIMES.write_text(json.dumps(times, indent=1, sort_keys=True))


@pytest.fixture
def result(job: Job, runs: dict[str, Future[Result]]) -> Result:
    """What became of the test's job; waits for it."""
    waiting = len(runs) * (runner.LESSON_SECONDS + 60)
    _finished[str(job)] = runs[str(job)].result(timeout=waiting)
    return _finished[str(job)]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not _finished:
        return
    terminalreporter.section("notebook runs in the lab image")
    terminalreporter.write_line(ROW.format(*HEADER))
    for done in sorted(_finished.values(), key=lambda done: -done.run.wall_seconds):
        run = done.run
        numbers = (
            f"{run.wall_seconds:.1f}",
            f"{run.cpu_seconds:.1f}",
            f"{run.peak_bytes / 1e6:.0f}",
        )
        state = f"{len(done.problems)} problems" if done.problems else "green"
        terminalreporter.write_line(
            ROW.format(done.job.lesson.name, done.job.runner, *numbers, state)
        )
