"""`make course`: what is asked of a foreign folder, and that its report shows the cell that failed."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest

from tests.helpers.lab import LabRun
from tests.helpers.versions import ROOT
from tests.notebooks import sample
from tests.notebooks.course import failing, folder, job, report, rules
from tests.notebooks.lessons import lesson
from tests.notebooks.ruleset import form
from tests.notebooks.runner import NBVAL, PAPERMILL, Result

V4 = nbformat.v4
EXAMPLE = ROOT / "docs" / "example_course"
WRONG = Path(__file__).parent / "wrong" / "shop3_wrong_on_purpose.ipynb"


def write(path: Path, *cells, metadata=None, minor=5) -> Path:
    """Write a notebook of code cells; a cell may be a node already."""
    path.parent.mkdir(parents=True, exist_ok=True)
    made = [V4.new_code_cell(cell) if isinstance(cell, str) else cell for cell in cells]
    notebook = V4.new_notebook(cells=made, metadata=metadata or {})
    notebook["nbformat_minor"] = minor
    if minor < 5:
        for cell in notebook.cells:
            del cell["id"]
    path.write_text(form.canonical(notebook), encoding="utf-8")
    return path


# The folder


def test_a_folder_with_solutions_and_one_without_any_structure(tmp_path):
    write(tmp_path / "plain" / "one.ipynb", "1")
    assert [found.name for found in folder.read(tmp_path / "plain").lessons] == ["one"]
    example = folder.read(EXAMPLE)
    assert [found.name for found in example.lessons] == ["shop1_reading_orders", "shop2_orders_in_spark"]
    runs = [str(run) for found in example.lessons for run in job.jobs(example, found, tmp_path, False)]
    assert runs == ["shop1_reading_orders-nbval", "shop1_reading_orders-papermill-other-data", "shop2_orders_in_spark-nbval"]


@pytest.mark.parametrize(
    "make, text, reason",
    [
        (lambda at: None, "", "is no folder"),
        (lambda at: at.mkdir(), "", "There is no notebook"),
        (lambda at: write(at / "notebooks" / "one.ipynb", "1"), "two", "has 'two' in its name. There are: one"),
        (lambda at: (write(at / "one.ipynb", "1"), (at / "solutions").mkdir(), (at / "solutions/two.py").touch()), "", "two.ipynb"),
    ],
)
def test_a_folder_that_is_no_course_is_refused(tmp_path, make, text, reason):
    make(tmp_path / "course")
    with pytest.raises(folder.CourseError, match=re.escape(reason)):
        folder.read(tmp_path / "course", text)


def test_the_command_says_that_a_folder_is_no_course(tmp_path):
    command = [sys.executable, "-m", "tests.notebooks.course", str(tmp_path / "nothing")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2 and "is no folder" in done.stderr


# The rules


def test_any_notebook_that_can_run_keeps_the_rules(tmp_path):
    assert rules.problems(lesson(write(tmp_path / "x.ipynb", "1"), tmp_path / "solutions")) == []
    old = write(tmp_path / "y.ipynb", "1", metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}}, minor=2)
    assert rules.problems(lesson(old, tmp_path / "solutions")) == []
    assert [rules.problems(found) for found in folder.read(EXAMPLE).lessons] == [[], []]


@pytest.mark.parametrize(
    "text, reason",
    [
        ("{", "no notebook that can be read"),
        ("[]", "no notebook that can be read"),
        ('{"nbformat": 3, "nbformat_minor": 0, "worksheets": [], "metadata": {}}', "nbformat 3"),
        ('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}', "missing an expected key: cells"),
        (
            '{"nbformat": 4, "nbformat_minor": 2, "metadata": {}, "cells": [{"cell_type": "odd", "source": "", "metadata": {}}]}',
            "no valid notebook",
        ),
        ('{"nbformat": 4, "nbformat_minor": 2, "metadata": {}, "cells": []}', "no code cell"),
    ],
)
def test_a_file_that_cannot_run_says_why(tmp_path, text, reason):
    path = tmp_path / "x.ipynb"
    path.write_text(text)
    assert reason in "\n".join(rules.problems(lesson(path, tmp_path)))


def test_another_language_is_refused(tmp_path):
    path = write(tmp_path / "x.ipynb", "1", metadata={"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}})
    assert rules.problems(lesson(path, tmp_path)) == ["is written in r; the lab runs Python"]


def test_tasks_need_their_checks_and_all_their_solutions(tmp_path):
    def task(name):
        return V4.new_code_cell("answer = None", metadata={"dataflow": {"task": name}})

    path = write(tmp_path / "x.ipynb", task("a-one"), 'check("a-one", answer)', task("a-two"))
    solutions = tmp_path / "solutions"
    assert rules.problems(lesson(path, solutions)) == [rules.UNCHECKED.format(task="a-two")]
    solutions.mkdir()
    (solutions / "x.py").write_text("# task: a-one\nanswer = 1\n# task: a-three\nanswer = 3\n")
    found = "\n".join(rules.problems(lesson(path, solutions)))
    assert "a-two has no solution in x.py" in found and "x.py answers a-three" in found


def test_strict_asks_what_a_lesson_must_keep(tmp_path):
    sound = sample.write(tmp_path)
    plain = lesson(write(tmp_path / "other" / "x.ipynb", "1"), tmp_path / "other")
    assert rules.problems(sound) == [] and rules.problems(plain) == []
    found = "\n".join(rules.problems(plain, strict=True))
    assert "[about]" in found and "[parameters]" in found and "[ending]" in found


# The report


def result(tmp_path, *problems, cells, runner=NBVAL, name="x"):
    """A run as if it had been made."""
    path = write(tmp_path / "course" / f"{name}.ipynb", "1")
    write(tmp_path / name / "out" / f"{name}.ipynb", *cells)
    run = LabRun("lab", (), 1, "", tmp_path / name / "out", 3.0, 2.0, 100_000_000, 0, False, ())
    return Result(job.CourseJob(runner, lesson(path, tmp_path / "solutions")), run, problems)


SAID = V4.new_code_cell("print('<rows>')", outputs=[V4.new_output("stream", name="stdout", text="<rows>: 3\n")])
RAISED = V4.new_code_cell(
    "rows[7]", outputs=[V4.new_output("error", ename="IndexError", evalue="7", traceback=["\x1b[31mIndexError\x1b[0m: 7"])]
)


def test_a_failure_is_found_in_its_cell_with_what_was_said_before(tmp_path):
    cells = [V4.new_markdown_cell("# x"), SAID, RAISED]
    made = result(tmp_path, "cell 2 raised\n    rows[7]\n    IndexError: 7", cells=cells)
    (found,) = failing.failures(made, failing.executed(made))
    assert (found.cell, found.what, found.source) == (2, "raised", "rows[7]")
    assert found.error == "IndexError: 7" and found.before == ((1, "<rows>: 3\n".strip()),)


def test_nbval_counts_code_cells_only(tmp_path):
    cells = [V4.new_markdown_cell("# x"), "1", V4.new_markdown_cell("more"), SAID]
    message = "Notebook cell execution failed\nCell 1: Cell outputs differ\n\nInput:\nprint('<rows>')"
    made = result(tmp_path, message, cells=cells)
    (found,) = failing.failures(made, failing.executed(made))
    assert (found.cell, found.what) == (3, "Cell outputs differ") and message == found.error


def test_a_problem_of_no_cell_is_shown_too(tmp_path):
    made = result(tmp_path, "ran out of time: 900 s", cells=["1"])
    assert [(found.cell, found.text) for found in failing.failures(made, failing.executed(made))] == [
        (None, "ran out of time: 900 s")
    ]


def test_the_pages_need_no_network_run_no_script_and_escape(tmp_path):
    loaded = V4.new_output("display_data", data={"text/html": "<script>alert(1)</script><b>bold</b>"})
    cells = [SAID, V4.new_code_cell("show()", outputs=[loaded]), RAISED]
    made = result(tmp_path, "cell 2 raised\n    rows[7]", cells=cells)
    course = folder.Folder(tmp_path / "course", tmp_path / "course", (made.job.lesson,))
    index = report.write(tmp_path / "report", course, {"broken": ["is <no> notebook"]}, [made]).read_text()
    page = (tmp_path / "report" / "notebooks" / "x-nbval.html").read_text()
    for text in (index, page):
        assert "<script" not in text and not re.search(r'(?:src|href)="(?:https?:)?//', text)
    assert "&lt;rows&gt;: 3" in index and "is &lt;no&gt; notebook" in index and "rows[7]" in index
    assert "celltag_dataflow-failing" in page and "<b>bold</b>" in page
    anchor = re.search(r'href="notebooks/x-nbval\.html#(cell-id=\w+)"', index)[1]
    assert f'id="{anchor}"' in page


def test_a_solved_run_has_a_page_of_its_own(tmp_path):
    made = [result(tmp_path, cells=["1"]), result(tmp_path, cells=["1"], runner=PAPERMILL)]
    course = folder.Folder(tmp_path / "course", tmp_path / "course", (made[0].job.lesson,))
    index = report.write(tmp_path / "report", course, {}, made).read_text()
    assert "All 1 notebooks passed" in index
    assert sorted(path.name for path in (tmp_path / "report" / "notebooks").iterdir()) == ["x-nbval.html", "x-papermill.html"]


# All of it, in the lab


@pytest.mark.docker
def test_the_example_passes_and_the_wrong_notebook_is_shown_cell_by_cell(tmp_path, lab_image):
    source, out = tmp_path / "shop", tmp_path / "report"
    shutil.copytree(EXAMPLE, source)
    shutil.copy(WRONG, source / "notebooks")
    command = [sys.executable, "-m", "tests.notebooks.course", str(source), "--report", str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1, done.stdout + done.stderr
    cases = {case.get("name"): case.find("failure") for case in ElementTree.parse(out / "junit.xml").iter("testcase")}
    failed = [name for name, failure in cases.items() if failure is not None]
    assert failed == ["test_run[shop3_wrong_on_purpose-nbval]"], done.stdout
    assert len(cases) == 7
    message = "".join(cases[failed[0]].itertext())
    assert "cell 3 raised" in message and "third = half[2]" in message and "IndexError" in message
    index = (out / "index.html").read_text()
    assert "1 of 3 notebooks failed" in index
    section = index[index.index("<h2>shop3_wrong_on_purpose") :]
    assert "Cell 3 raised" in section and "IndexError: list index out of range" in section
    assert "looking for the third" in section and "amounts: [12.5, 7.0]" in section and "[6.25, 3.5]" in section
    assert "never reached" not in section
