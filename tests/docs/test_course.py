"""The course's pages are what the lessons say, and every topic is somewhere."""

from urllib.parse import unquote

import pytest

from lab_kernel.lessons import PARTS, Lesson, read
from tests.docs import course
from tests.docs.pages import Page
from tests.helpers.versions import ROOT

LESSONS = read([course.LESSONS])

ONE = Lesson("01_one", "One | two", "bronze", 30, ("a <b>", "c"), ("SQL",), ("medallion", "merge"))
TWO = Lesson("02_two", "Two", "silver", 45, ("d",), ("SQL", "01 One"), ("merge",))


@pytest.mark.parametrize("path", [course.LANDING, course.TOPICS_PAGE], ids=lambda path: path.name)
def test_page_is_what_the_lessons_say(path):
    text = course.pages(LESSONS)[path]
    assert path.read_text(encoding="utf-8") == text, course.STALE.format(path=path.relative_to(ROOT))


def test_every_topic_has_a_lesson_or_a_reason():
    found = course.problems(LESSONS)
    assert not found, "\n".join(found)


def test_every_lesson_is_read_and_has_a_part_of_the_course():
    assert [lesson.name for lesson in LESSONS] != []
    assert {lesson.name for lesson in LESSONS} == {path.stem for path in course.LESSONS.glob("*.ipynb")}
    assert {lesson.name: lesson.part for lesson in LESSONS if lesson.part not in PARTS} == {}


def test_links_of_the_landing_page_lead_to_lessons():
    links = Page(course.LANDING, course.landing(LESSONS)).links()
    assert len(links) > len(LESSONS)
    assert [link for link in links if not (course.LESSONS / unquote(link)).is_file()] == []


def test_a_lesson_is_a_row_below_its_part():
    text = course.landing([ONE, TWO])
    bronze, silver = text.index("## Bronze"), text.index("## Silver")
    row = "| [01 One \\| two](01_one.ipynb) | a &lt;b><br>c | 30 | SQL |"
    assert bronze < text.index(row) < silver < text.index("| [02 Two](02_two.ipynb) | d | 45 | SQL<br>01 One |")
    assert "2 lessons, about 1 hours" in text


def test_a_topic_names_its_lessons_and_the_rest_is_red():
    text = course.topics([ONE, TWO])
    row = next(line for line in text.splitlines() if line.startswith(f"| {course.TOPICS['merge']} |"))
    assert row.endswith("| [01 One \\| two](../notebooks/01_one.ipynb)<br>[02 Two](../notebooks/02_two.ipynb) |")
    assert course.NOT_YET in text
    found = course.problems([ONE, TWO])
    assert len(found) == len(course.TOPICS) - 2 and any("no lesson teaches scd2" in problem for problem in found)


def test_a_topic_that_nobody_knows_is_named():
    odd = Lesson("03_odd", "Odd", "gold", 20, topics=("astrology",))
    assert "03_odd has the topic astrology" in "\n".join(course.problems([odd]))


def test_the_command_writes_both_pages_and_says_what_is_missing(monkeypatch, tmp_path, capsys):
    landing, topics = tmp_path / "README.md", tmp_path / "course.md"
    monkeypatch.setattr(course, "LANDING", landing)
    monkeypatch.setattr(course, "TOPICS_PAGE", topics)
    monkeypatch.setattr(course, "ROOT", tmp_path)
    monkeypatch.setattr(course, "TOPICS", {"merge": "MERGE"})
    monkeypatch.setattr(course, "read", lambda folders: [TWO])
    assert course.main([]) == 1
    assert "README.md is not what the lessons say" in capsys.readouterr().err
    assert course.main(["--write"]) == 0 and course.main([]) == 0
    assert "02 Two" in landing.read_text() and "02_two.ipynb" in topics.read_text()
