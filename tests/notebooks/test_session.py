"""What is chosen of the lessons, and what is said of all runs at the end; nothing is run."""

import time
from pathlib import Path

import pytest

from tests.helpers.lab import LabRun
from tests.notebooks import chosen, conftest, sample, totals
from tests.notebooks.runner import NBVAL, PAPERMILL, Job, Result


@pytest.fixture
def lessons(tmp_path):
    def of(part):
        return lambda notebook: notebook.metadata["dataflow"].update(part=part)

    parts = {"05_streaming": "streaming", "15_event_time": "streaming", "03_streaming_gold": "gold", "08_merge": "silver"}
    return [sample.write(tmp_path, of(part), name=name) for name, part in parts.items()]


@pytest.mark.parametrize(
    "text, names",
    [
        ("streaming", ["05_streaming", "15_event_time"]),
        ("gold", ["03_streaming_gold"]),
        ("05_", ["05_streaming"]),
        ("merge", ["08_merge"]),
        ("", ["05_streaming", "15_event_time", "03_streaming_gold", "08_merge"]),
    ],
)
def test_a_part_or_a_piece_of_a_name(lessons, text, names):
    assert [lesson.name for lesson in chosen.chosen(lessons, text)] == names


def test_a_filter_that_fits_nothing_says_what_there_is(lessons):
    with pytest.raises(chosen.NothingChosen, match="Parts: start, bronze.*Lessons: 05_streaming"):
        chosen.chosen(lessons, "streeming")


def run(wall, cpu, peak):
    return LabRun("lab", ("true",), 0, "", Path(), wall, cpu, peak, 0, False, ())


def test_totals(lessons):
    first, second = Job(NBVAL, lessons[0]), Job(PAPERMILL, lessons[1], variant="other-data")
    results = {
        str(first): Result(first, run(60.0, 50.0, 900_000_000), ()),
        str(second): Result(second, run(90.0, 110.0, 1_100_000_000), ("cell 3 raised",)),
    }
    shown = totals.lines(totals.Session(results, began=100.0, ended=200.0))
    assert shown[1].split() == ["15_event_time", "papermill", "other-data", "90.0", "110.0", "1100", "1", "problems"]
    assert shown[2].split() == ["05_streaming", "nbval", "60.0", "50.0", "900", "green"]
    assert "2 runs: 150 s of wall and 160 s of processor time" in shown[3] and "1100 MB" in shown[3]
    assert "took 100 s" in shown[4] and "1.25 x" in shown[4]


@pytest.mark.parametrize(("left", "begins"), [(70.0, True), (50.0, False), (None, True)], ids=["enough", "too little", "no end"])
def test_no_run_begins_that_would_not_end_in_time(lessons, monkeypatch, left, begins):
    job = Job(NBVAL, lessons[0])
    made = Result(job, run(60.0, 50.0, 900_000_000), ())
    monkeypatch.setattr(conftest, "execute", lambda asked: made)
    until = 0.0 if left is None else time.time() + left
    assert conftest.in_time(job, 60.0, until) is (made if begins else None)
