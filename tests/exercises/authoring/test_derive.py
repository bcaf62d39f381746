"""Derivation: golden pairs, the order of the passes, and what nbgrader itself would have made."""

import copy
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from exercises.errors import FormError, LeakError
from exercises.form import PASSES, derive, leaks, notebooks, passes
from tests.exercises.authoring import cells
from tests.helpers.versions import ROOT

GOLDEN = Path(__file__).parent / "golden"
PAIRS = sorted(path.stem for path in GOLDEN.glob("*.ipynb") if not path.stem.endswith(".student"))


@pytest.mark.parametrize("name", PAIRS)
def test_golden_pair(name):
    complete = notebooks.read((GOLDEN / f"{name}.ipynb").read_bytes())
    made = notebooks.dump(derive(complete, exercise=name))
    path = GOLDEN / f"{name}.student.ipynb"
    if os.environ.get("GOLDEN_UPDATE"):
        path.write_bytes(made)
    assert made == path.read_bytes(), f"if the change is meant: GOLDEN_UPDATE=1 pytest {__file__}"


def test_there_are_golden_pairs():
    assert len(PAIRS) >= 3


def test_derivation_changes_nothing_of_what_it_was_given():
    made = cells.notebook(cells.answer("### BEGIN SOLUTION\nsecret = 4711\n### END SOLUTION"))
    before = copy.deepcopy(made)
    derive(made)
    assert made == before


def test_the_same_bytes_in_another_process_with_another_hash_seed():
    path = GOLDEN / f"{PAIRS[0]}.ipynb"
    code = (
        "import sys; from exercises.form import derive, notebooks; "
        f"sys.stdout.buffer.write(notebooks.dump(derive(notebooks.read(open({str(path)!r}, 'rb').read()))))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "77", "PYTHONPATH": str(ROOT)}
    there = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environment, check=True).stdout
    assert there == notebooks.dump(derive(notebooks.read(path.read_bytes())))


def test_the_order_of_the_passes():
    order = [one.__name__ for one in PASSES]
    assert order[0] == "validate"
    assert order[-1] == "stamp_checksums"
    assert order.index("lock") < order.index("stamp_checksums")
    for strip in ("strip_solutions", "strip_hidden_tests", "strip_mark_schemes", "clear_outputs"):
        assert order.index(strip) < order.index("lock")


def test_stamps_are_nbgraders():
    from nbgrader.utils import compute_checksum

    made = derive(cells.notebook(cells.given("import os"), cells.answer("### BEGIN SOLUTION\nsecret = 1\n### END SOLUTION")))
    import nbformat

    for cell in made["cells"]:
        assert cell["metadata"]["nbgrader"]["checksum"] == compute_checksum(nbformat.from_dict(cell))
    assert made["cells"][0]["metadata"]["deletable"] is False and made["cells"][0]["metadata"]["editable"] is False
    assert "editable" not in made["cells"][1]["metadata"]


def test_outputs_counts_attachments_and_strange_metadata_are_gone():
    cell = cells.answer("### BEGIN SOLUTION\nsecret = 1\n### END SOLUTION")
    cell |= {"outputs": [{"output_type": "stream", "name": "stdout", "text": "42"}], "execution_count": 3}
    cell["attachments"] = {"a.png": {"image/png": "…"}}
    cell["metadata"]["vscode"] = {"languageId": "python"}
    made = cells.notebook(cell)
    made["metadata"]["widgets"] = {"state": "secret = 1"}
    found = derive(made)
    one = found["cells"][0]
    assert (one["outputs"], one["execution_count"], "attachments" in one) == ([], None, False)
    assert "vscode" not in one["metadata"] and set(found["metadata"]) == {"kernelspec"}


# --- leaks ---

SECRET = "clean = raw.dropDuplicates(['id'])"


def leaking(*more):
    return cells.notebook(cells.answer(f"### BEGIN SOLUTION\n{SECRET}\n### END SOLUTION"), *more)


@pytest.mark.parametrize(
    ("cell", "where"),
    [
        pytest.param(cells.text(f"As we saw,\n`{SECRET}` does it."), ", line 2: a line of a solution is in", id="in a text"),
        pytest.param(cells.text("fine", metadata={"dataflow": {"hint": SECRET}}), ": .* in its metadata", id="in metadata"),
        pytest.param({**cells.text("fine"), "attachments": {"a": {"text/plain": SECRET}}}, ": .* or attachments", id="attached"),
    ],
)
def test_a_solution_line_elsewhere_is_a_leak(cell, where):
    with pytest.raises(LeakError, match="silver, cell 2" + where):
        derive(leaking(cell), exercise="silver")


def test_a_line_that_is_given_too_is_no_leak():
    assert derive(leaking(cells.given(SECRET)))


@pytest.mark.parametrize("broken", ["strip_solutions", "strip_hidden_tests", "drop_instructor_cells", "clear_outputs"])
def test_a_pass_that_does_nothing_is_noticed(monkeypatch, broken):
    def nothing(notebook, exercise):
        return notebook

    steps = tuple(nothing if one.__name__ == broken else one for one in PASSES)
    monkeypatch.setattr("exercises.form.pipeline.PASSES", steps)
    complete = cells.notebook(
        cells.answer("### BEGIN SOLUTION\nsecret = 4711\n### END SOLUTION"),
        cells.test("assert secret\n### BEGIN HIDDEN TESTS\nassert secret == 4711\n### END HIDDEN TESTS"),
        cells.code("only_for = 'instructors'", metadata={"tags": ["instructor"]}),
    )
    complete["cells"][0]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "4711"}]
    with pytest.raises(LeakError, match="silver, cell"):
        derive(complete, exercise="silver")


def test_everyday_lines_are_no_secrets():
    complete = cells.notebook(
        cells.given("import os"),
        cells.answer("### BEGIN SOLUTION\nimport os\nelse:\n)\nreturn\nx = 1\n### END SOLUTION"),
    )
    assert leaks.secrets(complete) == []


def test_an_answer_without_a_region_is_secret_as_a_whole():
    complete = cells.notebook(cells.answer("answer = spark.range(3).count()"))
    assert [one.line for one in leaks.secrets(complete)] == ["answer = spark.range(3).count()"]
    assert derive(complete)["cells"][0]["source"] == "# YOUR CODE HERE\nraise NotImplementedError()"


def test_nbgraders_own_refusal_is_told_as_ours(monkeypatch):
    monkeypatch.setattr(passes, "roles", lambda *a, **k: [])
    with pytest.raises(FormError, match="nbgrader's ClearSolutions refused it: no end solution"):
        passes.strip_solutions(cells.notebook(cells.answer("### BEGIN SOLUTION\nx")), "silver")


def test_without_nbgrader_it_says_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "nbgrader.preprocessors", None)
    passes._preprocessor.cache_clear()
    try:
        with pytest.raises(ValueError, match="python -m exercises push"):
            passes.strip_solutions(cells.notebook(), "silver")
    finally:
        passes._preprocessor.cache_clear()


def test_old_formats_and_damaged_files_are_refused():
    with pytest.raises(FormError, match="save it as 4.5"):
        notebooks.read(json.dumps({**cells.notebook(), "nbformat_minor": 4}).encode(), exercise="x")
    for data in (b"", b"{}", b"[]", b'{"cells": 1}', b"\xff"):
        with pytest.raises(FormError, match="x: this is no notebook"):
            notebooks.read(data, exercise="x")
