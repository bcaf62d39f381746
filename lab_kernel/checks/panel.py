"""The panel under a task: passed, not yet, or not answered yet.

Invariant: exactly one display with the three forms of the same verdict; whatever goes wrong on the way
is a panel too. A pass is noted for course(), and if it cannot be noted, the verdict is the same.
"""

import contextlib
from typing import Any

from lab_kernel import html
from lab_kernel.checks import messages, passes
from lab_kernel.checks.compare import compare
from lab_kernel.checks.registry import Context, UnknownTask, find
from lab_kernel.checks.values import unanswered

MIME = "application/vnd.dataflow.check+json"

_COLOURS = {
    messages.PASSED: "success",
    messages.FAILED: "warning",
    messages.UNANSWERED: "info",
}


def check(task_id: str, value: Any) -> None:
    """Shows whether `value` answers the task. Never raises."""
    from IPython.display import display

    verdict = judge(task_id, value)
    display(bundle(*verdict), raw=True)
    if verdict[1] == messages.PASSED:
        with contextlib.suppress(Exception):  # a full home, a file that is a folder
            passes.record(task_id)


def judge(
    task_id: str, value: Any, context: Context | None = None
) -> tuple[str, str, str, str, list[tuple[str, str]]]:
    """Returns task, status, expected, found and further (label, text) lines of the panel."""
    try:
        task = find(task_id)
    except UnknownTask as error:
        return str(task_id), messages.FAILED, "", "", [("", error.args[0])]
    if unanswered(value):
        return task_id, messages.UNANSWERED, "", "", [("", messages.ANSWER_FIRST)]
    try:
        expected = task.expected(context or Context())
    except Exception as error:
        text = messages.CANNOT_CHECK.format(reason=_reason(error))
        return task_id, messages.FAILED, "", "", [("", text)]
    try:
        verdict = compare(expected, value, tolerance=task.tolerance, ordered=task.ordered)
    except Exception as error:
        text = messages.CANNOT_READ.format(reason=_reason(error))
        return task_id, messages.FAILED, "", "", [("", text)]
    if verdict.right:
        return task_id, messages.PASSED, verdict.expected, verdict.found, []
    more = [(messages.DIFFERENCE, text) for text in verdict.difference]
    if task.hint:
        more.append((messages.HINT, task.hint))
    return task_id, messages.FAILED, verdict.expected, verdict.found, more


def bundle(
    task_id: str, status: str, expected: str, found: str, more: list[tuple[str, str]]
) -> dict[str, Any]:
    """Returns the mime bundle of a panel."""
    title = messages.TITLE[status].format(task=task_id)
    lines = list(more)
    if found:
        lines = [(messages.FOUND, found), *lines]
    if expected and status != messages.PASSED:
        lines = [(messages.EXPECTED, expected), *lines]
    plain = [title, *(f"  {label}: {text}" if label else f"  {text}" for label, text in lines)]
    labelled = [(f"{label}:" if label else "", text) for label, text in lines]
    return {
        MIME: {"task": task_id, "status": status, "expected": expected, "found": found},
        "text/html": html.panel(_COLOURS[status], title, labelled),
        "text/plain": "\n".join(plain),
    }


def _reason(error: BaseException) -> str:
    first = (str(error).splitlines() or [""])[0]
    return first[:300] or type(error).__name__
