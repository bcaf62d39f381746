"""A large course in the database, written in bulk: many students, exercises, submissions and grades.

Invariant: the rows are those that the service and the runner write, for people of whom the hub knows the names; archives are real.
"""

import json
from datetime import timedelta
from itertools import count

from sqlalchemy import insert

from exercises.runner import archive
from exercises.service.models import (
    ACCEPTED,
    DONE,
    GRADE,
    LAWS,
    QUEUED,
    Exercise,
    Extension,
    Grade,
    Job,
    Mark,
    Progress,
    Submission,
    Version,
)
from tests.exercises.service.samples import TOML, check

STUDENTS, EXERCISES, VERSIONS = 300, 12, 3
CHECKS = 8
ANSWER = "import re\nfound = {number}\nfor row in raw:\n    found += row['a'] * {factor} if row['id'] else len(row)\nprint(found)\n"
CHECKS_PY = 'from exercises.checks import check\n@check("number {number}", points=10)\ndef one(result):\n    assert {version}\n'


def names(students: int = STUDENTS) -> list[str]:
    return [f"student-{number:03}" for number in range(students)]


def notebook(source: str) -> bytes:
    told = {"grade_id": "answer", "solution": True, "schema_version": 3}
    cell = {"cell_type": "code", "id": "a", "metadata": {"nbgrader": told}, "source": source, "outputs": []}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def fill(service, course: str, students: int = STUDENTS, exercises: int = EXERCISES) -> str:
    """Write the course; return the id of a graded submission of the first student in the first exercise."""
    now, store = service.clock(), service.store
    work = [store.put(archive.pack({"notebook.ipynb": notebook(ANSWER.format(number=n, factor=n))})) for n in range(students)]
    executed = store.put(b"")
    identities, rows = count(), {kind: [] for kind in (Submission, Grade, Job, Mark, Progress, Extension)}
    with service.database.write() as session:
        for number in range(exercises):
            made = Exercise(course=course, name=f"exercise-{number:02}")
            session.add(made)
            session.flush()
            versions = [_version(session, store, made, each, now) for each in range(1, VERSIONS + 1)]
            for place, user in enumerate(names(students)):
                _student(rows, identities, made.id, versions, number, user, place, work[place], executed, now)
        for kind, values in rows.items():
            session.execute(insert(kind), values)
    return f"{0:032x}"


def _version(session, store, exercise: Exercise, number: int, now) -> int:
    files = {"exercise.toml": TOML.format(attempts=0, late="accept").encode(), "notebook.ipynb": notebook("answer = 1")}
    files["checks.py"] = CHECKS_PY.format(number=number, version=number).encode()
    files["wrong/first.ipynb"] = json.dumps({"metadata": {"dataflow": {"mistake": "No.", "caught_by": ["check 0"]}}}).encode()
    source = store.put(archive.pack(files, compress=True))
    handed_out = {"notebook.ipynb": notebook("..."), ".exercise/exercise.json": b'{"checks": [{"name": "check 0"}]}'}
    student = store.put(archive.pack(handed_out, compress=True))
    made = Version(exercise_id=exercise.id, number=number, archive=source, student=student, hidden=student, state=ACCEPTED)
    made.title, made.points, made.attempts, made.late = f"Exercise {exercise.name}", 10.0, 0, "accept"
    made.due, made.pushed_by, made.pushed_at, made.report = now + timedelta(days=7), "teacher", now, {"laws": [], "error": None}
    session.add(made)
    session.flush()
    session.add(Job(kind=LAWS, subject=str(made.id), run=1, version_id=made.id, state=DONE, queued_at=now, finished_at=now))
    return made.id


def _student(rows, identities, exercise, versions, number, user, place, work, executed, now) -> None:
    made = 1 + (place + number) % 4
    known = {"exercise_id": exercise, "user": user, "fetched": 3, "fetched_at": now, "checked_at": now, "passed": place % 3}
    checks = {f"check {one}": one < place % 3 for one in range(3)}
    rows[Progress].append({**known, "checks": checks, "tries": place % 5, "moved_at": now})
    if place % 20 == 0:
        more = {"due": now + timedelta(days=9), "attempts": 2, "by": "teacher", "at": now}
        rows[Extension].append({"exercise_id": exercise, "user": user, **more})
    for attempt in range(1, made + 1):
        identity, at = f"{next(identities):032x}", now + timedelta(minutes=attempt)
        version = versions[(place + attempt) % len(versions)]
        common = {"exercise_id": exercise, "version_id": version, "user": user, "number": attempt, "key": f"key-{attempt}"}
        arrived = {"archive": work, "size": 2000, "files": 1, "received_at": at, "late_seconds": 0, "share": 1.0}
        rows[Submission].append({"id": identity, **common, **arrived})
        waits = attempt == made and place % 30 == 7
        state = {"state": QUEUED, "finished_at": None} if waits else {"state": DONE, "finished_at": at}
        job = {"kind": GRADE, "subject": identity, "version_id": version, "queued_at": at, "changed": False, "tries": 1, **state}
        # Every sixth was graded twice.
        for run in range(1, 3 if place % 6 == 0 else 2):
            rows[Job].append({**job, "run": run})
            if not waits:
                rows[Grade].append(_grade(identity, version, run, at, place, attempt, executed))
        if place % 10 == 0:
            rows[Mark].append({"submission_id": identity, "points": 1.0, "comment": "Good.", "by": "teacher", "at": at})


def _grade(identity, version, run, at, place, attempt, executed) -> dict:
    told = [{**check(f"check {one}", 1.25, (place + one + attempt) % 3 > 0), "visible": one < 3} for one in range(CHECKS)]
    points = sum(one["earned"] for one in told)
    verdict = {"message": "Your notebook ran to its end.", "checks": told, "outcome": "check_failed"}
    known = {"submission_id": identity, "version_id": version, "run": run, "outcome": "check_failed", "points": points, "of": 10.0}
    return {**known, "verdict": verdict, "graded_at": at, "seconds": 9.0, "executed": executed if place % 2 else None, "left": None}
