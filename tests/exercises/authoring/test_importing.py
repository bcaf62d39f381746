"""`exercises import`: an nbgrader assignment, test by test, and what cannot become a check."""

import ast
import json

import pytest

from exercises import definition, folder, importing
from exercises.checks import collect
from exercises.errors import ExerciseError
from exercises.form import asserts, markers
from exercises.laws import Exam
from tests.exercises.authoring import cells
from tests.exercises.authoring.samples import PlayedGrader

SQUARES = '''def squares(n):
    """The squares of 1 to n."""
    ### BEGIN SOLUTION
    return [i * i for i in range(1, n + 1)]
    ### END SOLUTION'''
HIDDEN_TOTAL = """import math
assert total > 0, "The total is not above 0."
### BEGIN HIDDEN TESTS
assert math.isclose(total, 385.0)
### END HIDDEN TESTS"""
HIDDEN_CALL = "### BEGIN HIDDEN TESTS\nassert squares(3) == [1, 4, 9]\n### END HIDDEN TESTS"


def assignment(folder_, *more):
    made = cells.notebook(
        cells.text("# Problem set: *squares*"),
        cells.given("limit = 10", "limit"),
        cells.answer(SQUARES, "squares"),
        cells.test("assert squares(2) == [1, 4]\nassert squares(0) == []", "test-squares"),
        cells.answer("### BEGIN SOLUTION\ntotal = sum(squares(limit))\n### END SOLUTION", "total"),
        cells.test(HIDDEN_TOTAL, "test-total"),
        *more,
    )
    # As nbgrader wrote it for years: an older format, an older schema, points on the test.
    made["nbformat_minor"] = 2
    for cell in made["cells"]:
        del cell["id"]
        if told := cell["metadata"].get("nbgrader"):
            told["schema_version"] = 2
    folder_.mkdir(parents=True, exist_ok=True)
    (folder_ / "problem1.ipynb").write_text(json.dumps(made))
    return folder_


def test_an_assignment_becomes_an_exercise(tmp_path):
    source = assignment(tmp_path / "source" / "ps1")
    (source / "prices.csv").write_text("a,b\n")
    told = importing.take(source, None, tmp_path)
    assert told[0] == "ps1: 2 answers, 2 checks worth 2 of 2 points, from ps1/problem1.ipynb"
    assert any("prices.csv becomes data/prices.csv" in one for one in told) and any("Write a data.py" in one for one in told)
    assert told[-1] == "Next: python -m exercises check ps1"
    files = folder.read(tmp_path / "ps1")
    found = definition.read("ps1", files)
    assert (found.title, found.points) == ("Problem set: *squares*", 2.0)
    exam = Exam("ps1", files, PlayedGrader())
    laws = exam.run(only=("none",))
    assert all(law.held for law in laws), laws
    assert [one.name for one in exam.checks] == ["the tests of test-squares", "the tests of test-total"]
    assert [one.visible for one in exam.checks] == [True, False]
    assert exam.wrong[0].caught_by == ("the tests of test-squares", "the tests of test-total")
    handed = exam.student["notebook.ipynb"].decode()
    assert "385" not in handed and "HIDDEN" not in handed and "squares(2)" in handed


class Kept:
    """A result whose notebook kept these values."""

    def __init__(self, **values):
        self.values = values

    def table(self, layer, name):
        assert (layer, name) == ("gold", "answers")
        return self

    def rows(self):
        return [{"expression": key, "value": value} for key, value in self.values.items()]


def ran(tmp_path, **more):
    """Run the notebook's cells as Python, and return what its last cell keeps."""
    source = folder.read(tmp_path / "ps1")["notebook.ipynb"]
    space = {**more, "spark": None}
    for cell in json.loads(source)["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]).partition("rows = spark")[0], space)
    return Kept(**dict(space["kept"]))


def test_the_checks_tell_right_from_wrong(tmp_path):
    importing.take(assignment(tmp_path / "source" / "ps1"), "ps1", tmp_path)
    squares, total = collect(tmp_path / "ps1" / "checks.py")
    right = ran(tmp_path)
    squares.run(right)
    total.run(right)
    for check, values, words in [
        (squares, {"squares(2)": "[1, 4]", "squares(0)": "[0]"}, None),
        (squares, {"squares(2)": None}, "has no value at the end"),
        (squares, {"squares(2)": "<function f at 0x1>"}, "is no number, text or collection"),
        (total, {"total": "-1"}, "The total is not above 0."),
        (total, {"total": "384"}, None),
        (total, {"total": "(" * 5000}, "is no number"),
    ]:
        with pytest.raises(AssertionError, match=words):
            check.run(Kept(**values))


def test_what_cannot_be_carried_over_is_said_with_cell_and_line(tmp_path):
    source = assignment(
        tmp_path / "source" / "ps1",
        cells.test("import pandas\nassert squares(1)", "test-pandas"),
        cells.test(HIDDEN_CALL, "test-hidden-call"),
        cells.test("for i in range(3):\n    assert squares(i)", "test-loop"),
        cells.text("Explain.", "explain", solution=True, grade=True, points=5),
    )
    told = "\n".join(importing.take(source, None, tmp_path))
    assert "2 checks worth 2 of 5 points" in told
    assert "'test-pandas' (7), worth 1, line 1: it imports pandas, which is not of Python's own library" in told
    assert "'test-hidden-call' (8), worth 1, line 2: a hidden test calls squares(…)" in told
    assert "'test-loop' (9), worth 1, line 1: only assert and imports" in told
    assert "'explain' (10), worth 5, is graded by a person" in told
    files = folder.read(tmp_path / "ps1")
    assert "# TODO test-hidden-call, worth 1" in files["checks.py"].decode()
    (broken,) = [law for law in Exam("ps1", files, PlayedGrader()).run() if not law.held]
    assert (broken.law, broken.detail) == ("points", "exercise.toml says 5 points, the checks add up to 2.")
    assert "squares(3)" not in Exam("ps1", files, PlayedGrader()).files["notebook.ipynb"].decode()


def test_several_notebooks_are_several_exercises(tmp_path):
    source = assignment(tmp_path / "source" / "Week 3")
    (source / "problem 2.ipynb").write_text((source / "problem1.ipynb").read_text())
    told = importing.take(source, None, tmp_path)
    assert [line for line in told if line.startswith("Next")] == [
        "Next: python -m exercises check week-3-problem-2",
        "Next: python -m exercises check week-3-problem1",
    ]
    assert (tmp_path / "week-3-problem1" / "notebook.ipynb").is_file()


def test_a_wrong_call_is_explained(tmp_path):
    source = assignment(tmp_path / "course" / "source" / "ps1")
    (tmp_path / "ps1").mkdir()
    for given, name, words in [
        (tmp_path / "nothing", None, "There is no folder"),
        (tmp_path / "course", None, "such as .*source/ps1"),
        (source, None, "ps1 is there already. Give another name"),
        (source, "!", "is no name for an exercise"),
    ]:
        with pytest.raises(ExerciseError, match=words):
            importing.take(given, name, tmp_path)
    (source / "problem1.ipynb").write_text("{")
    with pytest.raises(ExerciseError, match="problem1.ipynb is no notebook that nbgrader would take"):
        importing.take(source, "other", tmp_path)
    assert not (tmp_path / "other").exists()


VARIABLES, FUNCTIONS = {"x", "table"}, {"f"}


@pytest.mark.parametrize(
    ("source", "expressions"),
    [
        ("assert x == 1", ["x"]),
        ("assert sorted(x) == [1] and x", ["x"]),
        ("assert f(1) == f(2) + x", ["f(1)", "f(2)", "x"]),
        ("assert table.count() == 3", ["table.count()"]),
        ("assert f(x)[0] == 1", ["f(x)"]),
        ("assert all(i > 0 for i in x)", ["x"]),
        ("import math\nassert math.floor(x) == 1", ["x"]),
        ("assert isinstance(x, int), f'{x} is no number'", ["x"]),
    ],
)
def test_what_a_test_needs_is_kept(source, expressions):
    made = asserts.carried(source, [], VARIABLES, FUNCTIONS)
    assert made.expressions == expressions
    ast.parse("\n".join(made.body))


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("assert y == 1", "it uses y, which no other cell"),
        ("assert f(y) == 1", "it uses y"),
        ("assert all(f(i) for i in x)", "depends on a loop"),
        ("assert 1 == 1", "look at nothing"),
        ("x", "only assert"),
        ("", "no assert"),
        ("assert", "no Python"),
        ("import numpy as np\nassert np.all(x)", "imports numpy"),
        ("### BEGIN HIDDEN TESTS\nassert table.where('x > 3').count() == 1\n### END HIDDEN TESTS", "hidden test calls table.where"),
    ],
)
def test_what_cannot_be_a_check_is_refused(source, words):
    with pytest.raises(asserts.NotCarried, match=words):
        asserts.carried(source, markers.regions(source), VARIABLES, FUNCTIONS)
