"""Makes tests of a course's notebooks, and a report of what became of them.

Invariant: the course and the place of its report are options of this run of pytest, so nothing else can be meant.
"""

from pathlib import Path

import pytest

from tests.notebooks import totals
from tests.notebooks.course import folder, job, report, rules


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("course")
    group.addoption("--course", type=Path, help="the folder of the course")
    group.addoption("--course-report", type=Path, help="where the report goes")
    group.addoption("--course-filter", default="", help="only notebooks with this in their name")
    group.addoption("--course-strict", action="store_true", help="ask all that a lesson of this project must keep")


def _course(config: pytest.Config) -> folder.Folder | None:
    source = config.getoption("--course", default=None)
    return folder.read(source, config.getoption("--course-filter")) if source else None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    config = metafunc.config
    course = _course(config)
    if course is None or metafunc.module.__name__ != "tests.notebooks.course.foreign":
        return
    if "lesson" in metafunc.fixturenames:
        metafunc.parametrize("lesson", course.lessons, ids=lambda lesson: lesson.name)
    if "job" in metafunc.fixturenames:
        build, strict = config.getoption("--course-report") / "runs", config.getoption("--course-strict")
        readable = [lesson for lesson in course.lessons if not rules.problems(lesson)]
        found = [made for lesson in readable for made in job.jobs(course, lesson, build, strict)]
        metafunc.parametrize("job", found, ids=str)


@pytest.fixture
def strict(request: pytest.FixtureRequest) -> bool:
    return request.config.getoption("--course-strict")


def pytest_sessionfinish(session: pytest.Session) -> None:
    course = _course(session.config)
    if course is not None and not session.config.option.collectonly:
        strict = session.config.getoption("--course-strict")
        broken = {lesson.name: found for lesson in course.lessons if (found := rules.problems(lesson, strict))}
        results = list(session.config.stash[totals.SESSION].results.values())
        report.write(session.config.getoption("--course-report"), course, broken, results)
