"""Every cell has one role, and what means nothing is refused with its place."""

import pytest

from exercises.errors import FormError
from exercises.form.roles import Role, roles
from tests.exercises.authoring import cells

SOLUTION = "x = 1\n### BEGIN SOLUTION\ny = 2\n### END SOLUTION"


def test_each_cell_has_its_role():
    made = cells.notebook(
        cells.text("words"),
        cells.given("import os"),
        cells.answer(SOLUTION),
        cells.test("assert y"),
        cells.text("explain", "why", grade=True, solution=True, points=2),
        cells.text("do it", "task", task=True),
        cells.code("secret", metadata={"tags": ["instructor"]}),
        cells.code("scratch", "scratch"),
    )
    expected = [Role.FREE, Role.GIVEN, Role.ANSWER, Role.TEST, Role.MANUAL, Role.TASK, Role.INSTRUCTOR, Role.FREE]
    assert [one.role for one in roles(made)] == expected


REFUSED = {
    "unclosed": (cells.answer("a\n### BEGIN SOLUTION\nb"), 2, "has no ### END SOLUTION"),
    "nested": (cells.answer("### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION"), 2, "SOLUTION that began in line 1"),
    "end without begin": (cells.answer("a\nb\n### END SOLUTION"), 3, "without a ### BEGIN"),
    "crossed": (cells.answer("### BEGIN SOLUTION\n### END HIDDEN TESTS"), 2, "inside the region of SOLUTION"),
    "kinds nested": (cells.answer("### BEGIN SOLUTION\n### BEGIN HIDDEN TESTS"), 2, "end that one first"),
    "solution in a free cell": (cells.code("a\n### BEGIN SOLUTION\n### END SOLUTION"), 2, "no answer"),
    "hidden tests in an answer": (cells.answer("### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS"), 1, "no test"),
    "no grade_id": (cells.code("a", None, solution=True), None, "no grade_id"),
    "bad grade_id": (cells.answer("a", "../x"), None, "characters"),
    "not bool": (cells.code("a", "x", solution="yes"), None, "must be true or false"),
    "no schema": (cells.code("a", "x", solution=True, schema_version=None), None, 'add "schema_version": 3.'),
    "old schema": (cells.code("a", "x", solution=True, schema_version=1), None, "schema_version 1"),
    "new schema": (cells.code("a", "x", solution=True, schema_version=4), None, "schema_version 4"),
    "no points": (cells.code("a", "x", grade=True, locked=True), None, "needs points"),
    "locked answer": (cells.code("a", "x", solution=True, locked=True), None, "cannot be locked"),
    "task that is code": (cells.code("a", "x", task=True), None, "must be a markdown"),
    "task that is a solution": (cells.text("a", "x", task=True, solution=True), None, "task cell cannot"),
    "markdown test": (cells.text("a", "x", grade=True, points=1), None, "cannot hold tests"),
    "markdown answer": (cells.text("a", "x", solution=True), None, "graded by hand"),
    "type changed": ({**cells.text("a", "x", locked=True, cell_type="code")}, None, "says code"),
    "odd type": ({**cells.text("a"), "cell_type": "widget"}, None, "not known"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_means_nothing_is_refused_with_its_place(case):
    cell, line, words = REFUSED[case]
    with pytest.raises(FormError) as raised:
        roles(cells.notebook(cells.text("first"), cell), exercise="silver")
    said = str(raised.value)
    assert said.startswith("silver, cell ") and words in said
    assert "2" in raised.value.cell and raised.value.line == line


def test_a_grade_id_is_used_once():
    with pytest.raises(FormError, match="silver, cell 3: grade_id 'a' is used"):
        roles(cells.notebook(cells.answer("x", "a"), cells.text("b"), cells.answer("y", "a")), exercise="silver")


def test_a_cell_id_is_used_once():
    one, other = cells.text("a"), cells.text("b")
    with pytest.raises(FormError, match="cell id"):
        roles(cells.notebook(one, {**other, "id": one["id"]}))


@pytest.mark.parametrize("thing", [[], {}, {"cells": 1}, {"cells": [1]}])
def test_what_is_no_notebook_is_refused(thing):
    with pytest.raises(FormError, match="no notebook"):
        roles(thing, exercise="x")
