"""Turns: one notebook out of several, and what each of them left; a turn is believed only when it is what the law wants."""

import json

import pytest

from exercises.laws import Exam
from exercises.outcome import Outcome
from exercises.runner import limits, turns
from exercises.runner.limits import Outcome as Run
from tests.exercises.authoring import cells, samples
from tests.exercises.authoring.samples import PlayedGrader


def executed(*failing, until=None):
    """Two notebooks that took their turns; the cells named are those that failed."""
    made = turns.together([cells.notebook(cells.text("t"), cells.answer("x = 1")), cells.notebook(cells.answer("x = 2"))])
    for count, cell in enumerate(made["cells"], start=1):
        if until is not None and cell["id"] == until:
            break
        cell["execution_count"] = count
        times = {"iopub.status.busy": "2026-03-02T12:00:00.5Z", "iopub.status.idle": "2026-03-02T12:00:02Z"}
        cell["metadata"]["execution"] = times
        if cell["id"] in failing:
            cell["outputs"] = [{"output_type": "error", "ename": "ValueError", "evalue": "no"}]
    left = {"kept/0/silver/t/a.parquet": b"0", "kept/1/silver/t/a.parquet": b"1", "lakehouse/x": b"", "run.json": b"{}"}
    return {**left, "executed.ipynb": json.dumps(made).encode()}


def test_cells_run_in_order_between_a_beginning_and_ends():
    made = json.loads(executed()["executed.ipynb"])
    assert [cell["id"] for cell in made["cells"]] == ["begin", "turn-0-1", "end-0", "turn-1-0", "end-1"]
    assert [cell["metadata"].get(turns.TURN) for cell in made["cells"]] == [None, 0, None, 1, None]
    for cell in made["cells"]:
        compile(cell["source"], cell["id"], "exec")


def test_what_each_left_is_apart():
    first, second = turns.apart(executed("turn-1-0"), 2)
    assert (first.files, first.error, first.seconds) == ({"lakehouse/silver/t/a.parquet": b"0"}, None, 1.5)
    assert (second.files, second.cell, second.error) == ({"lakehouse/silver/t/a.parquet": b"1"}, "answer", "ValueError: no")


def test_each_has_its_own_store_of_models():
    described = {"mlflow/1/models/m-1/artifacts/MLmodel": b"m"}
    first, second = turns.apart(executed() | {"kept/1.mlflow.db": b"db", "mlflow.db": b"emptied"} | described, 2)
    assert first.files == {"lakehouse/silver/t/a.parquet": b"0"} | described
    assert second.files == {"lakehouse/silver/t/a.parquet": b"1", "mlflow.db": b"db"} | described


@pytest.mark.parametrize(
    ("files", "there"),
    [
        (executed(until="end-1"), [True, False]),
        (executed(until="turn-0-1"), [False, False]),
        (executed("end-0"), [False, True]),
        ({}, [False, False]),
        ({"executed.ipynb": b"[]"}, [False, False]),
        ({"executed.ipynb": b'{"cells": [1]}'}, [False, False]),
    ],
)
def test_a_turn_that_did_not_end_is_none(files, there):
    assert [one is not None for one in turns.apart(files, 2)] == there


class TurningGrader(PlayedGrader):
    """Lets turns pass for what is told: the points of each check, for each notebook in its turn."""

    def __init__(self, *verdicts):
        super().__init__()
        self.verdicts, self.judged = list(verdicts), 0

    def run(self, command, inputs, limits):
        made = json.loads(inputs["notebook.ipynb"])
        for count, cell in enumerate(made["cells"], start=1):
            cell["execution_count"] = count
        self.limits = limits
        return Run(0, 1.0, False, False, {"executed.ipynb": json.dumps(made).encode()})

    def judge(self, exercise, kept, status):
        assert status is Outcome.OK
        self.judged += 1
        count, total = self.verdicts.pop(0)
        made = [{"name": "the count", "points": 1.0, "earned": count}, {"name": "the sum", "points": 2.0, "earned": total}]
        return [{**one, "passed": bool(one["earned"]), "message": ""} for one in made]


def test_turns_that_are_as_the_law_wants_are_believed():
    # In the order of the trials: untouched, counts-one-more, forgets-the-sum.
    grader = TurningGrader((0, 0), (0, 2), (1, 0))
    found = Exam("sums", samples.files(), grader, count=1).run()
    assert all(law.held for law in found) and (grader.judged, grader.graded) == (3, 1)
    assert (grader.limits.seconds, grader.limits.cpus) == (180 * 1.5 + 20, 1.0)


def test_who_may_use_more_memory_may_start_more():
    assert [limits.pids(memory * limits.MB) for memory in (1024, 2048, 3072, 4096)] == [384, 384, 576, 768]


def test_the_solution_takes_its_turn_when_that_is_asked_for():
    grader = TurningGrader((1, 2), (0, 0), (0, 2), (1, 0))
    found = Exam("sums", samples.files(), grader, count=1, quick=True).run()
    assert all(law.held for law in found) and (grader.judged, grader.graded) == (4, 0)


def test_what_a_turn_shows_against_the_author_is_tried_again_alone():
    grader = TurningGrader((0, 1), (1, 2), (0, 0))
    found = Exam("sums", samples.files(), grader, count=1).run()
    assert all(law.held for law in found) and (grader.judged, grader.graded) == (3, 4)


def test_turns_are_shared_out():
    grader = TurningGrader(*[(0, 0)] * 3)
    exam = Exam("sums", samples.files(), grader, count=3, workers=2)
    found = exam.run()
    assert all(law.held for law in found) and len(found) == 11
