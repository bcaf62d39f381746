"""Many at once, and processes that are killed: whatever was acknowledged is there, byte for byte, and graded once."""

import os
import random
import threading
import time
from collections import Counter

import pytest
from sqlalchemy import select

from exercises.service.models import DONE, Grade, Job, Submission
from tests.exercises.runner import queue_of
from tests.exercises.service import processes
from tests.exercises.service.classroom import wait_for

pytestmark = pytest.mark.timeout(1800)

COURSE, GROUP = "c", "course-c-student"
# All arrive within so many seconds, and nobody waits longer than that for the receipt, but for one in twenty.
STUDENTS, WITHIN, P95 = 100, 10.0, 2.0
KILLS = 200 if os.environ.get("DATAFLOW_TEST_FULL") else 15
SUBMITTERS, SEED = 8, 20260302
DRAIN_SECONDS = 300


@pytest.fixture
def lesson(hub, tmp_path):
    """The two processes over an exercise that is handed out, with one submission graded already."""
    queue_of.fill(tmp_path, 1)
    made = processes.Class(hub, tmp_path)
    yield made
    made.stop()


@pytest.fixture
def class_of(hub, lesson):
    def enrol(prefix: str, count: int) -> list[processes.Student]:
        names = [f"{prefix}-{number}" for number in range(count)]
        tokens = hub.crowd(GROUP, names)
        return [processes.student(lesson, name, tokens[name], COURSE, number) for number, name in enumerate(names)]

    return enrol


def ended(database) -> bool:
    with database.read() as session:
        return session.scalars(select(Job.id).where(Job.state != DONE)).first() is None


def nothing_is_lost(lesson, students: list[processes.Student]) -> int:
    """Assert it of all that was acknowledged; return how much that is."""
    database, store = queue_of.open_(lesson.data)
    try:
        wait_for(lambda: ended(database), DRAIN_SECONDS)
        with database.read() as session:
            rows = {one.id: one for one in session.scalars(select(Submission))}
            grades = Counter(session.scalars(select(Grade.submission_id)))
            points = dict(session.execute(select(Grade.submission_id, Grade.points)).all())
    finally:
        database.close()
    assert [problem for one in students for problem in one.problems] == []
    for one in students:
        for identity, data in one.receipts.items():
            assert rows[identity].user == one.name and store.get(rows[identity].archive) == data
    # Those too whose receipt was lost on the way: whole, graded once, by what is in them, and under one number each.
    assert grades == Counter(dict.fromkeys(rows, 1))
    for identity, found in rows.items():
        files = processes.archive.unpack(store.get(found.archive))
        cells = len(processes.json.loads(files["notebook.ipynb"])["cells"])
        assert points[identity] == cells % 11 * found.share
    for user, count in Counter(one.user for one in rows.values()).items():
        assert sorted(one.number for one in rows.values() if one.user == user) == list(range(1, count + 1))
    return sum(len(one.receipts) for one in students)


def test_a_hundred_submit_within_ten_seconds_while_grading_runs(lesson, class_of):
    students, chance = class_of("load", STUDENTS), random.Random(SEED)
    began = time.monotonic()

    def arrive(one: processes.Student, after: float) -> None:
        time.sleep(max(0.0, began + after - time.monotonic()))
        one.hand_in()

    arrivals = [(one, chance.uniform(0, WITHIN - P95)) for one in students]
    threads = [threading.Thread(target=arrive, args=arrival) for arrival in arrivals]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.monotonic() - began
    assert nothing_is_lost(lesson, students) == STUDENTS
    seconds = sorted(second for one in students for second in one.seconds)
    p95 = seconds[int(len(seconds) * 0.95) - 1]
    middle = seconds[len(seconds) // 2]
    print(f"{len(seconds)} receipts in {took:.1f} s; median {middle:.3f} s, p95 {p95:.3f} s, last {seconds[-1]:.3f} s")
    assert took <= WITHIN and p95 <= P95


def test_killed_at_any_moment_nothing_is_lost_halved_or_graded_twice(lesson, class_of):
    """The service and the runner, by SIGKILL, `KILLS` times in all."""
    students, chance, over = class_of("crash", SUBMITTERS), random.Random(SEED), threading.Event()

    def go_on(one: processes.Student) -> None:
        while not over.is_set():
            one.hand_in()

    threads = [threading.Thread(target=go_on, args=(one,)) for one in students]
    for thread in threads:
        thread.start()
    killed = Counter()
    try:
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.05, 1.2))
            name = chance.choice(("service", "runner"))
            lesson.kill(name)
            lesson.start(name)
            killed[name] += 1
    finally:
        over.set()
        for thread in threads:
            thread.join()
    taken = nothing_is_lost(lesson, students)
    print(f"{dict(killed)} killed, {taken} acknowledged, {sum(one.unsure for one in students)} without an answer")
    # Under load, and both of them.
    assert taken >= KILLS and min(killed["service"], killed["runner"]) >= KILLS / 5
