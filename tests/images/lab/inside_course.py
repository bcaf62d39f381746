"""Students, the lab and newer courses, with real git: each test is one case of who changed what.

Runs inside the lab image, because git and nbgitpuller are there.
"""

import json
from pathlib import Path

import pytest

from lab_kernel import course


class Class:
    """One image that delivers a course and one student's home."""

    def __init__(self, top: Path) -> None:
        self.image = top / "image"
        self.home = top / "home"
        self.image.mkdir()
        self.home.mkdir()
        self.deliver(lesson=["# Bronze", "rows = 1"], guide=["read me"])

    def deliver(self, **files: list[str] | None) -> None:
        """The next version of the course: lines by file, None removes one."""
        for name, lines in files.items():
            path = self.image / f"{name}.ipynb"
            if lines is None:
                path.unlink()
            else:
                path.write_text(notebook(lines))

    def start_lab(self) -> None:
        course.sync(self.image, self.home)

    def student(self, name: str) -> Path:
        return self.home / "course" / f"{name}.ipynb"


def notebook(lines: list[str]) -> str:
    plain = {"cell_type": "code", "metadata": {}, "outputs": []}
    cells = [{**plain, "source": line, "id": f"c{number}"} for number, line in enumerate(lines)]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)


def lines(path: Path) -> list[str]:
    return [cell["source"] for cell in json.loads(path.read_text())["cells"]]


@pytest.fixture
def lab(tmp_path: Path) -> Class:
    return Class(tmp_path)


def test_first_start_copies_the_course(lab: Class) -> None:
    lab.start_lab()
    assert lines(lab.student("lesson")) == ["# Bronze", "rows = 1"]


def test_a_second_start_changes_nothing(lab: Class) -> None:
    lab.start_lab()
    lab.student("lesson").write_text(notebook(["mine"]))
    lab.start_lab()
    assert lines(lab.student("lesson")) == ["mine"]


def test_a_newer_course_arrives_where_the_student_changed_nothing(lab: Class) -> None:
    lab.start_lab()
    lab.deliver(lesson=["# Bronze", "rows = 2"], silver=["# Silver"])
    lab.start_lab()
    assert lines(lab.student("lesson")) == ["# Bronze", "rows = 2"]
    assert lines(lab.student("silver")) == ["# Silver"]


def test_the_students_change_wins_over_a_newer_course(lab: Class) -> None:
    lab.start_lab()
    lab.student("lesson").write_text(notebook(["# Bronze", "rows = 99"]))
    lab.deliver(lesson=["# Bronze", "rows = 2"])
    lab.start_lab()
    assert lines(lab.student("lesson"))[1] == "rows = 99"


def test_a_file_of_the_students_own_is_kept_beside_a_new_lesson_of_its_name(lab: Class) -> None:
    lab.start_lab()
    lab.student("silver").write_text(notebook(["my own silver"]))
    lab.deliver(silver=["# Silver"])
    lab.start_lab()
    kept = [lines(path) for path in (lab.home / "course").glob("silver*.ipynb")]
    assert ["my own silver"] in kept
    assert ["# Silver"] in kept


def test_a_deleted_lesson_comes_back_fresh(lab: Class) -> None:
    lab.start_lab()
    lab.student("lesson").unlink()
    lab.start_lab()
    assert lines(lab.student("lesson")) == ["# Bronze", "rows = 1"]


def test_a_lesson_that_the_course_drops_stays_if_the_student_worked_in_it(lab: Class) -> None:
    lab.start_lab()
    lab.student("guide").write_text(notebook(["my notes"]))
    lab.deliver(guide=None)
    lab.start_lab()
    assert lines(lab.student("guide")) == ["my notes"]


def test_a_course_folder_that_is_no_copy_is_kept_aside(lab: Class) -> None:
    (lab.home / "course").mkdir()
    (lab.home / "course" / "diary.txt").write_text("mine")
    lab.start_lab()
    assert [path.read_text() for path in lab.home.glob("course_backup_*/diary.txt")] == ["mine"]
    assert lines(lab.student("lesson")) == ["# Bronze", "rows = 1"]


def test_every_notebook_can_be_read_after_a_merge_that_crosses(lab: Class) -> None:
    """Lines of JSON merged one by one can break it: the student's version is then put back whole."""
    lab.start_lab()
    mine = json.loads(lab.student("lesson").read_text())
    mine["cells"].append({"cell_type": "code", "source": "extra", "id": "x", "metadata": {}, "outputs": []})
    lab.student("lesson").write_text(json.dumps(mine, indent=1))
    lab.deliver(lesson=["rows = 2"])
    lab.start_lab()
    assert "extra" in lines(lab.student("lesson"))


def test_an_older_course_does_not_take_work_away(lab: Class) -> None:
    lab.start_lab()
    lab.deliver(lesson=["# Bronze", "rows = 2"])
    lab.start_lab()
    lab.student("lesson").write_text(notebook(["mine"]))
    lab.deliver(lesson=["# Bronze", "rows = 1"])
    lab.start_lab()
    assert lines(lab.student("lesson")) == ["mine"]
