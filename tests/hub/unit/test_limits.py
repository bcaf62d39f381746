"""More for some: which words are understood, and that a group never takes anything away."""

import pytest

from lab_hub import limits, settings
from lab_hub.limits import Limits
from tests.hub.unit import environment

G = 1 << 30
BASE = Limits(memory=2 * G, cpus=2, pids=1024, home=2 * G)


@pytest.mark.parametrize(("groups", "expected"), [
    ([], BASE),
    (["course-sql-student"], Limits(2 * G, 2, 1024, 8 * G)),
    (["course-any-grader"], Limits(4 * G, 4, 1024, 2 * G)),
    (["course-any-grader", "course-sql-student", "admins"], Limits(4 * G, 4, 1024, 8 * G)),
    # Less than everybody has is no limit.
    (["course-any-instructor"], Limits(2 * G, 2, 2048, 0)),
    (["course-any-instructor", "course-sql-student"], Limits(2 * G, 2, 2048, 0)),
])
def test_the_largest_counts(groups, expected):
    more = limits.parse_more("grader:memory=4G,cpus=4 course-sql-student:home=8G instructor:memory=1G,pids=2048,home=0")
    assert limits.of(BASE, more, groups) == expected


@pytest.mark.parametrize("text", [
    "grader", "grader:", "grader:memory", "grader:memory=", "grader:memory=0", "grader:memory=lots", "grader:disk=1G",
    "graders:memory=4G", "course-sql-guest:memory=4G", "grader:pids=8", "grader:cpus=0", "grader:cpus=nan",
    "grader:memory=4G grader:cpus=4",
])
def test_what_cannot_be_read_is_refused(tmp_path, text):
    given = {**environment.complete(tmp_path), "LAB_LIMITS_MORE": f"instructor:memory=3G {text}"}
    with pytest.raises(settings.SettingsError, match="LAB_LIMITS_MORE=.* is not a role or a group"):
        settings.read(given)


def test_a_home_without_a_limit(tmp_path):
    given = {**environment.complete(tmp_path), "HOME_QUOTA": "0"}
    assert settings.read(given).lab_limits.home == 0
    assert settings.read(given).lab_limits_more == {}
