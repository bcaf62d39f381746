"""A database with submissions in its queue, and a runner over it that grades by a fixed rule; as a module, a runner of its own.

`python -m tests.exercises.runner.queue_of FOLDER` works until it is killed. Only what runs a notebook is left out: the queue, the
leases, the store and the database are those of a class.
"""

import json
import sys
import threading
import time
import uuid
from pathlib import Path

from exercises.outcome import Outcome
from exercises.runner import archive
from exercises.runner.grading import Verdict
from exercises.runner.work import Work
from exercises.runner.worker import Workers
from exercises.service import clock, queue
from exercises.service.database import Database
from exercises.service.models import ACCEPTED, GRADE, Exercise, Submission, Version
from exercises.service.store import Store
from tests.helpers.databases import url_of

TOML = b'title = "Count"\npoints = 10\n'
SECONDS = 0.02
NAME = "count"
# For whoever tidies up after a test.
OPENED: list[Database] = []


class Counting:
    """Grades by the notebook's number of cells; takes a moment."""

    def grade(self, exercise, submitted) -> Verdict:
        time.sleep(SECONDS)
        points = float(len(submitted["cells"]) % 11)
        checks = [{"name": "cells", "points": 10.0, "earned": points, "passed": points == 10, "message": "", "visible": True}]
        return Verdict(Outcome.OK, points, 10.0, checks, "", SECONDS, json.dumps(submitted).encode())


def notebook(cells: int) -> dict:
    cell = {"cell_type": "markdown", "metadata": {}, "source": ""}
    return {"cells": [cell] * cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def open_(folder: Path) -> tuple[Database, Store]:
    database = Database(url_of(folder))
    OPENED.append(database)
    database.migrate()
    return database, Store(folder / "store")


def fill(folder: Path, count: int) -> dict[str, float]:
    """Queue so many submissions; return the points that each must get."""
    database, store = open_(folder)
    files = {"exercise.toml": TOML, "notebook.ipynb": json.dumps(notebook(1)).encode(), "checks.py": b""}
    source = store.put(archive.pack(files))
    hidden = store.put(archive.pack({"facts.json": b"{}"}))
    expected = {}
    with database.write() as session:
        rules = {"title": "Count", "points": 10.0, "attempts": 0, "late": "accept"}
        version = Version(number=1, archive=source, student=source, hidden=hidden, state=ACCEPTED, **rules)
        version.pushed_by, version.pushed_at = "teacher", clock.now()
        version.exercise = Exercise(course="c", name=NAME)
        session.add(version)
        session.flush()
        for number in range(count):
            identity = uuid.uuid4().hex
            data = archive.pack({"notebook.ipynb": json.dumps(notebook(number)).encode()})
            made = Submission(id=identity, exercise=version.exercise, version=version, user=f"student-{number}", number=1, key=None)
            made.archive, made.size, made.files, made.received_at = store.put(data), len(data), 1, clock.now()
            made.late_seconds, made.share = 0, 0.5
            session.add(made)
            session.flush()
            queue.add(session, GRADE, identity, version.id, clock.now())
            expected[identity] = number % 11 * 0.5
    database.close()
    return expected


def workers(folder: Path, count: int = 2) -> Workers:
    database, store = open_(folder)
    return Workers(database, Work(database, store, Counting(), clock.now), clock.now, name="runner", count=count)


if __name__ == "__main__":
    workers(Path(sys.argv[1])).start()
    threading.Event().wait()
