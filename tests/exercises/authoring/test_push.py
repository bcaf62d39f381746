"""The command line against the real service, over HTTP, with a real hub's tokens; only the runner's containers are played."""

import threading
from contextlib import contextmanager

import pytest

from exercises import cli
from exercises.client import Client
from exercises.runner.work import Work
from exercises.service import queue
from tests.exercises.authoring import samples
from tests.exercises.authoring.samples import PlayedGrader
from tests.exercises.service.conftest import clock, hub, people, service

__all__ = ["clock", "hub", "people", "service"]


class Grader(PlayedGrader):
    """With what the runner reads of a verdict beyond the laws."""

    def _judged(self, exercise, left):
        verdict = super()._judged(exercise, left)
        for one in verdict.checks:
            one["visible"] = True
        return verdict


@contextmanager
def runner(of):
    """Does the service's jobs, in a thread."""
    work, ended = Work(of.database, of.store, Grader(), of.clock), threading.Event()

    def run():
        while not ended.wait(0.02):
            if (claim := queue.take(of.database, "test", of.clock)) is not None:
                assert work.do(claim)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


@pytest.fixture
def instructor(tmp_path, monkeypatch, service, people):
    """An instructor's terminal, in a folder with the small exercise."""
    for name, content in samples.files().items():
        (tmp_path / "mine" / "sums" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "mine" / "sums" / name).write_bytes(content)
    monkeypatch.chdir(tmp_path / "mine")
    monkeypatch.setenv("EXERCISES_URL", service.url)
    monkeypatch.setenv("EXERCISES_TOKEN", people.teacher)
    monkeypatch.setattr(cli, "POLL_SECONDS", 0.05)
    return tmp_path / "mine"


def test_from_a_push_to_the_results(instructor, service, people, capsys):
    with runner(service):
        assert cli.main(["push", "sums", "--due", "2026-03-09T18:00+01:00", "--late", "accept"]) == 0
        said = capsys.readouterr().out
        assert "Version 1 of sums is accepted" in said and "due 2026-03-09T17:00:00+00:00" in said
        # The eleven laws, and the seed that only the graders know.
        assert said.count("  holds ") == 12
        assert cli.main(["list", "--course", people.course]) == 0
        assert "sums" in capsys.readouterr().out
        assert cli.main(["results", "sums"]) == 0
        assert capsys.readouterr().out == "Nobody has submitted sums yet.\n"
        ana = Client(service.url, people.ana)
        assert ana.exercise(people.course, "sums")["title"] == "Sums"
        number, files = ana.fetch(people.course, "sums")
        receipt = ana.submit(people.course, "sums", files, version=number)
        while ana.submission(receipt["id"])["status"] != "graded":
            threading.Event().wait(0.05)
        assert cli.main(["results", "sums"]) == 0
        assert "0 of 3" in capsys.readouterr().out


def test_what_breaks_a_law_is_refused_and_nobody_gets_it(instructor, service, people, capsys):
    (instructor / "sums/wrong/a.ipynb").write_bytes(samples.wrong(samples.SOLUTION + "\nx = 1", "the sum"))
    with runner(service):
        assert cli.main(["push", "sums"]) == 1
    said = capsys.readouterr().out
    assert "It got full marks; the sum should have caught it." in said
    assert "Version 1 of sums is refused. 1 of its laws do not hold." in said
    assert Client(service.url, people.ana).exercises(people.course) == []


def test_a_student_cannot_push(instructor, people, monkeypatch, capsys):
    monkeypatch.setenv("EXERCISES_TOKEN", people.ana)
    assert cli.main(["push", "sums"]) == 2
    assert "You teach no course" in capsys.readouterr().err
    assert cli.main(["push", "sums", "--course", people.course]) == 2
    said = capsys.readouterr().err
    assert said.startswith("exercises: ") and "Traceback" not in said
    assert cli.main(["results", "sums", "--course", people.course]) == 2


def test_a_rule_that_makes_no_sense_is_said(instructor, capsys):
    assert cli.main(["push", "sums", "--late", "sometimes"]) == 2
    assert "'sometimes' is no late policy" in capsys.readouterr().err
    assert cli.main(["push", "sums", "--due", "tomorrow"]) == 2
    assert "'tomorrow' is no time" in capsys.readouterr().err
