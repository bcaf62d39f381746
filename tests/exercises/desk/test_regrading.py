"""Grading a class again: what is queued, in which order, and how far it is, on the desk and on the command line."""

import threading

import pytest
from sqlalchemy import select

from exercises import again, cli
from exercises.service import queue
from exercises.service.models import GRADE, Job, Version
from tests.exercises.desk.test_decisions import Desk
from tests.exercises.service.samples import EXERCISE, exercise, grade_all, pushed

CHECK = '\nfrom exercises.checks import check\n@check("rows", points=10)\ndef rows(result):\n    assert {text!r}\n'


@pytest.fixture
def desk(service, people):
    pushed(service, people, EXERCISE, data=exercise(change=CHECK.format(text="strict")))
    desk = Desk(service, people)
    for who in ("ana", "bruno"):
        assert desk.hand_in(who).status_code == 201
    grade_all(service, 4.0)
    return desk


def jobs(service, run: int = 2) -> list[Job]:
    with service.database.read() as session:
        return list(session.scalars(select(Job).where(Job.kind == GRADE, Job.run == run).order_by(Job.id)))


def test_only_what_changed_is_offered_by_name_and_queued_once(desk, service, people):
    assert 'value="changed"' not in desk.page(desk.board)
    refused = desk.send(desk.board + "/regrade", against="changed")
    assert refused.status_code == 422 and "the checks that these submissions are graded by" in refused.text
    pushed(service, people, EXERCISE, data=exercise(change=CHECK.format(text="mended")))
    assert "only what changed: rows<" in desk.page(desk.board)
    for _ in range(2):
        assert desk.send(desk.board + "/regrade", against="changed").status_code == 303
    assert [(one.changed, one.regrade_id) for one in jobs(service)] == [(True, 1)] * 2 and jobs(service, 3) == []


def test_an_old_version_that_is_lost_takes_no_page_and_no_regrade_along(desk, service, people):
    with service.database.read() as session:
        lost = session.scalars(select(Version.archive)).one()
    (service.store.root / lost[:2] / lost).unlink()
    pushed(service, people, EXERCISE, data=exercise(change=CHECK.format(text="mended")))
    assert "that is everything<" in desk.page(desk.board)
    assert desk.send(desk.board + "/regrade", against="changed").status_code == 303
    assert [one.changed for one in jobs(service)] == [True] * 2


def test_progress_is_told_with_what_is_left_and_who_decided(desk, service, people, clock):
    for _ in range(3):
        desk.hand_in("ana")
    grade_all(service)
    desk.send(desk.board + "/regrade")
    assert "0 of 5 graded again, the first are at it" in desk.page(desk.board)
    for _ in range(3):
        clock.pass_(seconds=60)
        claim = queue.take(service.database, "test", clock)
        assert queue.finish(service.database, claim, clock, lambda session: None)
    page = desk.page(desk.board)
    assert "3 of 5 graded again, 2 min left" in page and '<progress aria-label="Graded again" value="3" max="5">' in page
    assert f"Decided by teacher-{people.course}" in page
    claim = queue.take(service.database, "test", clock)
    with service.database.write() as session:
        session.get_one(Job, claim.job).state = "failed"
    grade_all(service)
    page = desk.page(desk.board)
    assert "4 of 5 graded again: all that could be." in page and "1 could not be graded" in page and "<progress" not in page


def test_who_submits_meanwhile_does_not_wait_for_the_whole_class(desk, service, clock):
    desk.send(desk.board + "/regrade")
    fresh = desk.hand_in("ana").json()["id"]
    assert queue.take(service.database, "test", clock).subject == fresh


def test_what_waits_for_another_version_is_graded_against_the_new_one_after_it(desk, service, people):
    late = desk.hand_in("ana").json()["id"]
    version = pushed(service, people, EXERCISE, data=exercise(change=CHECK.format(text="mended")))
    desk.send(desk.board + "/regrade", against="changed")
    with service.database.read() as session:
        runs = [(one.run, one.version_id) for one in session.scalars(select(Job).where(Job.subject == late).order_by(Job.run))]
    assert [run for run, _ in runs] == [1, 2] and runs[0][1] != runs[1][1] and version == 2


def test_a_way_that_is_none_changes_nothing(desk, service):
    answer = desk.send(desk.board + "/regrade", against="everything")
    assert answer.status_code == 422 and "own, newest, changed" in answer.text and jobs(service) == []


def test_the_command_line_tells_it_to_the_end(desk, service, people, monkeypatch, capsys):
    monkeypatch.setenv("EXERCISES_URL", service.url)
    monkeypatch.setenv("EXERCISES_TOKEN", people.teacher)
    monkeypatch.setattr(again, "POLL_SECONDS", 0.05)
    pushed(service, people, EXERCISE, data=exercise(change=CHECK.format(text="mended")))
    ended = threading.Event()

    def runner() -> None:
        while not ended.wait(0.05):
            grade_all(service)

    thread = threading.Thread(target=runner)
    thread.start()
    try:
        assert cli.main(["regrade", EXERCISE, "--changed"]) == 0
        said = capsys.readouterr().out
        assert "2 submissions of first-steps are graded again, of each only rows." in said and "2 of 2 are graded again." in said
        assert cli.main(["regrade", EXERCISE, "--changed"]) == 2
        assert "Nothing was changed" in capsys.readouterr().err
        assert cli.main(["regrade", EXERCISE]) == 0
    finally:
        ended.set()
        thread.join()
