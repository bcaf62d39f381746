"""What students call, and what they read: in a terminal, and when something is in the way."""

import threading
from datetime import timedelta

import pytest

from exercises import student
from exercises.runner import archive
from exercises.student import commands, messages, place, shown, times
from tests.exercises.service.samples import EXERCISE, grade_all
from tests.exercises.student.samples import hand_out, student_version


@pytest.fixture
def said(capsys):
    """Call something, and return what it said; it must return nothing."""

    def said(call, *arguments, **named):
        assert call(*arguments, **named) is None
        return capsys.readouterr().out

    return said


@pytest.fixture
def folder(said, service, people, home, monkeypatch):
    """Ana's exercise, fetched, and her notebook's kernel in its folder."""
    due = (service.clock() + timedelta(days=1)).isoformat()
    hand_out(service, people, student_version(), due=due, attempts=3, late="10%/day")
    text = said(student.fetch, EXERCISE)
    assert "First steps: version 1 is in ~/exercises/" in text and "new: data/rows.csv, notebook.ipynb" in text
    folder = home / "exercises" / people.course / EXERCISE
    monkeypatch.chdir(folder)
    return folder


def test_a_students_way(said, folder, service, people):
    text = said(student.exercises)
    assert f"Exercises of {people.course}" in text and "First steps (first-steps)" in text
    assert "1 d 0 h" in text and "not submitted" in text and "– of 10" in text
    text = said(student.submit)
    for part in ("submission 1 was received", "received 2026-03-02 12:00:00 UTC", "attempt 1 of 3", "in time", "sha256 "):
        assert part in text
    assert "receipt kept in ~/exercises/" in text and "feedback()" in text
    grade_all(service, points=4)
    text = said(student.feedback)
    assert "submission 1: 4 of 10 points" in text
    assert "passed      rows (4 of 4)" in text and "not passed  hidden one (0 of 6)" in text and "about hidden one" in text
    service.clock.pass_(days=2)
    text = said(student.submit)
    assert "1 d 0 h late: 90% of its points count" in text and "attempt 2 of 3" in text
    text = said(student.history)
    assert "4 of 10" in text and "waiting to be graded" in text and "restore(NUMBER)" in text
    assert "Which one? restore(NUMBER). There are 1, 2." in said(student.restore)
    assert "your folder has submission 1 already" in said(student.restore, 1)
    assert "over; late work: costs 10%/day" in said(student.exercises)
    grade_all(service)
    assert "It was 1 d 0 h late: 90% of its points count." in said(student.feedback, 2)
    assert "4 of 10 points" in said(student.feedback, 1)


def test_situations_are_told_in_words(said, folder, service, people, home, monkeypatch):
    assert "This did not work" in said(student.feedback) and "not submitted anything yet" in said(student.restore)
    (folder / "big.bin").write_bytes(bytes(51 * archive.MB))
    text = said(student.submit)
    assert "has 51.0 MB; 50 MB can be handed in" in text and "big.bin (51.0 MB)" in text
    (folder / "big.bin").unlink()
    for _ in range(3):
        said(student.submit)
    assert "All 3 attempts at First steps are used. The best of them counts." in said(student.submit)
    assert "has no exercise nothing" in said(student.fetch, "nothing")
    monkeypatch.chdir(home)
    assert 'Open the exercise\'s own notebook, or name the exercise: submit("NAME")' in said(student.submit)
    assert "not in your home yet. Fetch it first" in said(student.submit, "other")
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", people.stranger)
    assert "You are in no group of the course" in said(student.exercises, people.course)
    monkeypatch.setenv("EXERCISES_URL", "http://127.0.0.1:1/services/exercises/")
    monkeypatch.setattr("time.sleep", lambda _: None)
    for call in (student.exercises, student.history):
        assert "cannot be reached" in said(call, course=people.course, **({"name": EXERCISE} if call is student.history else {}))
    monkeypatch.delenv("EXERCISES_URL")
    assert "EXERCISES_URL" in said(student.exercises)


def test_a_fault_of_ours_does_not_stop_the_notebook(said, folder, monkeypatch):
    monkeypatch.setattr("exercises.student.work.submit", lambda *_: 1 / 0)
    assert "own tools failed (ZeroDivisionError" in said(student.submit)


def test_waiting_shows_how_it_goes_and_ends_with_the_grade(said, folder, service):
    said(student.submit)
    timer = threading.Timer(1.0, grade_all, [service])
    timer.start()
    text = said(student.feedback, seconds=20)
    timer.join()
    assert "submission 1: waiting to be graded (0 s)" in text and "10 of 10 points" in text


def test_waiting_ends(said, folder):
    said(student.submit)
    text = said(student.feedback, seconds=0.3)
    assert "still waiting to be graded" in text and "nothing has to be sent again. Look later: feedback(1)" in text


def test_an_interrupted_wait_is_no_failure(said, folder, monkeypatch):
    said(student.submit)

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("exercises.student.waiting.wait", interrupted)
    assert "Look later: feedback(1)" in said(student.feedback)


def test_a_run_that_failed_on_our_side():
    told = {"title": "First steps", "number": 1, "status": "failed", "checks": None}
    assert "could not be graded" in shown.feedback(told).plain and "costs no attempt" in shown.feedback(told).plain


def test_what_comes_from_elsewhere_is_escaped():
    check = {"name": "<b>", "points": 1, "earned": 0, "passed": False, "message": "<script>alert(1)</script>"}
    told = {"title": "<i>", "number": 1, "status": "graded", "points": 0.0, "of": 1.0, "late_seconds": 0, "share": 1.0}
    panel = shown.feedback({**told, "message": "<u>", "detail": "<s>", "checks": [check]})
    for tag in ("<script>", "<i>", "<u>", "<s>", "<b>&lt;b"):
        assert tag not in panel.html
    one = {"number": 1, "received": "2026-03-02T12:00:00+00:00", "late_seconds": 0, "status": "<x>", "points": None, "of": None}
    assert "<x>" not in shown.history("<i>", [{**one, "version": 1}]).html
    assert "<b>x" not in shown.trouble("<b>x").html


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0 s"), (59, "59 s"), (60, "1 min"), (3660, "1 h 1 min"), (90000, "1 d 1 h"), (-5, "0 s")]
)
def test_lengths(seconds, text):
    assert times.length(seconds) == text


def test_every_note_has_its_sentence():
    from exercises.student import merge

    kinds = {getattr(merge, name) for name in ("NEW", "UPDATED", "MERGED", "KEPT", "BESIDE", "BACK", "REMOVED", "YOURS")}
    assert set(messages.FETCH_NOTES) == kinds
    assert set(messages.RESTORE_NOTES) == {merge.NEW, merge.BESIDE}


def test_names_beside_are_free(tmp_path):
    path = tmp_path / "notes.tar.gz"
    first = place.beside(path, "version 2")
    assert first.name == "notes.tar (version 2).gz"
    first.write_bytes(b"a")
    assert place.beside(path, "version 2", b"a") == first
    assert place.beside(path, "version 2", b"b").name == "notes.tar (version 2, 2).gz"


def test_without_settings_nothing_raises(said, tmp_path, monkeypatch):
    """As in the grader's sandbox, where there is no service."""
    for name in ("EXERCISES_URL", "EXERCISES_TOKEN", "JUPYTERHUB_API_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    for call in (student.exercises, student.fetch, student.submit, student.history, student.restore, student.feedback):
        assert "This did not work" in said(call)


def test_importing_is_cheap():
    import subprocess
    import sys

    heavy = {"requests", "httpx", "pyspark", "pandas", "IPython", "ipywidgets", "nbformat", "pyarrow"}
    code = f"import sys, exercises.student; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_commands_say_what_they_do():
    for name in student.__all__:
        assert getattr(student, name).__doc__, name
    assert commands.words(lambda: 1 / 0).plain.startswith("This did not work")
