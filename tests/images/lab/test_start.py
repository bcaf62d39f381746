"""The lab's start: the course arrives, the student's work stays, a full home is said plainly."""

import pytest

from tests.helpers import lab

pytestmark = pytest.mark.docker

# nbgitpuller leaves its pipes to the garbage collector.
NBGITPULLER_LEAKS = "ignore::pytest.PytestUnraisableExceptionWarning"


def test_course_cases_with_real_git() -> None:
    done = lab.run(
        [lab.PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", NBGITPULLER_LEAKS,
         f"{lab.REPO}/tests/images/lab/inside_course.py", "--rootdir", "/out"],
        seconds=120,
    ).raise_for_status()
    assert " passed" in done.log


FULL = """
import os, pathlib, resource, subprocess, sys
# A limit on file size is how an unprivileged process meets a full disk: every write fails.
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
os.execv("/opt/lab/bin/start-lab", ["start-lab"])
"""


def test_a_full_home_ends_with_its_own_status_and_one_line() -> None:
    done = lab.run([lab.PYTHON, "-c", FULL], seconds=60)
    assert done.status == 74, str(done)
    assert "home is full: " in done.log


def test_a_course_that_cannot_be_merged_does_not_keep_the_lab_from_starting() -> None:
    script = """
import pathlib, sys
from lab_kernel import start
home = pathlib.Path("/tmp/home"); home.mkdir()
broken = home / ".local/share/dataflow/delivered"; broken.parent.mkdir(parents=True); broken.write_text("not a folder")
start.bring_course(pathlib.Path("/opt/course"), home)
print((home / start.NOTICE_NAME).read_text())
"""
    done = lab.run([lab.PYTHON, "-c", script], seconds=60).raise_for_status()
    assert "could not be merged" in done.log
    assert "What to do" in done.log
