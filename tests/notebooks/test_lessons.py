"""Every lesson runs in the lab image: solved by papermill, untouched by nbval."""

import pytest

from tests.notebooks import lessons
from tests.notebooks.runner import RUNNERS, Job

# The timeout covers the wait for the other lessons of this session.
pytestmark = [pytest.mark.docker, pytest.mark.timeout(2400)]

JOBS = [Job(name, lesson) for lesson in lessons.lessons() for name in RUNNERS]


def test_lesson(job, result):
    result.raise_for_problems()
