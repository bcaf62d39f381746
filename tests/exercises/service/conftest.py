"""One real hub for all tests here, a fresh service with an empty database for each."""

import secrets
from dataclasses import dataclass

import pytest

from tests.exercises.service import classroom
from tests.exercises.service.samples import EXERCISE, pushed


@pytest.fixture(scope="session")
def hub(tmp_path_factory):
    hub = classroom.RealHub(tmp_path_factory.mktemp("hub"))
    yield hub
    hub.stop()


@pytest.fixture
def clock():
    return classroom.SetClock()


@pytest.fixture
def service(hub, tmp_path, clock):
    with classroom.served(hub, tmp_path, clock) as service:
        yield service


@dataclass(frozen=True)
class People:
    """Tokens of people of one course, which no other test has."""

    course: str
    teacher: str
    grader: str
    ana: str
    bruno: str
    stranger: str


@pytest.fixture
def people(hub) -> People:
    course = "c" + secrets.token_hex(4)
    group = f"course-{course}"
    return People(
        course,
        hub.token(f"teacher-{course}", f"{group}-instructor"),
        hub.token(f"grader-{course}", f"{group}-grader"),
        hub.token(f"ana-{course}", f"{group}-student"),
        hub.token(f"bruno-{course}", f"{group}-student"),
        hub.token(f"stranger-{course}", "course-elsewhere-student"),
    )


@pytest.fixture
def handed_out(service, people):
    """An exercise of the course, handed out: pushed over HTTP, its laws decided as a runner would."""
    pushed(service, people, EXERCISE)
    return f"/api/courses/{people.course}/exercises/{EXERCISE}"
