"""Starts every notebook run that this test run needs, two at a time, the longest first.

Invariant: a run starts once, however many tests ask for it, and only if a selected test does. Where DATAFLOW_TEST_UNTIL names a
time (seconds since 1970), no run starts that would probably not end by then; its test is skipped, and says so. CI's machine is
taken away after its time, with whatever it has found: what a lesson shows comes first, and the same lessons on other data last.
"""

import json
import os
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.notebooks import chosen, lessons, runner, totals
from tests.notebooks.runner import Job, Result

# The lab gives each student two processors; two lessons at a time keep a small machine busy while
# one of them waits for a stream or a broker.
AT_ONCE = 2
TIMES = runner.BUILD / "times.json"
UNTIL = float(os.environ.get("DATAFLOW_TEST_UNTIL") or 0)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--lessons", default="", metavar="FILTER", help="lessons of this part, or with this in their name")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[totals.SESSION] = totals.Session({})


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`jobs` of a test module are the values of its `job` parameter."""
    if "job" in metafunc.fixturenames and hasattr(metafunc.module, "JOBS"):
        metafunc.parametrize("job", metafunc.module.JOBS, ids=str)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    text = config.getoption("--lessons", default="")
    if not text:
        return
    try:
        wanted = {lesson.name for lesson in chosen.chosen(lessons.lessons(), text)}
    except chosen.NothingChosen as error:
        raise pytest.UsageError(str(error)) from None
    jobs = {item: job for item in items if (job := _job(item)) is not None}
    others = [item for item, job in jobs.items() if job.lesson.name not in wanted]
    config.hook.pytest_deselected(items=others)
    items[:] = [item for item in items if item not in others]


def _job(item: pytest.Item) -> Job | None:
    called = getattr(item, "callspec", None)
    return called.params.get("job") if called is not None else None


def known_times() -> dict[str, float]:
    """Return how long each job took last time; nothing if nobody knows."""
    try:
        return json.loads(TIMES.read_text())
    except (OSError, ValueError):
        return {}


def remember_times(new: dict[str, float]) -> None:
    """Add to what is known, whole or not at all: another session may be reading."""
    TIMES.parent.mkdir(parents=True, exist_ok=True)
    written = TIMES.with_suffix(f".{os.getpid()}")
    written.write_text(json.dumps({**known_times(), **new}, indent=1, sort_keys=True))
    written.replace(TIMES)


def expected_seconds(job: Job, times: dict[str, float]) -> float:
    """Return how long a job took last time, else a guess from the minutes that a student needs."""
    return times.get(str(job), job.lesson.minutes() * 3.0)


def execute(job: Job) -> Result:
    """Run a job; one of a foreign course brings its own way to run."""
    return job.execute() if hasattr(job, "execute") else runner.execute(job)


def can_wait(job: Job) -> bool:
    """Whether a job is to come after others, where there may not be time for all."""
    return bool(UNTIL) and bool(getattr(job, "variant", ""))


def in_time(job: Job, seconds: float, until: float = UNTIL) -> Result | None:
    """Run a job; None if that would probably not end in time."""
    return None if until and time.time() + seconds > until else execute(job)


@pytest.fixture(scope="session")
def runs(request: pytest.FixtureRequest, lab_image: str) -> Iterator[dict[str, Future[Result | None]]]:
    """The runs that these tests ask for, by job."""
    times = known_times()
    jobs = {str(job): job for item in request.session.items if (job := _job(item)) is not None}
    order = sorted(jobs.values(), key=lambda job: (can_wait(job), -expected_seconds(job, times)))
    session = request.config.stash[totals.SESSION]
    session.began = time.monotonic()

    def ended(_: Future[Result]) -> None:
        session.ended = time.monotonic()

    pool = ThreadPoolExecutor(AT_ONCE)
    try:
        started = {str(job): pool.submit(in_time, job, expected_seconds(job, times)) for job in order}
        for run in started.values():
            run.add_done_callback(ended)
        yield started
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        remember_times({name: done.run.wall_seconds for name, done in session.results.items()})


@pytest.fixture
def result(job: Job, runs: dict[str, Future[Result | None]], request: pytest.FixtureRequest) -> Result:
    """What became of the test's job; waits for it."""
    waiting = len(runs) * (runner.LESSON_SECONDS + 60)
    done = runs[str(job)].result(timeout=waiting)
    if done is None:
        pytest.skip("NOT RUN: the time of this test run was over (DATAFLOW_TEST_UNTIL)")
    request.config.stash[totals.SESSION].results[str(job)] = done
    return done


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    session = config.stash[totals.SESSION]
    if not session.results:
        return
    terminalreporter.section("notebook runs in the lab image")
    for line in totals.lines(session):
        terminalreporter.write_line(line)
