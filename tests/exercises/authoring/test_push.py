"""The command line against the real service, over HTTP, with a real hub's tokens; only the runner's containers are played."""

import threading
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from exercises import cli, folder
from exercises.client import Client
from exercises.form import passes
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


def test_a_check_by_the_service_hands_nothing_out_and_takes_no_number(instructor, service, people, capsys):
    with runner(service):
        assert cli.main(["check", "sums", "--remote"]) == 0
        said = capsys.readouterr().out
        assert "Nothing is handed out." in said and "All 12 laws hold." in said
        assert Client(service.url, people.ana).exercises(people.course) == []
        assert Client(service.url, people.teacher).versions(people.course, "sums") == []
        assert cli.main(["push", "sums"]) == 0
        assert "Version 1 of sums is accepted" in capsys.readouterr().out
        # Students keep what they have while a newer one is tried.
        (instructor / "sums/wrong/a.ipynb").write_bytes(samples.wrong(samples.SOLUTION + "\nx = 1", "the sum"))
        assert cli.main(["check", "sums", "--remote"]) == 1
        said = capsys.readouterr().out
        assert "It got full marks; the sum should have caught it." in said and "1 of 12 laws are broken" in said
        assert Client(service.url, people.ana).exercise(people.course, "sums")["version"] == 1


def test_without_nbgrader_a_check_is_done_by_the_service(instructor, service, people, monkeypatch, capsys):
    monkeypatch.setattr(passes, "available", lambda: False)
    with runner(service):
        assert cli.main(["check", "sums"]) == 0
    assert "are tried by the service" in capsys.readouterr().out


def test_an_instructor_copies_an_exercise_of_the_services_catalog(instructor, people, monkeypatch, capsys):
    # As in a lab, where there is none beside the code; the service has its own.
    monkeypatch.setattr(cli, "folder", SimpleNamespace(**{**vars(folder), "catalog": list}))
    assert cli.main(["list", "--catalog"]) == 0
    assert "merge-upsert" in capsys.readouterr().out
    assert cli.main(["new", "upsert", "--like", "merge-upsert"]) == 0
    assert folder.read(instructor / "upsert") == folder.read(folder.CATALOG / "merge-upsert")
    assert cli.main(["new", "upsert", "--like", "merge-upsert"]) == 2
    assert "is there already" in capsys.readouterr().err
    assert cli.main(["new", "other", "--like", "nothing"]) == 2
    assert "The catalog has no exercise nothing. It has " in capsys.readouterr().err


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
