"""The Docker engine, the exercises' service and their runner are killed at random moments, while students hand in and are graded.

Invariant: what was acknowledged is there, byte for byte, under one number each, and graded once, by what is in it. The engine is
killed only while a submission is in the queue or being graded. Here every part is real, on an engine of its own; two hundred kills
of service and runner alone are in tests/exercises/service/test_under_fire.py.
"""

import hashlib
import json
import os
import random
import secrets
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from exercises.client import BUSY, Client, ClientError, packed
from tests.exercises.answers import answered
from tests.exercises.whole.conftest import LAWS_SECONDS, NAME, SOLUTION, at_home
from tests.helpers.waiting import wait_until
from tests.hub.conftest import crash
from tests.hub.faults.far_class import PROJECT

pytestmark = [
    pytest.mark.docker,
    pytest.mark.timeout(5400),
    pytest.mark.skipif(not os.environ.get("DATAFLOW_TEST_FULL"), reason="an engine and a class of their own: DATAFLOW_TEST_FULL=1"),
]

COURSE, STUDENTS, SEED = "fire", 4, 20261127
KILLS = {"engine": 12, "exercises": 12, "runner": 12}
# Seconds between two kills, and between two submissions of one student. A run, which begins anew after most kills, takes ten.
LULL, PAUSE = (0.2, 20.0), (10.0, 50.0)
# As long as an engine takes to come back.
PAUSES = (0.5, 1, 2, 4, 8, 16, 32)
QUEUE_SECONDS, DRAIN_SECONDS = 120, 1800
FULL, NOTHING = 10.0, 0.0
ANSWERS = {SOLUTION: FULL, "this is not Python": NOTHING}
# Grades by submission, and the database's own word on itself.
GRADES = """
import json, sqlite3
database = sqlite3.connect("/srv/exercises/exercises.sqlite")
assert database.execute("pragma integrity_check").fetchall() == [("ok",)]
print(json.dumps(database.execute("select submission_id, count(*) from grades group by submission_id").fetchall()))
"""


@dataclass
class Student:
    """Hands in again and again; remembers what was acknowledged, and what it is worth. `problems` are answers nobody expects."""

    name: str
    client: Client
    chance: random.Random
    version: int
    book: bytes
    acknowledged: dict[str, tuple[dict[str, bytes], float]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    unsure: int = 0

    def hand_in(self) -> None:
        """Submit what nobody has submitted yet."""
        answer, worth = self.chance.choice(list(ANSWERS.items()))
        note = self.chance.randbytes(self.chance.randint(100, 30_000))
        files = {"notebook.ipynb": answered(self.book, answer), "note.txt": note}
        try:
            receipt = self.client.submit(COURSE, NAME, files, version=self.version, key=secrets.token_urlsafe(24))
        except ClientError as error:
            # No answer, or that nobody is there, in spite of all tries: it may have arrived or not.
            away = error.status in (None, *BUSY)
            self.unsure += away
            self.problems += [] if away else [f"{error.status}: {error}"]
            return
        if receipt["sha256"] != hashlib.sha256(packed(files)).hexdigest():
            self.problems.append(f"the receipt {receipt} is of something else")
        self.acknowledged[receipt["id"]] = files, worth

    def go_on(self, over: threading.Event) -> None:
        while not over.wait(self.chance.uniform(*PAUSE)):
            self.hand_in()


@pytest.fixture
def teacher(far, enrol_far, tmp_path):
    """Has pushed an exercise, which students get."""
    person = enrol_far("prof")
    far.stack.script("member", COURSE, person.name, "instructor")
    url = f"{far.stack.url}/services/exercises/"
    own = {"EXERCISES_TOKEN": person.token, "EXERCISES_URL": url}
    due = datetime.now(UTC) + timedelta(days=1)
    at_home(tmp_path, "new", NAME)
    rules = ("--due", due.isoformat(), "--attempts", "0")
    pushed = at_home(tmp_path, "push", NAME, "--course", COURSE, *rules, seconds=LAWS_SECONDS, **own)
    assert f"of {NAME} is accepted" in pushed, pushed + far.engine.logs(f"{PROJECT}-runner", "40")
    return Client(url, person.token, pauses=PAUSES)


@pytest.fixture
def students(teacher, far, enrol_far):
    people = [enrol_far("sam") for _ in range(STUDENTS)]
    far.stack.script("member", COURSE, " ".join(person.name for person in people), "student")
    made = []
    for number, person in enumerate(people):
        client = Client(teacher.url, person.token, pauses=PAUSES)
        version, files = client.fetch(COURSE, NAME)
        made.append(Student(person.name, client, random.Random(SEED + number), version, files["notebook.ipynb"]))
    return made


def acknowledged(students):
    return sum(len(one.acknowledged) for one in students)


def waiting(teacher):
    """Return the submissions that are in the queue or being graded."""
    return [one for one in teacher.everybody(COURSE, NAME) if one["status"] not in ("graded", "failed")]


def kill(far, teacher, name):
    """Kill it; return how long the class needed, from the engine's start, if it was the engine."""
    if name != "engine":
        container = f"{PROJECT}-{name}"
        # The engine waits before it starts again what fell twice within seconds.
        far.until(f"{name} runs", lambda: far.engine.docker("inspect", "--format", "{{.State.Restarting}}", container) == "false")
        crash(container, far.engine.docker)
        return None
    wait_until(lambda: waiting(teacher), what="there is something to grade", seconds=QUEUE_SECONDS, ignore=(ClientError,))
    far.engine.kill()
    began = time.monotonic()
    far.engine.start()
    far.all_work()
    return time.monotonic() - began


def all_graded(teacher):
    """Wait until nothing is to be graded any more; return everybody's submissions, by their ids."""
    wait_until(lambda: not waiting(teacher), what="all is graded", seconds=DRAIN_SECONDS, every=2)
    return {one["id"]: one for one in teacher.everybody(COURSE, NAME)}


def test_what_was_acknowledged_outlives_the_engine(far, teacher, students, measured):
    chance, over = random.Random(SEED), threading.Event()
    threads = [threading.Thread(target=one.go_on, args=(over,)) for one in students]
    for thread in threads:
        thread.start()
    order = [name for name, times in KILLS.items() for _ in range(times)]
    chance.shuffle(order)
    try:
        for number, name in enumerate(order, start=1):
            time.sleep(chance.uniform(*LULL))
            assert [problem for one in students for problem in one.problems] == []
            if seconds := kill(far, teacher, name):
                measured.recovered("engine-killed-under-load", seconds)
            print(f"{number} of {len(order)}: {name} killed, {acknowledged(students)} acknowledged", flush=True)
    finally:
        over.set()
        for thread in threads:
            thread.join()
    rows = all_graded(teacher)
    # A job over which five runners died is given up, for the system's sake; whoever teaches has it graded by a click.
    given_up = [identity for identity, row in rows.items() if row["status"] == "failed"]
    for identity in given_up:
        teacher.regrade(identity)
    rows = all_graded(teacher)

    assert [problem for one in students for problem in one.problems] == []
    for one in students:
        for identity, (files, worth) in one.acknowledged.items():
            row = rows[identity]
            assert (row["user"], row["status"], row["points"]) == (one.name, "graded", worth), row
            assert one.client.files(identity) == files
    counted = dict(json.loads(far.engine.docker("exec", f"{PROJECT}-exercises", "python", "-c", GRADES)))
    # Those too whose receipt was lost on the way.
    assert counted == dict.fromkeys(rows, 1)
    for user, count in Counter(row["user"] for row in rows.values()).items():
        assert sorted(row["number"] for row in rows.values() if row["user"] == user) == list(range(1, count + 1))
    unsure = sum(one.unsure for one in students)
    print(f"{acknowledged(students)} acknowledged, {unsure} without an answer, {len(rows)} there, {len(given_up)} given up")
    # Under load.
    assert acknowledged(students) >= len(order)
