"""What students see, in its two forms: HTML for the notebook, plain text for everything else. Pure.

Invariant: both forms say the same; whatever comes from a file, a person or the service is escaped.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from exercises.student import messages, times
from exercises.student.work import Brought, Done, Submitted
from lab_kernel import html

ERROR, WARNING, INFO, SUCCESS = "error", "warning", "info", "success"


@dataclass(frozen=True)
class Panel:
    """Something to show."""

    plain: str
    html: str

    def bundle(self) -> dict[str, Any]:
        return {"text/html": self.html, "text/plain": self.plain}


def panel(kind: str, title: str, lines: Sequence[str] = (), *, more: str = "") -> Panel:
    """Return a title and lines of text; `more` is HTML that follows them."""
    body = html.panel(kind, title, [("", line) for line in lines])
    return Panel("\n".join([title, *(f"  {line}" for line in lines)]), body + more)


def trouble(text: str) -> Panel:
    return panel(WARNING, messages.TROUBLE, [text])


def fetched(found: Brought, here: Path | None) -> Panel:
    """`here` is where a link to the notebook starts; None: without a link."""
    form = messages.FETCHED if found.done else messages.FETCHED_AGAIN
    title = form.format(title=found.place.title, version=found.number, folder=_short(found.place.folder))
    lines = _notes(messages.FETCH_NOTES, found.done)
    if any(one.kind in ("updated", "merged") for one in found.done):
        lines.append(messages.RELOAD)
    return panel(SUCCESS, title, lines, more="" if here is None else _link(found, here))


def restored(found: Brought, here: Path) -> Panel:
    form = messages.RESTORED if found.done else messages.RESTORED_ALREADY
    title = form.format(title=found.place.title, number=found.number, folder=_short(found.place.folder))
    lines = _notes(messages.RESTORE_NOTES, found.done)
    if found.done:
        lines.append(messages.RELOAD)
    return panel(SUCCESS, title, lines, more=_link(found, here))


def submitted(found: Submitted) -> Panel:
    receipt, stands = found.receipt, found.exercise
    late = receipt["late_seconds"]
    lines = [messages.RECEIVED.format(time=times.exact(receipt["received"])), _attempt(stands)]
    lines.append(
        messages.LATE.format(length=times.length(late), share=receipt["share"]) if late else messages.IN_TIME
    )
    lines.append(messages.SHA.format(sha256=receipt["sha256"]))
    if found.kept is not None:
        lines.append(messages.KEPT_RECEIPT.format(path=_short(found.kept)))
    else:
        lines.append(messages.NOT_KEPT.format(reason=found.unkept))
    if stands.get("version", 0) > receipt["version"]:
        lines.append(messages.NEWER.format(newest=stands["version"], version=receipt["version"]))
    lines.append(messages.NEXT_FEEDBACK)
    title = messages.SUBMITTED.format(title=found.place.title, number=receipt["number"])
    return panel(WARNING if late else SUCCESS, title, [line for line in lines if line])


def history(title: str, made: Sequence[Mapping[str, Any]]) -> Panel:
    if not made:
        return panel(INFO, messages.NO_SUBMISSIONS.format(title=title))
    rows = [
        (
            str(one["number"]),
            times.exact(one["received"]),
            times.length(one["late_seconds"]) if one["late_seconds"] else "",
            messages.STATES.get(one["status"], one["status"]),
            "" if one["points"] is None else messages.POINTS_OF.format(earned=one["points"], points=one["of"]),
            str(one["version"]),
        )
        for one in reversed(made)
    ]
    return _table(messages.HISTORY.format(title=title), messages.HISTORY_HEADINGS, rows, messages.HISTORY_NEXT)


def waiting(told: Mapping[str, Any], seconds: float) -> Panel:
    return panel(INFO, _state(messages.WAITING, told, seconds=int(seconds)))


def wait_over(told: Mapping[str, Any]) -> Panel:
    return panel(WARNING, _state(messages.STILL_WAITING, told), [messages.WAIT_OVER.format(number=told["number"])])


def feedback(told: Mapping[str, Any]) -> Panel:
    """The grade check by check, or why there is none."""
    if told["status"] == "failed":
        return panel(WARNING, _state(messages.NOT_GRADED, told), [messages.FAILED])
    if told["checks"] is None:
        return wait_over(told)
    title = messages.GRADE.format(title=told["title"], number=told["number"], points=told["points"], of=told["of"])
    lines = [told["message"]] if told.get("message") else []
    if told["late_seconds"]:
        lines.append(messages.LATE_COUNTS.format(length=times.length(told["late_seconds"]), share=told["share"]))
    if told.get("by_hand"):
        lines.append(messages.BY_HAND.format(checks=told["by_checks"], hand=told["by_hand"]))
    if told.get("comment"):
        lines.append(messages.COMMENT.format(comment=told["comment"]))
    full = all(one["passed"] for one in told["checks"])
    head = panel(SUCCESS if full else WARNING, title, lines)
    plain, rows = [head.plain], []
    for one in told["checks"]:
        word = messages.PASSED if one["passed"] else messages.NOT_PASSED
        points = messages.POINTS_OF.format(earned=one["earned"], points=one["points"])
        message = one.get("message") or ""
        plain.append(f"  {word:<10}  {one['name']} ({points})" + (f"\n              {message}" if message else ""))
        rows.append((one["passed"], word, one["name"], message, points))
    more = _checks(rows)
    if detail := told.get("detail"):
        plain += [messages.YOUR_ERROR, str(detail)]
        more += f"<p>{escape(messages.YOUR_ERROR)}</p><pre>{escape(str(detail))}</pre>"
    return Panel("\n".join(plain), head.html + more)


def listed(course: str, found: Sequence[Mapping[str, Any]]) -> Panel:
    title = messages.LIST_TITLE.format(course=course)
    if not found:
        return panel(INFO, title, [messages.LIST_EMPTY])
    rows = [(f"{one['title']} ({one['name']})", *row(one)) for one in found]
    return _table(title, messages.LIST_HEADINGS, rows, messages.LIST_NEXT.format(name=found[0]["name"]))


def row(one: Mapping[str, Any]) -> tuple[str, str, str, str, str]:
    """Return due, time left, attempts left, status and grade of an exercise."""
    left = one["attempts_left"]
    form = messages.NO_GRADE if one["grade"] is None else messages.GRADE_OF
    return (
        times.when(one["due"]),
        _left(one),
        messages.ANY_NUMBER if left is None else str(left),
        messages.STATES.get(one["status"], one["status"]),
        form.format(grade=one["grade"], points=one["points"]),
    )


def _left(one: Mapping[str, Any]) -> str:
    seconds = one["seconds_left"]
    if one.get("closed"):
        return messages.CLOSED
    if seconds is None:
        return ""
    if seconds > 0:
        return times.length(seconds)
    late = one.get("late", "refuse")
    return messages.OVER_LATE.format(late=messages.LATE_RULES.get(late) or messages.LATE_COSTS.format(late=late))


def _attempt(stands: Mapping[str, Any]) -> str:
    if not stands:
        return ""
    if not stands["attempts"]:
        return messages.ATTEMPTS_ANY
    return messages.ATTEMPT.format(used=stands["attempts"] - stands["attempts_left"], attempts=stands["attempts"])


def _state(form: str, told: Mapping[str, Any], **fields: Any) -> str:
    state = messages.STATES.get(told["status"], told["status"])
    return form.format(title=told["title"], number=told["number"], state=state, **fields)


def _notes(forms: Mapping[str, str], done: Sequence[Done]) -> list[str]:
    """One line for each kind of what became of files; what lies beside another is told file by file."""
    names: dict[str, list[str]] = {}
    for one in done:
        if not one.beside:
            names.setdefault(one.kind, []).append(one.name)
    lines = [forms[kind].format(name=", ".join(found)) for kind, found in names.items()]
    return lines + [forms[one.kind].format(name=one.name, beside=one.beside) for one in done if one.beside]


def _table(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]], foot: str) -> Panel:
    widths = [max(len(line[place]) for line in (headings, *rows)) for place in range(len(headings))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in (headings, *rows)]
    body = html.panel(INFO, title) + html.table(headings, rows, caption=foot)
    return Panel("\n".join([title, *lines, foot]), body)


def _checks(rows: Sequence[tuple[bool, str, str, str, str]]) -> str:
    cells = []
    for passed, word, name, message, points in rows:
        colour = html.KINDS[SUCCESS if passed else WARNING]
        cells.append(
            f'<tr><td style="text-align:left;white-space:nowrap;color:{colour}"><b>{escape(word)}</b></td>'
            f'<td style="text-align:left;white-space:pre-wrap">{escape(name)}<br><small>{escape(message)}</small></td>'
            f'<td style="white-space:nowrap">{escape(points)}</td></tr>'
        )
    return f'<table class="dataflow-checks">{"".join(cells)}</table>'


def _link(found: Brought, here: Path) -> str:
    """A link to the notebook, relative to the open one: JupyterLab opens it in a tab of its own."""
    path = Path(os.path.relpath(found.place.folder / "notebook.ipynb", here)).as_posix()
    return f'<p><a href="{escape(path, quote=True)}">{escape(messages.OPEN_NOTEBOOK)}</a></p>'


def _short(path: Path) -> str:
    """The path as people write it."""
    try:
        return "~/" + path.relative_to(Path.home()).as_posix()
    except ValueError:
        return str(path)
