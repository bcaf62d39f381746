"""The files of grades: one row for each student, the points that count, and no formula."""

import csv
import io

import pytest

from exercises.service.desk import board, grades


@pytest.fixture
def columns(lesson):
    lesson.submitted("ana", 1, 7.5)
    lesson.submitted("ana", 2, 3.0)
    with lesson.database.read() as session:
        rows = board.rows(session, lesson.exercise, ["ana", "bruno", "=cmd"])
    return [grades.Column("shops", "Shops", 10.0, rows), grades.Column("later", "+Later", 4.0, [])]


def read(form, columns):
    return list(csv.reader(io.StringIO(grades.text(form, columns))))


def test_a_table_has_the_points_that_count(columns):
    head, cmd, ana, bruno = read(grades.TABLE, columns)
    assert head[:5] == ["user", "shops points", "shops of", "shops submissions", "shops received"]
    assert ana[:5] == ["ana", "7.5", "10", "2", "2026-03-02T12:01:00+00:00"] and ana[-2:] == ["7.5", "14"]
    assert bruno[:5] == ["bruno", "", "10", "0", ""]
    assert cmd[0] == "'=cmd"


def test_moodle_finds_students_by_name_and_a_column_for_each_exercise(columns):
    assert read(grades.MOODLE, columns) == [
        ["username", "Shops (shops)", "'+Later (later)"],
        ["'=cmd", "", ""],
        ["ana", "7.5", ""],
        ["bruno", "", ""],
    ]


def test_canvas_gets_its_five_columns_and_the_points_that_are_possible(columns):
    head, possible, _, ana, _ = read(grades.CANVAS, columns)
    assert head == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Shops (shops)", "'+Later (later)"]
    assert possible == ["    Points Possible", "", "", "", "", "10", "4"]
    assert ana == ["ana", "", "", "ana", "", "7.5", ""]
