"""Handing in: what is taken, when, how often, and what is refused whole."""

import gzip
import io
import tarfile
from datetime import timedelta

import pytest

from exercises.runner import archive
from tests.exercises.service.samples import EXERCISE, exercise, grade_all, notebook, pushed, submission


def hand_in(service, people, who="ana", **query):
    path = f"/api/courses/{people.course}/exercises/{EXERCISE}/submissions"
    return service.ask("POST", path, getattr(people, who), data=submission(), params=query)


def seen(service, people, who="ana"):
    return service.ask("GET", f"/api/courses/{people.course}/exercises/{EXERCISE}", getattr(people, who)).json()


def push(service, people, **query):
    return pushed(service, people, EXERCISE, data=exercise(), **query)


def test_a_receipt_has_the_sum_of_what_arrived_and_the_servers_time(service, people, handed_out):
    data = submission("my own answer")
    answer = service.ask("POST", handed_out + "/submissions", people.ana, data=data)
    receipt = answer.json()
    assert answer.status_code == 201
    assert (receipt["number"], receipt["late_seconds"], receipt["share"]) == (1, 0, 1.0)
    assert receipt["received"] == "2026-03-02T12:00:00+00:00"
    back = service.ask("GET", f"/api/submissions/{receipt['id']}/files", people.ana)
    assert back.content == data and back.headers["X-Content-Sha256"] == receipt["sha256"]


def test_sent_twice_with_one_key_it_is_one_submission(service, people, handed_out):
    first, second = (hand_in(service, people, key="the-same-act") for _ in range(2))
    assert first.json() == second.json()
    assert len(service.ask("GET", handed_out + "/submissions", people.ana).json()) == 1


def test_due_holds_by_the_servers_clock_to_the_second(service, people, clock):
    push(service, people, due="2026-03-02T13:00Z", late="refuse")
    clock.pass_(hours=1)
    assert hand_in(service, people).json()["late_seconds"] == 0
    clock.pass_(seconds=1)
    refused = hand_in(service, people)
    assert refused.status_code == 409 and "was due at 2026-03-02 13:00 UTC" in refused.json()["detail"]
    assert seen(service, people)["seconds_left"] == -1


@pytest.mark.parametrize(("late", "hours", "share"), [("accept", 90, 1.0), ("10%/day", 1, 0.9), ("10%/day", 24, 0.9),
                                                      ("10%/day", 25, 0.8), ("50%/day", 20, 0.5)])
def test_a_late_policy_costs_what_it_says(service, people, clock, late, hours, share):
    push(service, people, due="2026-03-02T13:00Z", late=late)
    clock.pass_(hours=1 + hours)
    receipt = hand_in(service, people).json()
    assert (receipt["late_seconds"], receipt["share"]) == (hours * 3600, share)
    grade_all(service, 10.0)
    assert seen(service, people)["grade"] == pytest.approx(10 * share)


def test_late_work_of_which_nothing_would_be_left_is_not_taken(service, people, clock):
    push(service, people, due="2026-03-02T13:00Z", late="50%/day")
    clock.pass_(days=3)
    assert "nothing would be left" in hand_in(service, people).json()["detail"]


def test_before_it_opens_an_exercise_is_not_there_for_students(service, people, clock):
    push(service, people, opens="2026-03-03T12:00Z")
    assert hand_in(service, people).status_code == 404
    assert service.ask("GET", f"/api/courses/{people.course}/exercises", people.ana).json() == []
    assert len(service.ask("GET", f"/api/courses/{people.course}/exercises", people.teacher).json()) == 1
    clock.pass_(days=1)
    assert hand_in(service, people).status_code == 201


def test_attempts_are_counted_but_for_those_that_failed_on_our_side(service, people, clock):
    from exercises.service import queue

    push(service, people, attempts=2)
    assert hand_in(service, people).status_code == 201
    before = clock.time
    tries = 0
    while seen(service, people)["status"] != "failed":
        if (claim := queue.take(service.database, "test", clock)) is not None:
            assert queue.give_back(service.database, claim, clock, "the engine is away", lambda session: None)
            # Not at once: an engine that comes back within minutes finds the job still there.
            assert queue.take(service.database, "test", clock) is None
            tries += 1
        clock.pass_(seconds=10)
    assert tries == queue.MOST_TRIES and clock.time > before + timedelta(minutes=3)
    assert seen(service, people)["attempts_left"] == 2
    assert [hand_in(service, people).status_code for _ in range(3)] == [201, 201, 409]
    assert seen(service, people)["attempts_left"] == 0
    # Bruno has his own.
    assert hand_in(service, people, "bruno").status_code == 201


def test_the_best_grade_counts(service, people, handed_out):
    for points in (4.0, 10.0, 6.0):
        hand_in(service, people)
        grade_all(service, points)
    assert seen(service, people)["grade"] == 10.0


def test_what_was_submitted_stays_graded_against_its_own_version(service, people, handed_out):
    first = hand_in(service, people).json()
    assert push(service, people, attempts=3) == 2
    second = hand_in(service, people).json()
    assert (first["version"], second["version"]) == (1, 2)
    # Whoever fetched the first and submits only now is graded by what was handed out to them.
    assert hand_in(service, people, version=1).json()["version"] == 1
    regraded = service.ask("POST", f"/api/submissions/{first['id']}/regrade", people.teacher)
    assert regraded.status_code == 202 and regraded.json()["version"] == 1


def test_a_version_whose_laws_do_not_hold_is_not_handed_out(service, people, handed_out):
    answer = service.ask("POST", handed_out, people.teacher, data=exercise(attempts=3))
    assert answer.json()["state"] == "checking"
    assert seen(service, people)["version"] == 1
    assert hand_in(service, people, version=2).status_code == 409


def packed(*entries: tarfile.TarInfo, content: bytes = b"x") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for entry in (file("notebook.ipynb", notebook()), *((entry, content) for entry in entries)):
            entry, data = entry
            entry.size = len(data) if entry.isreg() else 0
            tar.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


def file(name: str, content: bytes = b"x") -> tuple[tarfile.TarInfo, bytes]:
    return tarfile.TarInfo(name), content


def special(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, target
    return entry


REFUSED = {
    "an absolute path": (lambda: packed(tarfile.TarInfo("/etc/passwd")), "absolute path"),
    "a path that leads outside": (lambda: packed(tarfile.TarInfo("../other/notebook.ipynb")), "leads outside"),
    "a link": (lambda: packed(special("data", tarfile.SYMTYPE, "/etc")), "is a link"),
    "a hard link": (lambda: packed(special("data", tarfile.LNKTYPE, "notebook.ipynb")), "is a link"),
    "a device": (lambda: packed(special("null", tarfile.CHRTYPE)), "neither a file nor a folder"),
    "a pipe": (lambda: packed(special("pipe", tarfile.FIFOTYPE)), "neither a file nor a folder"),
    "a name twice": (lambda: packed(tarfile.TarInfo("notebook.ipynb")), "twice"),
    "a name too long": (lambda: packed(tarfile.TarInfo("a" * 121)), "longer than"),
    "too many files": (lambda: packed(*(tarfile.TarInfo(f"f{n}") for n in range(2001))), "more than 2000 files"),
    "a bomb": (lambda: gzip.compress(packed(tarfile.TarInfo("big"), content=bytes(60 * archive.MB))), "larger than 50 MB"),
    "half an archive": (lambda: packed(tarfile.TarInfo("more"))[:1200], "not a complete tar"),
    "no archive": (lambda: b"hello", "not a complete tar"),
    "no notebook": (lambda: archive.pack({"other.ipynb": notebook()}), "no notebook.ipynb"),
    "no JSON": (lambda: archive.pack({"notebook.ipynb": b"{"}), "is not a notebook"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_is_refused_whole_with_the_reason(service, people, handed_out, case):
    make, reason = REFUSED[case]
    answer = service.ask("POST", handed_out + "/submissions", people.ana, data=make())
    assert answer.status_code == 422, answer.text
    assert reason in answer.json()["detail"]
    assert service.ask("GET", handed_out + "/submissions", people.ana).json() == []
    assert list((service.data / "store" / "incoming").iterdir()) == []


def test_more_than_fits_is_not_even_read(service, people, handed_out):
    answer = service.ask("POST", handed_out + "/submissions", people.ana, data=bytes(51 * archive.MB))
    assert answer.status_code == 413 and "More than 50 MB" in answer.json()["detail"]
