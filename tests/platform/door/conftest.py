"""The class with its front door, without any group; what has pages is played by a container that tells what reached it.

Invariant: the same class as for the other platform tests; a service whose place the echo takes is stopped first and started after.
"""

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.helpers import stack as stacks
from tests.helpers.hub_client import Person
from tests.helpers.stack import Stack
from tests.helpers.versions import read
from tests.helpers.waiting import wait_until

PLAYED = "spark-history"


def docker(*arguments: str, seconds: float = 60) -> str:
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, timeout=seconds)
    assert done.returncode == 0, f"docker {' '.join(arguments)}: {done.stderr}"
    return done.stdout.strip()


# As long as the one whose place it takes: `enrol`, which asks for a stack, is made once for all tests.
@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The tests' class; groups may run in it, and none has to."""
    with stacks.running(stacks.of_the_tests()) as found:
        yield found


@dataclass(frozen=True)
class People:
    """Everybody whom the gate tells apart. The outsider has an account, and is in no course."""

    student: Person
    instructor: Person
    operator: Person
    outsider: Person


@pytest.fixture(scope="package")
def people(stack: Stack, enrol: Callable[..., Person]) -> People:
    made = People(enrol("ana"), enrol("teo"), enrol("root", admin=True), enrol("bia"))
    stack.script("member", "door", made.student.name, "student")
    stack.script("member", "door", made.instructor.name, "instructor")
    return made


@pytest.fixture(scope="module")
def echo(stack: Stack) -> Iterator[str]:
    """The address of the echo, through the front door."""
    settings, name = read(), f"{stack.project}-test-echo"
    place, port = f"{stack.project}-{PLAYED}", settings["SPARK_HISTORY_PORT"]
    runs = subprocess.run(["docker", "inspect", "--format", "{{.State.Running}}", place], capture_output=True, text=True)
    if runs.stdout.strip() == "true":
        docker("stop", place)
    subprocess.run(["docker", "rm", "--force", name], capture_output=True)
    script = Path(__file__).with_name("echo.py")
    docker(
        *("run", "--detach", "--name", name, "--network", f"{stack.project}-platform", "--network-alias", PLAYED),
        *("--user", "10001", "--read-only", "--cap-drop", "ALL", "--memory", "128m", "--volume", f"{script}:/echo.py:ro"),
        *(settings["PLATFORM_IMAGE"], "python", "/echo.py", port),
    )
    probe = f"import socket; socket.create_connection(('127.0.0.1', {port}), 2)"
    wait_until(
        lambda: subprocess.run(["docker", "exec", name, "python", "-c", probe], capture_output=True).returncode == 0,
        what="the echo listens",
        seconds=20,
    )
    yield f"{stack.url}/services/{PLAYED}"
    docker("rm", "--force", name)
    if runs.stdout.strip() == "true":
        docker("start", place)
        state = ("inspect", "--format", "{{.State.Health.Status}}", place)
        wait_until(lambda: docker(*state) == "healthy", what=f"{place} is back", seconds=90, every=1)
