"""What the container that runs a notebook reports: the first error, and a notebook that stays readable."""

import nbformat

from exercises.runner.execute import MOST_ERROR, MOST_OUTPUT, first_error, shorten
from tests.exercises.authoring import cells


def book(*made):
    return nbformat.from_dict(cells.notebook(*made))


def failed(cell, name, value):
    cell["outputs"] = [{"output_type": "error", "ename": name, "evalue": value, "traceback": []}]
    return cell


def test_the_first_error_is_told_with_its_cell():
    wrong = failed(cells.answer("y", "b"), "ValueError", "no")
    found = first_error(book(cells.answer("x", "a"), wrong, failed(cells.code("z"), "E", "")))
    assert found == {"status": "failed", "cell": "b", "error": "ValueError: no"}
    assert first_error(book(cells.text("t"), failed(cells.code("z"), "NotImplementedError", ""))) == {
        "status": "failed",
        "cell": "2",
        "error": "NotImplementedError",
    }
    assert len(first_error(book(failed(cells.code("z"), "E", "x" * 1000)))["error"]) == MOST_ERROR
    assert first_error(book(cells.code("fine"))) == {}


def test_what_was_printed_is_shortened():
    cell = cells.code("x")
    stream = {"output_type": "stream", "name": "stdout", "text": "x" * MOST_OUTPUT}
    shown = {"output_type": "display_data", "data": {"text/plain": "x" * 2 * MOST_OUTPUT}, "metadata": {}}
    cell["outputs"] = [stream, {**stream}, shown]
    made = book(cell)
    shorten(made)
    assert [len(one.get("text", "")) for one in made.cells[0].outputs] == [MOST_OUTPUT, 0, 0]
    assert made.cells[0].outputs[2]["data"] == {"text/plain": "…"}
