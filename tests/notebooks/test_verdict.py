"""The judgement of an executed notebook, without executing any."""

import nbformat
import pytest

from tests.notebooks import lessons, noise, sample, verdict

V4 = nbformat.v4
ERROR = V4.new_output("error", ename="AssertionError", evalue="", traceback=["AssertionError: 3"])


def executed(*, panel=None, outputs=(), tags=()):
    """The sample as if it had been run: outputs at the claim, a panel at the check."""
    made = sample.notebook()
    for cell in made.cells:
        if cell.cell_type == "code":
            cell.metadata["papermill"] = {"status": "completed"}
    made.cells[2].outputs = list(outputs)
    made.cells[2].metadata["tags"] = list(tags)
    if panel is not None:
        data = {verdict.CHECK_MIME: {"task": sample.TASK, "status": panel}, "text/plain": panel}
        made.cells[5].outputs = [V4.new_output("display_data", data=data)]
    return made


def stream(name, text):
    return V4.new_output("stream", name=name, text=text)


def failures(**changes):
    return list(verdict.failures(sample.NAME, executed(**changes)))


def test_a_quiet_run_has_no_failures():
    assert failures(outputs=[stream("stdout", "2 rows\n")]) == []


def test_a_failure_shows_cell_source_and_error():
    (failure,) = failures(outputs=[ERROR])
    assert "cell 2 raised" in failure
    assert "assert len(rows) == 2" in failure
    assert "AssertionError: 3" in failure


def test_an_expected_exception_is_none():
    assert failures(outputs=[ERROR], tags=["raises-exception"]) == []


def test_an_expected_exception_that_does_not_come_is_one():
    (failure,) = failures(tags=["raises-exception"])
    assert "raised nothing" in failure


@pytest.mark.parametrize(
    "output",
    [
        stream("stderr", "anything\n"),
        stream("stdout", "26/01/01 WARN TaskSetManager: slow\n"),
        stream("stdout", "x.py:1: FutureWarning: soon\n"),
    ],
)
def test_a_warning_is_a_failure(output):
    (failure,) = failures(outputs=[output])
    assert "wrote a warning" in failure


def test_only_the_allowed_line_of_the_allowed_lesson_is_let_through():
    allowed = (noise.Allowed("04_.*", "^known: ", "upstream says so at each import"),)
    text = "known: x\nnew: y\n"
    assert noise.unexpected("04_mlflow", "stderr", text, allowed) == "new: y"
    assert noise.unexpected("05_streaming", "stderr", text, allowed) == "known: x\nnew: y"


def test_every_allowed_line_has_a_reason():
    assert all(entry.reason.strip() for entry in noise.ALLOWED)


@pytest.mark.parametrize("status", ["failed", "unanswered", None])
def test_a_solved_lesson_passes_its_checks(status):
    assert len(list(verdict.unpassed(executed(panel=status), [sample.TASK]))) == 1
    assert list(verdict.unpassed(executed(panel="passed"), [sample.TASK])) == []


@pytest.mark.parametrize("status", ["passed", None])
def test_an_untouched_lesson_passes_no_check(status):
    assert len(list(verdict.unanswered(executed(panel=status), [sample.TASK]))) == 1
    assert list(verdict.unanswered(executed(panel="unanswered"), [sample.TASK])) == []


def test_a_cell_that_never_ran_is_named():
    made = executed()
    made.cells[5].metadata["papermill"]["status"] = "pending"
    (failure,) = verdict.never_run(made)
    assert "cell 5 never ran" in failure


ANSWERS = lessons.parse_answers(sample.ANSWERS, "90_sample.py")


def solved(status=None, found="a whole number"):
    """The sample with its answers; `status` is what the check says to the wrong one."""
    made = verdict.solved(sample.notebook(), ANSWERS)
    if status is not None:
        data = {verdict.CHECK_MIME: {"task": sample.TASK, "status": status, "found": found}}
        made.cells[5].outputs = [V4.new_output("display_data", data=data)]
    return made


def test_wrong_answers_come_before_the_solution_each_with_the_check():
    before = [cell.source for cell in sample.notebook().cells]
    after = [cell.source for cell in solved().cells]
    assert after == [*before[:4], sample.WRONG, sample.CHECK, sample.SOLUTION, *before[5:]]
    nbformat.validate(solved())


def test_a_wrong_answer_that_is_caught_is_no_problem():
    assert list(verdict.uncaught(solved("failed"), ANSWERS)) == []


@pytest.mark.parametrize(
    ("status", "found", "reason"),
    [
        ("passed", "8", "is passed with the mistake 'counts it three times'"),
        ("unanswered", "8", "is unanswered"),
        ("failed", "", "could not be judged"),
        (None, "", "showed no panel"),
    ],
)
def test_a_wrong_answer_that_its_check_does_not_catch_is_one(status, found, reason):
    (problem,) = verdict.uncaught(solved(status, found), ANSWERS)
    assert reason in problem


def test_long_sources_are_shortened():
    shown = verdict.shortened("\n".join(f"line {n}" for n in range(100))).splitlines()
    assert len(shown) == 11
    assert shown[0].strip() == "line 0" and shown[-1].strip() == "line 99"
