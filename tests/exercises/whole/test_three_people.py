"""The whole way, as three people walk it over a real class: an instructor writes and pushes, two students fetch, check and submit
(one wrong and late), grades and feedback appear. Nobody waits longer than a student would.
"""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from exercises.client import Client, ClientError
from exercises.runner import archive
from tests.exercises.answers import answered
from tests.exercises.whole.conftest import CHECK, LAWS_SECONDS, NAME, SOLUTION

pytestmark = [pytest.mark.docker, pytest.mark.timeout(900)]

# The promise, from submitting to the grade, when nobody else waits.
GRADE_SECONDS = 60
LEFT_SECONDS = 10


def wait_for_grade(client: Client, submission: str, seconds: float) -> dict[str, Any]:
    deadline = time.monotonic() + seconds
    while (found := client.feedback(submission))["status"] not in ("graded", "failed"):
        assert time.monotonic() < deadline, f"no grade within {seconds:g} s: {found}"
        time.sleep(0.3)
    return found


def test_an_exercise_written_from_nothing_in_a_lab_is_checked_and_accepted(story):
    assert "shops is an exercise that passes its laws" in story.typed["new shops"]
    slip = story.typed["check before the wrong answer was changed"]
    assert "wrong/forgets-to-group.ipynb" in slip and "the totals" in slip and CHECK in slip
    assert "1 of 1 laws are broken." in slip
    assert "All 11 laws hold." in story.typed["check shops"]
    # The check took no number, and handed nothing out.
    assert "Version 1 of shops is accepted" in story.typed["push shops"]
    assert "Nobody has submitted shops yet." in story.typed["results shops"]


def test_an_instructor_sees_the_catalog_in_a_lab_and_the_course_from_anywhere(story):
    assert {"silver-quarantine", "merge-upsert", "exactly-once-stream"} <= set(story.typed["list --catalog"].split())
    assert story.typed["list at home"].splitlines()[1].split()[:2] == ["shops", "1"]
    (mine,) = [line for line in story.typed["results at home"].splitlines() if line.startswith(story.ana.name)]
    assert "graded" in mine and "10 of 10" in mine


def test_a_student_sees_what_each_step_did(story):
    assert "Shops" in story.shown["exercises"] and "any number" not in story.shown["exercises"]
    assert NAME in story.shown["fetch"]
    # The visible check, in her own kernel, over the table that her answer wrote.
    assert "all 1 visible checks pass" in story.shown["check"]
    (mine,) = story.client(story.ana).submissions(story.course, NAME)
    assert mine["sha256"][:8] in story.shown["submit"]
    assert "submission 1: 10 of 10 points" in story.shown["feedback"]
    assert "10 of 10" in story.shown["history"]
    assert "your folder has submission 1 already" in story.shown["restore"]


def test_full_marks_came_within_a_minute(story):
    client = story.client(story.ana)
    (mine,) = client.submissions(story.course, NAME)
    assert (mine["outcome"], mine["points"], mine["of"]) == ("ok", 10.0, 10.0), client.feedback(mine["id"])
    assert story.grade_seconds < GRADE_SECONDS


def test_a_wrong_and_late_answer_is_told_what_is_wrong_and_what_late_costs(story):
    """The due time is moved into the past by a new version, as an instructor would."""
    source = archive.pack(story.client(story.teacher).source(story.course, NAME, 1), compress=True)
    late = datetime.now(UTC) - timedelta(hours=1)
    again = story.client(story.teacher).push(story.course, NAME, source, due=late.isoformat(), late="50%/day")
    deadline = time.monotonic() + LAWS_SECONDS
    while story.client(story.teacher).version(story.course, NAME, again["version"])["state"] == "checking":
        assert time.monotonic() < deadline
        time.sleep(1)
    bruno = story.client(story.bruno)
    version, files = bruno.fetch(story.course, NAME)
    book = answered(files["notebook.ipynb"], SOLUTION.replace('F.sum("amount")', 'F.first("amount")'))
    receipt = bruno.submit(story.course, NAME, {"notebook.ipynb": book}, version=version)
    assert 3600 <= receipt["late_seconds"] < 3700 + LAWS_SECONDS and receipt["share"] == 0.5
    found = wait_for_grade(bruno, receipt["id"], GRADE_SECONDS)
    assert found["outcome"] == "check_failed"
    failed = [check for check in found["checks"] if not check["passed"]]
    assert failed and all(check["message"] for check in failed)
    assert found["points"] == pytest.approx(0.5 * sum(check["earned"] for check in found["checks"])) and found["points"] < 5


def test_nobody_reads_what_is_not_theirs(story):
    ana, bruno = story.client(story.ana), story.client(story.bruno)
    (mine,) = ana.submissions(story.course, NAME)
    for client in (bruno, story.client(story.outsider)):
        for ask in (client.submission, client.files, client.feedback):
            with pytest.raises(ClientError) as refused:
                ask(mine["id"])
            assert refused.value.status == 404
    with pytest.raises(ClientError) as refused:
        ana.everybody(story.course, NAME)
    assert refused.value.status == 403
    assert {one["user"] for one in story.client(story.teacher).everybody(story.course, NAME)} >= {story.ana.name}


def test_a_student_version_has_nothing_of_the_solution(story):
    _, files = story.client(story.bruno).fetch(story.course, NAME)
    everything = b"\n".join(files.values()).decode(errors="replace")
    assert "groupBy" not in everything and "SOLUTION" not in everything
    assert not [name for name in files if name.startswith("wrong") or name == "checks.py"]


def test_who_is_taken_out_of_the_course_is_out_within_seconds(stack, story):
    outsider = story.client(story.outsider)

    def status() -> int:
        try:
            outsider.exercises(story.course)
        except ClientError as error:
            return error.status or 0
        return 200

    def becomes(wanted: int) -> None:
        deadline = time.monotonic() + LEFT_SECONDS
        while status() != wanted:
            assert time.monotonic() < deadline, f"still {status()}"
            time.sleep(0.2)

    assert status() == 403
    stack.script("member", story.course, story.outsider.name, "student")
    becomes(200)
    stack.script("member", story.course, story.outsider.name, "student", "1")
    becomes(403)
