"""What the page is to show: notices and the line of the status bar.

Invariant: pure; the same facts give the same answer. A notice's id changes when it should be shown again to somebody who closed it.
"""

from collections.abc import Mapping
from typing import Any

from lab_kernel import memory
from lab_kernel.desk import messages
from lab_kernel.desk.container import Count
from lab_kernel.desk.home import Home, Level
from lab_kernel.memory import Memory

KEEP_PATH = "dataflow/keep"
_SENTENCES = {Level.NEAR: messages.HOME_NEAR, Level.OVER: messages.HOME_OVER, Level.FULL: messages.HOME_FULL}


def of_the_class(announced: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"id": f"announcement-{one['id']}", "kind": one["kind"], "text": one["text"]} for one in announced]


def of_the_home(home: Home) -> list[dict[str, Any]]:
    sentence = _SENTENCES.get(home.level)
    if sentence is None:
        return []
    kind = "error" if home.level is Level.FULL else "warning"
    return [{"id": f"home-{home.level.name.lower()}", "kind": kind, "text": about(sentence, home)}]


def of_courses(folders: Mapping[str, Home]) -> list[dict[str, Any]]:
    """Of each course's folder that somebody may write."""
    found = []
    for course, folder in folders.items():
        if folder.level in (Level.NEAR, Level.FULL):
            sentence = messages.COURSE_NEAR if folder.level is Level.NEAR else messages.COURSE_OVER
            text = about(sentence, folder, course)
            found.append({"id": f"course-{course}-{folder.level.name.lower()}", "kind": "warning", "text": text})
    return found


def about(sentence: str, home: Home, course: str = "") -> str:
    """Return a sentence with the numbers of this home, or of this course's folder."""
    numbers = {"used": memory.human(home.used), "quota": memory.human(home.quota), "full": memory.human(home.full)}
    return sentence.format(course=course, **numbers)


def of_the_end(left: float | None) -> list[dict[str, Any]]:
    if left is None:
        return []
    minutes = round(left / 60)
    time = messages.MINUTES.format(minutes=minutes) if minutes > 1 else messages.MINUTE if minutes else messages.STOPS_SOON
    action = {"label": messages.KEEP, "path": KEEP_PATH}
    text = messages.STOPS_IN.format(time=time)
    return [{"id": "stops", "kind": "warning", "text": text, "action": action, "title": messages.STOPS_TITLE}]


def status(used: Memory, processors: Count, processes: Count, home: Home) -> dict[str, str]:
    """Return the line, and the whole of it for whoever points at it."""
    parts = [messages.MEMORY.format(used=memory.human(used.usage), limit=_size(used.limit))]
    if processors.used is not None:
        limit = messages.UNLIMITED if processors.limit is None else _percent(processors.limit)
        parts.append(messages.CPU.format(used=_percent(processors.used), limit=limit))
    threads = None
    if processes.used is not None:
        limit = messages.UNLIMITED if processes.limit is None else f"{processes.limit:.0f}"
        threads = messages.PROCESSES.format(used=f"{processes.used:.0f}", limit=limit)
        parts.append(threads)
    if home.used is not None:
        parts.append(messages.HOME.format(used=memory.human(home.used), limit=_size(home.quota or None)))
    # The line has to leave room for what JupyterLab itself says there.
    short = [part for part in parts if part is not threads]
    return {"text": " | ".join(short), "all": messages.STATUS.format(all=", ".join(parts))}


def _size(limit: int | None) -> str:
    return messages.UNLIMITED if limit is None else memory.human(limit)


def _percent(processors: float) -> str:
    return messages.PERCENT.format(percent=100 * processors)
