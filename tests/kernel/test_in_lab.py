"""The kernel in a container as limited as a student's lab: real kernels, real Spark, no network."""

import pytest

from tests.helpers import lab
from tests.helpers.versions import Versions

SMALL_LAB = "900m"
FOLDER = f"{lab.REPO}/tests/kernel/spark"
# From /repo, so that the cases find their helpers; the kernel under test is the image's own.
SCRIPT = """
cd {repo} && PYTHONPATH=$PYTHONPATH:{repo} exec {python} -P -m pytest -q --color=no -p no:cacheprovider \
  --rootdir={folder} --confcutdir={folder} --timeout=300 -W default --durations=8 {cases}
"""


def run(*cases: str, seconds: float, settings: Versions | None = None) -> lab.LabRun:
    """Runs case files of ./spark in one container; fails with their output."""
    paths = " ".join(f"{FOLDER}/{case}_cases.py" for case in cases)
    script = SCRIPT.format(repo=lab.REPO, python=lab.PYTHON, folder=FOLDER, cases=paths)
    done = lab.run(["sh", "-c", script], seconds=seconds, settings=settings)
    done.raise_for_status()
    assert " passed" in done.log and " skipped" not in done.log, done.log
    return done


@pytest.mark.docker
@pytest.mark.timeout(1000)
def test_session_lakehouse_plan_errors():
    done = run("session", "lakehouse", "plan", "errors", seconds=900)
    assert done.killed_for_memory == 0, str(done)


@pytest.mark.docker
@pytest.mark.timeout(1000)
def test_progress_live_plot_starts_server_kafka():
    done = run("progress", "live_plot", "starts", "server", "kafka", seconds=900)
    assert done.killed_for_memory == 0, str(done)


@pytest.mark.docker
def test_memory_used_up(settings):
    """In a smaller lab, so that it is used up soon."""
    done = run("memory", seconds=400, settings=Versions({**settings, "LAB_MEMORY": SMALL_LAB}))
    assert done.killed_for_memory >= 2, str(done)


@pytest.mark.docker
def test_threads():
    """In a container of its own: one case takes every thread that the lab may have."""
    run("threads", seconds=400)
