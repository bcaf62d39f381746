"""course(): what a student sees of the lessons, from files that may be anything."""

import json
import re
from pathlib import Path

import pytest

from lab_kernel import lessons
from lab_kernel.checks import passes
from lab_kernel.overview import course


def write(folder: Path, name: str, part: str = "silver", tasks: tuple[str, ...] = ("one", "two"), **about) -> None:
    folder.mkdir(exist_ok=True)
    number = name.partition("_")[0]
    cells = [{"metadata": {"dataflow": {"task": f"{number}-{task}"}}} for task in tasks]
    told = {"title": f"Lesson {number}", "minutes": 30, "part": part, **about}
    book = {"cells": [{"metadata": {}}, *cells], "metadata": {"dataflow": told}}
    (folder / f"{name}.ipynb").write_text(json.dumps(book))


@pytest.fixture
def lab(tmp_path):
    """A lab with a delivered course, and the student's copy of it without its last lesson."""
    for folder in (tmp_path / "delivered", tmp_path / "course"):
        write(folder, "02_trust", title="Trust & <b>doubt</b>", minutes=40)
        write(folder, "01_receive", part="bronze", tasks=("a",))
        write(folder, "09_later", part="silver")
        write(folder, "00_begin", part="start", tasks=())
    (tmp_path / "course" / "09_later.ipynb").unlink()
    return tmp_path


def seen(lab):
    return course(lab, lab / "course", lab / "delivered")


def test_lessons_stand_in_the_courses_order(lab):
    found = seen(lab)
    assert [lesson.name for lesson in found.lessons] == ["00_begin", "01_receive", "02_trust", "09_later"]
    parts = re.findall(r'scope="rowgroup"[^>]*>([^<]*)', found._repr_html_())
    assert parts == [lessons.PARTS[part] for part in ("start", "bronze", "silver")]


def test_passes_are_counted_by_lesson_and_in_all(lab):
    for task in ("01-a", "02-two", "77-of-another-course"):
        passes.record(task, passes.path(lab))
    found = seen(lab)
    assert (found.solved, found.tasks) == (2, 5)
    lines = repr(found).splitlines()
    states = {line.split("|")[0].strip(): line.split("|")[-1].strip() for line in lines if "|" in line}
    assert states["01 Lesson 01"] == "1 of 1 ✓" and states["02 Trust & <b>doubt</b>"] == "1 of 2"
    assert states["00 Lesson 00"] == "no tasks"
    assert lines[-1] == "4 lessons; you have passed 2 of 5 tasks"


def test_a_link_is_the_way_from_the_notebook_to_the_students_copy(lab):
    shown = seen(lab)._repr_html_()
    assert re.findall(r'href="([^"]*)"', shown) == ["00_begin.ipynb", "01_receive.ipynb", "02_trust.ipynb"]
    elsewhere = course(lab, lab / "my work" / "today", lab / "delivered")
    assert elsewhere.links["02_trust"] == "../../course/02_trust.ipynb"


def test_html_is_escaped_and_named_for_a_screen_reader(lab):
    shown = seen(lab)._repr_html_()
    assert "Trust &amp; &lt;b&gt;doubt" in shown and "<b>doubt" not in shown
    assert shown.count('scope="col"') == 3 and shown.count('scope="row"') == 4
    assert "<caption" in shown and "<script" not in shown


def test_a_copy_that_the_student_broke_is_told_from_the_delivered_one(lab):
    (lab / "course" / "02_trust.ipynb").write_text("{ broken")
    assert "02_trust" in seen(lab).links and seen(lab).tasks == 5


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"metadata": {"dataflow": {"title": "x"}}}', '{"cells": 3}'])
def test_what_is_no_lesson_is_left_out(tmp_path, text):
    write(tmp_path / "course", "01_receive")
    (tmp_path / "course" / "diary.ipynb").write_text(text)
    assert [lesson.name for lesson in course(tmp_path, tmp_path, tmp_path / "none").lessons] == ["01_receive"]


def test_a_lab_without_a_course_says_so(tmp_path):
    found = course(tmp_path, tmp_path, tmp_path / "none")
    assert "There is no course here" in repr(found) and "There is no course here" in found._repr_html_()


def test_an_unknown_part_comes_last(tmp_path):
    write(tmp_path / "course", "01_guests", part="guests")
    write(tmp_path / "course", "19_orchestration", part="engineering")
    found = course(tmp_path, tmp_path, tmp_path / "none")
    assert [lesson.part for lesson in found.lessons] == ["engineering", "guests"]
