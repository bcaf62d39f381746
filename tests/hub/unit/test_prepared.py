"""Labs before their students press: their own, behind everybody who presses, and only as many as the memory bears."""

import pytest

from lab_hub import prepared
from lab_hub.members import Refused
from lab_hub.prepared import Preparation

LIMIT = 2 << 30
GROUPS = [{"name": "course-spark1-student", "users": ["ana", "rui", "eva"]}, {"name": "course-spark1-grader", "users": ["joao"]}]


class Hub:
    """Starts a lab when it is asked for one; it is ready at the second look."""

    def __init__(self, refuse=(), fails=()):
        self.labs, self.refuse, self.fails = {}, refuse, fails
        self.asked = []

    def __call__(self, method, path, body):
        self.asked.append((method, path))
        if path.startswith("/groups"):
            return 200, GROUPS
        name = path.split("/")[2]
        if method == "POST":
            if name in self.refuse:
                return 503, {"message": "no memory"}
            if name not in self.fails:
                self.labs[name] = 0
            return 202, None
        if name not in self.labs:
            return 200, {"servers": {}}
        self.labs[name] += 1
        return 200, {"servers": {"": {"ready": self.labs[name] > 1}}}

    @property
    def started(self):
        return [path.split("/")[2] for method, path in self.asked if method == "POST"]


def prepare(hub, names, most=9, free=None):
    said = []
    left = iter(free or [64 << 30] * 99)
    now = iter(range(10_000))
    made = Preparation(hub, LIMIT, said.append, lambda: next(left), lambda: next(now), lambda seconds: None)
    return made.all(names, most), said


def test_the_students_of_a_course_and_nobody_else():
    assert prepared.students(Hub(), "spark1") == ["ana", "eva", "rui"]
    with pytest.raises(Refused, match="spark2 has no students"):
        prepared.students(Hub(), "spark2")


def test_one_after_the_other_and_the_memory_is_counted():
    hub = Hub()
    failed, said = prepare(hub, ["ana", "eva"], free=[20 << 30, 20 << 30, 19 << 30, 18 << 30])
    assert failed == 0 and hub.started == ["ana", "eva"]
    assert said[0].startswith("ana: ready after ")
    assert said[-1].startswith("2 prepared, with 2 GiB of memory, 1 GiB each.")


def test_not_more_than_asked_for():
    hub = Hub()
    prepare(hub, ["ana", "eva", "rui"], most=2)
    assert hub.started == ["ana", "eva"]


def test_the_last_memory_is_for_those_who_press():
    hub = Hub()
    _, said = prepare(hub, ["ana", "eva"], free=[5 << 30, 5 << 30, 3 << 30, 3 << 30])
    assert hub.started == ["ana"]
    assert any("the machine has 3 GiB of memory free" in line for line in said)


def test_a_lab_that_runs_is_left_alone():
    hub = Hub()
    hub.labs["ana"] = 1
    _, said = prepare(hub, ["ana", "eva"])
    assert hub.started == ["eva"] and said[0] == "ana: runs already"


def test_one_that_cannot_start_keeps_no_other_from_starting():
    hub = Hub(refuse=["ana"], fails=["eva"])
    failed, said = prepare(hub, ["ana", "eva", "rui"])
    assert failed == 2 and hub.started == ["ana", "eva", "rui"]
    assert said[0] == "ana: not started: no memory" and said[1].startswith("eva: not started: the start failed")
