"""Handing out to a class and collecting from it: nbgrader's exchange against the service over HTTP, with a real hub.

Invariant: both hand out and take the same notebooks; an arm that does not have all of them at the end stops the bench.
"""

import json
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from exercises.client import Client
from exercises.runner import archive
from tests.bench.exercises import hostile
from tests.bench.exercises.there import There
from tests.exercises.hostile import exam
from tests.exercises.runner import queue_of
from tests.exercises.service import processes
from tests.exercises.service.classroom import RealHub

AT_ONCE, TYPED = 16, 5
COURSE, GROUP = "c", "course-c-{role}"
NOT_ALL = "the {arm} arm has {found} of {count} submissions"


def there(arm: There, count: int) -> dict[str, list[float]]:
    """Return the seconds of each step, by nbgrader's commands; fetching and submitting are typed by a few students."""
    told = arm.run("exchange", str(count), str(TYPED))
    _all("stock", told["collected"], count)
    return {key: told[key] if isinstance(told[key], list) else [told[key]] for key in ("release", "fetch", "submit", "collect")}


def here(count: int) -> dict[str, list[float]]:
    """Return the seconds of each step, by the client that labs and instructors have; every student does them, many at once."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "hub").mkdir()
        hub = RealHub(Path(folder) / "hub")
        try:
            queue_of.fill(Path(folder), 0)
            of = processes.Class(hub, Path(folder))
            try:
                return _here(hub, of, count)
            finally:
                of.stop()
        finally:
            hub.stop()


def _here(hub: RealHub, of: processes.Class, count: int) -> dict[str, list[float]]:
    teacher = Client(of.url, hub.token("teacher", GROUP.format(role="instructor")))
    tokens = hub.crowd(GROUP.format(role="student"), [f"student-{number}" for number in range(count)])
    students = [Client(of.url, token) for token in tokens.values()]
    work = {"notebook.ipynb": json.dumps(exam.answered(exam.HONEST)).encode()}
    source = {"exercise.toml": queue_of.TOML, "notebook.ipynb": work["notebook.ipynb"], "checks.py": exam.CHECKS.encode()}
    began = time.monotonic()
    teacher.push(COURSE, queue_of.NAME, archive.pack(source, compress=True), due="2999-01-01")
    took: dict[str, list[float]] = {"release": [time.monotonic() - began]}
    with ThreadPoolExecutor(AT_ONCE) as threads:
        took["fetch"] = list(threads.map(lambda one: _timed(lambda: one.fetch(COURSE, queue_of.NAME)), students))
        took["submit"] = list(threads.map(lambda one: _timed(lambda: one.submit(COURSE, queue_of.NAME, work)), students))
    began = time.monotonic()
    made = teacher.everybody(COURSE, queue_of.NAME)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        files = list(threads.map(lambda one: teacher.files(one["id"]), made))
    took["collect"] = [time.monotonic() - began]
    _all("our", sum(one == work for one in files), count)
    return took


def _timed(act: Any) -> float:
    began = time.monotonic()
    act()
    return time.monotonic() - began


def _all(arm: str, found: int, count: int) -> None:
    if found != count:
        raise hostile.Unfair(NOT_ALL.format(arm=arm, found=found, count=count))
