"""The command line: exit codes, what it prints, and that a user's mistake is a sentence."""

import contextlib
import sys

import pytest

from exercises import cli, folder, place
from exercises.client import ClientError
from exercises.errors import ExerciseError
from exercises.form import notebooks, passes
from exercises.runner import archive
from tests.exercises.authoring import samples
from tests.exercises.authoring.samples import PlayedGrader


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("EXERCISES_URL", "EXERCISES_TOKEN", "JUPYTERHUB_API_TOKEN", "LAB_IMAGE"):
        monkeypatch.delenv(name, raising=False)
    for name, content in samples.files().items():
        (tmp_path / "sums" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "sums" / name).write_bytes(content)
    return tmp_path


@pytest.fixture
def played(monkeypatch):
    """Plays the place where notebooks run."""
    made = PlayedGrader()

    @contextlib.contextmanager
    def grader(*, local, workers, tell):
        yield made, 1

    monkeypatch.setattr(place, "grader", grader)
    return made


class PlayedService:
    """A service whose laws take three looks."""

    def __init__(self, courses, state="accepted"):
        self.roles, self.state, self.looks, self.pushed = courses, state, 0, None

    def me(self):
        return {"name": "tina", "courses": self.roles}

    def push(self, course, name, data, **rules):
        self.pushed = (course, name, archive.unpack(data), rules)
        return self._version(None, "checking", course, name)

    def version(self, course, name, number):
        self.looks += 1
        laws = [{"law": "form", "subject": "", "held": True, "detail": "", "seconds": 1.0}]
        if self.looks > 1:
            held = self.state == "accepted"
            laws.append({"law": "wrong", "subject": "a", "held": held, "detail": "" if held else "full marks", "seconds": 2.0})
        done = self.looks > 2
        error = "1 of its laws do not hold." if done and self.state == "refused" else None
        return self._version({"laws": laws, "error": error}, self.state if done else "checking", course, name)

    def _version(self, report, state, course, name):
        told = {"course": course, "name": name, "version": 3, "opens": None, "due": "2026-03-09T17:00:00+00:00"}
        return {**told, "report": report, "state": state}

    def exercises(self, course):
        one = {"name": "sums", "version": 3, "points": 3.0, "due": None, "late": "refuse", "title": "Sums"}
        return [one] if course == "spark1" else []

    def everybody(self, course, name):
        one = {"user": "ana", "number": 1, "received": "2026-03-09T17:00:01+00:00", "late_seconds": 1, "status": "graded"}
        waiting = {**one, "user": "bo", "late_seconds": 0, "status": "queued", "points": None, "of": None, "outcome": None}
        return [{**one, "points": 2.5, "of": 3.0, "outcome": "check_failed"}, waiting]


@pytest.fixture
def service(monkeypatch):
    made = PlayedService({"spark1": ["instructor"], "spark2": ["student"]})
    monkeypatch.setattr(cli.client, "from_environment", lambda **_: made)
    monkeypatch.setattr(cli, "POLL_SECONDS", 0.0)
    return made


def test_check_tells_the_laws_as_they_come_and_a_table(here, played, capsys):
    assert cli.main(["check", "sums"]) == 0
    lines = capsys.readouterr().out.split("\n")
    assert lines[0].split()[:2] == ["form", "holds"] and lines[13] == "sums"
    assert lines[5] == "  Now 6 notebooks are run. Wrong answers take turns in one container and are told together."
    assert lines[-2] == "All 11 laws hold."


def test_check_counts_what_is_broken(here, played, capsys):
    (here / "sums/wrong/a.ipynb").write_bytes(samples.wrong(samples.SOLUTION + "\nx = 1", "the sum"))
    assert cli.main(["check", "sums", "--seeds", "1"]) == 1
    said = capsys.readouterr().out
    assert said.count("It got full marks; the sum should have caught it.") == 2
    assert "1 of 10 laws are broken" in said


def test_check_stops_before_the_notebooks_when_the_form_is_broken(here, played, capsys):
    (here / "sums/exercise.toml").write_text("points = 3")
    assert cli.main(["check", str(here / "sums")]) == 1
    said = capsys.readouterr().out
    assert "title is missing" in said and "notebooks were not run" in said and played.graded == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["check", "nothing"], "There is no exercise at nothing"),
        (["new", "Not A Name"], "is no name for an exercise"),
        (["new", "sums"], "is there already"),
        (["import", "nowhere"], "There is no folder nowhere"),
        (["push", "nothing"], "There is no exercise at nothing"),
        (["push", "sums"], "Where is the exercises service?"),
        (["push", "sums", "--url", "http://x/", "--token-file", "no-file"], "no-file cannot be read"),
        (["list", "--course", "c"], "Where is the exercises service?"),
    ],
)
def test_a_mistake_is_a_sentence(here, capsys, arguments, words):
    assert cli.main(arguments) == 2
    said = capsys.readouterr()
    assert words in said.err and "Traceback" not in said.err + said.out


@pytest.mark.parametrize("arguments", [[], ["chekc"], ["check"], ["check", "a", "--seeds", "x"], ["push", "a", "--attempts", "x"]])
def test_an_unknown_call_is_a_usage_error(here, capsys, arguments):
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == 2 and "usage: exercises" in capsys.readouterr().err


def test_new_says_what_comes_next(here, capsys):
    assert cli.main(["new", "night-shift"]) == 0
    assert "python -m exercises check night-shift" in capsys.readouterr().out
    assert (here / "night-shift/exercise.toml").is_file()


def test_list_has_what_is_here_and_the_catalog(here, capsys):
    (here / "broken").mkdir()
    (here / "broken/exercise.toml").write_text("x = 1")
    assert cli.main(["list"]) == 0
    lines = capsys.readouterr().out.split("\n")
    assert lines[0].split() == ["name", "points", "wrong", "title", "folder"]
    found = {line.split()[0]: line for line in lines[1:-1]}
    assert {"sums", "broken", "silver-quarantine", "merge-upsert"} <= found.keys()
    assert "'x' is no field" in found["broken"] and found["sums"].split()[1:4] == ["3", "2", "Sums"]


def test_push_tells_the_laws_and_what_was_decided(here, service, capsys):
    assert cli.main(["push", "sums", "--due", "2026-03-09T18:00+01:00", "--attempts", "3"]) == 0
    course, name, files, rules = service.pushed
    assert (course, name, files) == ("spark1", "sums", folder.read(here / "sums"))
    assert rules == {"opens": None, "due": "2026-03-09T18:00+01:00", "attempts": 3, "late": None}
    lines = capsys.readouterr().out.split("\n")
    assert lines[0] == "Version 3 of sums is sent to the course spark1; its laws are being checked."
    assert [line.split()[0] for line in lines[1:3]] == ["form", "wrong"]
    assert lines[3] == "Version 3 of sums is accepted: students of spark1 get it, due 2026-03-09T17:00:00+00:00."


def test_a_refused_push_is_1(here, service, capsys):
    service.state = "refused"
    assert cli.main(["push", "sums", "--course", "spark1"]) == 1
    said = capsys.readouterr().out
    assert "full marks" in said and "is refused. 1 of its laws do not hold. Students keep" in said


def test_a_push_that_is_never_decided_ends(here, service, monkeypatch, capsys):
    monkeypatch.setattr(cli, "CHECKING_SECONDS", -1.0)
    assert cli.main(["push", "sums"]) == 1
    assert "still being checked" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("roles", "words"),
    [({"a": ["student"]}, "You teach no course"), ({"a": ["instructor"], "b": ["instructor"]}, "may push to a, b")],
)
def test_push_needs_a_course(here, service, capsys, roles, words):
    service.roles = roles
    assert cli.main(["push", "sums"]) == 2
    assert words in capsys.readouterr().err


def test_what_is_broken_is_not_sent(here, service, capsys):
    (here / "sums/exercise.toml").write_text("x = 1")
    assert cli.main(["push", "sums"]) == 2
    assert service.pushed is None and "'x' is no field" in capsys.readouterr().err


def test_a_courses_list_and_results(here, service, capsys):
    assert cli.main(["list", "--course", "spark1"]) == 0
    assert capsys.readouterr().out.split("\n")[1].split() == ["sums", "3", "3", "-", "refuse", "Sums"]
    assert cli.main(["list", "--course", "other"]) == 0
    assert "The course other has no exercise" in capsys.readouterr().out
    assert cli.main(["results", "sums"]) == 0
    lines = capsys.readouterr().out.split("\n")
    assert "ana      1       2026-03-09T17:00:01+00:00  late  graded  2.5 of 3  check_failed" == lines[1]
    assert lines[2].split() == ["bo", "1", "2026-03-09T17:00:01+00:00", "queued", "-"]


def test_the_services_words_are_shown(here, monkeypatch, capsys):
    def refused(**_):
        raise ClientError("You may not push to spark1.", 403)

    monkeypatch.setattr(cli.client, "from_environment", refused)
    assert cli.main(["push", "sums"]) == 2
    assert capsys.readouterr().err == "exercises: You may not push to spark1.\n"


def test_an_interruption_is_no_traceback(here, monkeypatch, capsys):
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(cli.laws, "Exam", stop)
    monkeypatch.setattr(place, "in_containers", lambda: None)
    monkeypatch.setattr(place, "has_kernel", lambda: True)
    assert cli.main(["check", "sums"]) == 130
    assert capsys.readouterr().err == "Stopped.\n"


# --- where notebooks run ---


def test_without_an_engine_and_a_kernel_it_says_what_to_start(here, monkeypatch, capsys):
    monkeypatch.setattr(place, "in_containers", lambda: None)
    monkeypatch.setattr(place, "has_kernel", lambda: False)
    assert cli.main(["check", "sums"]) == 2
    assert "make build/lab" in capsys.readouterr().err


def test_the_image_is_that_of_the_class(here, monkeypatch, tmp_path):
    assert place.image_name().startswith("dataflow/lab:")
    monkeypatch.setenv("LAB_IMAGE", "mine")
    assert place.image_name() == "mine"
    monkeypatch.delenv("LAB_IMAGE")
    monkeypatch.setattr(place, "VERSIONS", (tmp_path / "none",))
    with pytest.raises(ExerciseError, match="Set LAB_IMAGE"):
        place.image_name()


def test_the_small_exercise_is_a_notebook():
    assert notebooks.read(samples.files()["notebook.ipynb"])


def test_without_nbgrader_check_says_what_else_there_is(here, played, monkeypatch, capsys):
    passes._preprocessor.cache_clear()
    monkeypatch.setitem(sys.modules, "nbgrader.preprocessors", None)
    assert cli.main(["check", "sums"]) == 2
    assert "python -m exercises push" in capsys.readouterr().err
    passes._preprocessor.cache_clear()
