"""The tests of a foreign course; `python -m tests.notebooks.course` runs them, and nothing else collects them."""

import pytest

from tests.notebooks.course import rules

pytestmark = [pytest.mark.docker, pytest.mark.timeout(3600)]


def test_file(lesson, strict):
    found = rules.problems(lesson, strict)
    assert not found, "\n".join(f"{lesson.path.name} {problem}" for problem in found)


def test_run(job, result):
    result.raise_for_problems()
