"""`check` shows one panel in three forms and never raises."""

import json

import pytest

from lab_kernel.checks import messages, panel, registry
from lab_kernel.checks.registry import Registry, Task

HTML, PLAIN = "text/html", "text/plain"


@pytest.fixture
def tasks(monkeypatch):
    """A registry of its own, so that no lesson's task is touched."""
    found = Registry()
    monkeypatch.setattr(registry, "_registry", found)
    monkeypatch.setattr(panel, "find", found.find)

    def add(task_id, expected, **more):
        found.add(Task(task_id, expected, **more))

    return add


def shown(task_id, value):
    bundle = panel.bundle(*panel.judge(task_id, value))
    json.dumps(bundle[panel.MIME])
    return bundle[panel.MIME], bundle[HTML], bundle[PLAIN]


def test_passed(tasks):
    tasks("98-count", lambda context: 7, hint="Count again.")
    verdict, html, plain = shown("98-count", 7)
    assert verdict == {"task": "98-count", "status": "passed", "expected": "7", "found": "7"}
    assert plain == "98-count: passed\n  found: 7"
    assert "--jp-success-color1" in html and "Count again." not in html


def test_wrong_has_a_hint_and_keeps_the_secret(tasks):
    tasks("98-count", lambda context: 4711, hint="Count again.")
    verdict, html, plain = shown("98-count", 12)
    assert verdict["status"] == "failed"
    assert (verdict["expected"], verdict["found"]) == ("a whole number", "12")
    assert "Count again." in plain and "too low" in plain
    assert "4711" not in html + plain + json.dumps(verdict)


@pytest.mark.parametrize("value", [None, ..., "", [], {}])
def test_unanswered_is_not_computed(tasks, value):
    tasks("98-count", lambda context: 1 / 0)
    verdict, _, plain = shown("98-count", value)
    assert verdict["status"] == "unanswered"
    assert "not answered yet" in plain


def test_a_lesson_that_was_not_run_is_said(tasks):
    def expected(context):
        raise FileNotFoundError("no table silver.sales\nlong trace")

    tasks("98-count", expected)
    verdict, _, plain = shown("98-count", 7)
    assert verdict["status"] == "failed"
    assert "Run the cells above" in plain and "no table silver.sales" in plain
    assert "long trace" not in plain


def test_an_answer_that_cannot_be_read_is_said(tasks):
    class Odd(list):
        def __iter__(self):
            raise RuntimeError("odd")

    tasks("98-list", lambda context: [1])
    verdict, _, plain = shown("98-list", Odd([1]))
    assert verdict["status"] == "failed" and "could not be read" in plain


def test_an_unknown_task_is_said():
    verdict, _, plain = shown("98-never-registered", 1)
    assert verdict["status"] == "failed"
    assert messages.UNKNOWN_TASK.format(task="98-never-registered") in plain


def test_without_a_kernel_the_reason_is_said(tasks):
    tasks("98-count", lambda context: context.silver("sales").count())
    _, _, plain = shown("98-count", 1)
    assert messages.NO_SPARK in plain


def test_what_a_student_wrote_is_escaped(tasks):
    tasks("98-text", lambda context: "x")
    assert "<script>" not in shown("98-text", "<script>")[1]


def test_one_id_has_one_function(tasks):
    def first(context):
        return 1

    def second(context):
        return 2

    tasks("98-count", first)
    tasks("98-count", first)
    with pytest.raises(ValueError, match=r"98-count is registered by .*first already"):
        tasks("98-count", second)


def test_check_displays_once_and_returns_nothing(tasks, monkeypatch):
    import IPython.display

    calls = []
    monkeypatch.setattr(IPython.display, "display", lambda *a, **k: calls.append((a, k)))
    tasks("98-count", lambda context: 7)
    assert panel.check("98-count", 8) is None
    assert len(calls) == 1 and calls[0][1] == {"raw": True}
    assert set(calls[0][0][0]) == {panel.MIME, HTML, PLAIN}
