"""Every lesson keeps every rule."""

import pytest

from tests.notebooks import lessons, rules

LESSONS = lessons.lessons()

# Their names are fixed: other courses and pages point to them.
FIRST = [
    "00_medallion_architecture",
    "01_bronze_ingestion",
    "02_silver_processing",
    "03_gold_aggregations",
    "04_mlflow",
    "05_streaming",
]


def test_the_first_lessons_keep_their_names():
    assert [lesson.name for lesson in LESSONS[: len(FIRST)]] == FIRST


def test_no_number_is_missing_or_there_twice():
    assert [lesson.number for lesson in LESSONS] == [f"{n:02}" for n in range(len(LESSONS))]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_lesson_keeps_the_rules(lesson):
    found = [problem.describe(lesson.name) for problem in rules.problems(lesson)]
    assert not found, "\n".join(["`python -m tests.notebooks.rules --fix`", *found])


def test_every_solutions_file_has_its_lesson():
    names = {lesson.name for lesson in LESSONS}
    assert {path.stem for path in lessons.SOLUTIONS.glob("*.py")} <= names
