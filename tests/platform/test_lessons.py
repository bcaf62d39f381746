"""The course's lessons, unchanged, in a lab that the hub started while the groups run: on the class's storage and its Kafka.

Invariant: a lesson is run by nbval as it was delivered, so its kept outputs are those of a lab by itself. In short the first of
bronze and the stream from Kafka; with DATAFLOW_TEST_FULL=1 all lessons of bronze, silver, gold and streaming.
"""

import os
import subprocess

import pytest

from lab_kernel import lessons
from tests.helpers.versions import ROOT

pytestmark = [pytest.mark.docker, pytest.mark.timeout(900)]

SECONDS = 600
PARTS = ("start", "bronze", "silver", "gold", "streaming")
SHORT = ("01_bronze_ingestion", "05_streaming")
FULL = os.environ.get("DATAFLOW_TEST_FULL") == "1"

LESSONS = [one.name for one in lessons.read([ROOT / "notebooks"]) if one.part in PARTS and (FULL or one.name in SHORT)]


@pytest.fixture(scope="module")
def lab(stack, enrol):
    """The container of a student's lab."""
    person = enrol("carla")
    person.start()
    yield f"{stack.project}-lab-{person.name}"
    person.stop()


def in_lab(container: str, script: str, seconds: float = SECONDS) -> subprocess.CompletedProcess:
    """Run a shell script as the student, with what the lab's environment says."""
    command = ["docker", "exec", "--env", "DATAFLOW_PROGRESS=off", container, "sh", "-c", script]
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=seconds)


def test_short_runs_name_lessons_that_there_are():
    assert len(LESSONS) >= len(SHORT)


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_gives_the_same_on_the_platform(lab, name):
    place = f"mkdir -p /tmp/try && cp /opt/course/{name}.ipynb /tmp/try/ && cd /tmp/try"
    nbval = "/opt/lab/bin/python -m pytest --nbval-lax --exitfirst -q --color=no -p no:cacheprovider --nbval-cell-timeout=300"
    done = in_lab(lab, f"{place} && {nbval} --rootdir=. {name}.ipynb")
    assert done.returncode == 0, done.stdout[-6000:]
    root = in_lab(lab, 'echo "$LAKEHOUSE_ROOT"').stdout.strip()
    assert root.startswith("s3a://")
    # Nothing was written beside it: the lab's own lakehouse is empty.
    assert in_lab(lab, "find ~/lakehouse -name '*.parquet' 2>/dev/null | head -1").stdout.strip() == ""
