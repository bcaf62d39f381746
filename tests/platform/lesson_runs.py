"""Lessons in labs that the hub started, and where those labs compute.

Invariant: a lesson is run by nbval as it was delivered, so its kept outputs are those of a lab by itself; a lab runs one lesson at
a time, several labs run theirs at once; every run has a deadline and its time is kept.
"""

import queue
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace

from lab_kernel import lessons
from tests.helpers.hub_client import Person
from tests.helpers.stack import Stack
from tests.helpers.versions import ROOT

PARTS = ("start", "bronze", "silver", "gold", "streaming")
SECONDS = 600
CELL_SECONDS = 300
NBVAL = "/opt/lab/bin/python -m pytest --nbval-lax --exitfirst -q --color=no -p no:cacheprovider"


@dataclass(frozen=True)
class Ran:
    """What became of one lesson in one lab."""

    lesson: str
    lab: str
    seconds: float
    status: int
    text: str

    def ok(self) -> "Ran":
        assert self.status == 0, f"{self.lesson} in {self.lab}: exit {self.status} after {self.seconds:.0f} s\n{self.text[-6000:]}"
        return self


def names() -> list[str]:
    """The lessons that are to give the same on the platform, in the course's order."""
    return [one.name for one in lessons.read([ROOT / "notebooks"]) if one.part in PARTS]


def container(stack: Stack, person: Person) -> str:
    return f"{stack.project}-lab-{person.name}"


def in_lab(lab: str, script: str, seconds: float = 60) -> subprocess.CompletedProcess:
    """Run a shell script as the student, with what the lab's environment says."""
    command = ["docker", "exec", "--env", "DATAFLOW_PROGRESS=off", lab, "sh", "-c", script]
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", timeout=seconds)


def run(lab: str, lesson: str) -> Ran:
    """Run a lesson in this lab's container; a run that takes too long is one that has failed."""
    place = f"mkdir -p /tmp/try && cp /opt/course/{lesson}.ipynb /tmp/try/ && cd /tmp/try"
    script = f"{place} && timeout {SECONDS} {NBVAL} --nbval-cell-timeout={CELL_SECONDS} --rootdir=. {lesson}.ipynb"
    began = time.monotonic()
    done = in_lab(lab, script, SECONDS + 60)
    return Ran(lesson, lab, time.monotonic() - began, done.returncode, done.stdout)


@contextmanager
def runs(labs: Iterable[str], chosen: Iterable[str]) -> Iterator[dict[str, Future[Ran]]]:
    """Start the lessons, as many at once as there are labs; yield them by name. Whoever leaves early waits for those that run."""
    free: queue.Queue[str] = queue.Queue()
    for lab in labs:
        free.put(lab)

    def one(lesson: str) -> Ran:
        lab = free.get()
        try:
            return run(lab, lesson)
        finally:
            free.put(lab)

    pool = ThreadPoolExecutor(free.qsize())
    try:
        yield {lesson: pool.submit(one, lesson) for lesson in chosen}
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def on_cluster(stack: Stack, enrol: Callable[..., Person], *like: str) -> Iterator[list[Person]]:
    """Students whose labs compute on the class's cluster; labs that start afterwards compute by themselves again."""
    people = [enrol(name) for name in like]
    try:
        replace(stack, more={**stack.more, "SPARK_LABS": "cluster"}).up()
        try:
            for person in people:
                person.start()
        finally:
            stack.up()
        yield people
    finally:
        for person in people:
            person.stop()
