"""Passes are noted once, survive what can happen to a file, and never keep check() from its verdict."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from lab_kernel.checks import messages, panel, passes


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    return passes.path()


def entries(file):
    return [json.loads(line) for line in file.read_text().splitlines() if line]


def test_a_pass_is_noted_once_with_its_time_and_nothing_of_the_answer(file):
    assert passes.passed() == {}
    passes.record("02-count")
    passes.record("02-count")
    (entry,) = entries(file)
    assert set(entry) == {"task", "lesson", "time"} and (entry["task"], entry["lesson"]) == ("02-count", "02")
    assert passes.passed() == {"02-count": entry["time"]} and entry["time"].endswith("+00:00")


def test_many_at_once_lose_nothing(file):
    tasks = [f"{lesson:02}-task-{number}" for lesson in range(20) for number in range(5)]
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(passes.record, tasks))
    assert sorted(passes.passed()) == sorted(tasks)


@pytest.mark.parametrize(
    "left",
    [b'{"task": "02-co', b"\xff\xfe", b"[]\n3\nnull\n", b'{"task": "02-other"}\n', b"[" * 200_000 + b"\n"],
)
def test_what_a_crash_left_is_passed_over(file, left):
    passes.record("01-first")
    with file.open("ab") as stream:
        stream.write(left)
    passes.record("02-count")
    assert list(passes.passed()) == ["01-first", "02-count"]


@pytest.fixture
def shown(monkeypatch):
    """check() of a task that passes, and what it displays."""
    seen = []
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: seen.append(bundle[panel.MIME]["status"]))
    answers = {True: messages.PASSED, False: messages.FAILED, None: messages.UNANSWERED}
    monkeypatch.setattr(panel, "judge", lambda task, value: (task, answers[value], "", "", []))
    return seen


def test_check_notes_a_pass_and_nothing_else(file, shown):
    for value in (None, False, True):
        panel.check("02-count", value)
    panel.check("02-count", False)
    assert shown == ["unanswered", "failed", "passed", "failed"]
    assert list(passes.passed()) == ["02-count"]


def test_a_place_that_cannot_be_written_changes_no_verdict(file, shown):
    file.mkdir(parents=True)
    panel.check("02-count", True)
    assert shown == ["passed"] and passes.passed() == {}
