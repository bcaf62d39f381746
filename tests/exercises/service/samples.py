"""Small archives, and a stand-in for the runner where a test is about the web service only."""

import json

from exercises.runner import archive
from exercises.service import queue
from exercises.service.models import ACCEPTED, GRADE, LAWS, Grade, Submission, Version

EXERCISE = "first-steps"
TOML = 'title = "First steps"\npoints = 10\nattempts = {attempts}\nlate = "{late}"\n'
SECRET = "the-hidden-check-knows-4711"
SOLUTION = "the-solution-says-0815"


def notebook(text: str = "answer = 1") -> bytes:
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": text, "outputs": [], "execution_count": None}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def exercise(*, attempts: int = 0, late: str = "refuse", change: str = "") -> bytes:
    """`change`: any other text makes another version of it."""
    files = {
        "exercise.toml": TOML.format(attempts=attempts, late=late).encode(),
        "notebook.ipynb": notebook(SOLUTION),
        "checks.py": f"# {SECRET} {change}".encode(),
    }
    return archive.pack(files, compress=True)


def submission(text: str = "answer = 1") -> bytes:
    return archive.pack({"notebook.ipynb": notebook(text)}, compress=True)


def pushed(service, people, name: str, *, data: bytes | None = None, **query) -> int:
    """Push a version and let its laws hold; return its number."""
    path = f"/api/courses/{people.course}/exercises/{name}"
    answer = service.ask("POST", path, people.teacher, data=data or exercise(), params=query)
    assert answer.status_code == 202, answer.text
    accept_all(service)
    return answer.json()["version"]


def accept_all(service) -> None:
    """What a runner writes when the laws hold."""
    while (claim := queue.take(service.database, "test", service.clock, (LAWS,))) is not None:
        student = service.store.put(archive.pack({"notebook.ipynb": notebook("answer = ...")}, compress=True))

        def write(session, version=claim.version, student=student):
            found = session.get_one(Version, version)
            found.state, found.student = ACCEPTED, student

        assert queue.finish(service.database, claim, service.clock, write)


def grade_all(service, points: float = 10.0) -> int:
    """What a runner writes for each submission that waits; returns how many."""
    count = 0
    while (claim := queue.take(service.database, "test", service.clock, (GRADE,))) is not None:
        verdict = {"message": None, "checks": [check("rows", 4, True), check("hidden one", 6, points == 10)]}

        def write(session, claim=claim, verdict=verdict):
            found = session.get_one(Submission, claim.subject)
            session.add(
                Grade(
                    submission_id=found.id,
                    version_id=claim.version,
                    run=claim.run,
                    outcome="ok",
                    points=points * found.share,
                    of=10.0,
                    verdict=verdict,
                    graded_at=service.clock(),
                    seconds=1.0,
                )
            )

        assert queue.finish(service.database, claim, service.clock, write)
        count += 1
    return count


def check(name: str, points: float, passed: bool) -> dict:
    return {
        "name": name,
        "points": points,
        "earned": points if passed else 0,
        "passed": passed,
        "message": f"about {name}",
    }
