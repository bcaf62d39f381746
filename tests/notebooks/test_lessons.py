"""Every lesson runs in the lab image: untouched by nbval, and solved by papermill on other data.

With DATAFLOW_TEST_FULL=1 it is solved on its own data too.
"""

import os

import pytest

from tests.notebooks import lessons
from tests.notebooks.runner import NBVAL, PAPERMILL, Job

# The timeout covers the wait for the other lessons.
pytestmark = [pytest.mark.docker, pytest.mark.timeout(5400)]

OTHER_DATA = "other-data"
FULL = os.environ.get("DATAFLOW_TEST_FULL") == "1"


def jobs(lesson: lessons.Lesson) -> list[Job]:
    """Return the runs that prove a lesson."""
    other = Job(PAPERMILL, lesson, lesson.answers().other_data, OTHER_DATA)
    return [Job(NBVAL, lesson), other, *([Job(PAPERMILL, lesson)] if FULL else [])]


JOBS = [job for lesson in lessons.lessons() for job in jobs(lesson)]


def test_lesson(job, result):
    result.raise_for_problems()
