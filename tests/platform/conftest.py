"""The class with its groups of services started, beside any running class.

Invariant: one stack for all tests of this folder, made by the scripts that an operator uses; a stack that was not there before is
removed with its data; a failing test shows the logs of the services it may have been about.
"""

import subprocess
import uuid
from collections.abc import Callable, Iterator

import pytest

from tests.helpers import hub_client
from tests.helpers import stack as stacks
from tests.helpers.hub_client import Person
from tests.helpers.stack import Stack

GROUPS = ("core", "processing")
START_SECONDS = 1500
OWN_PASSWORD = "my very own words"
TIMES = pytest.StashKey[list]()


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The tests' class with all groups that there are."""
    with stacks.running(stacks.of_the_tests()) as found:
        found.script("start", *GROUPS, seconds=START_SECONDS)
        yield found


@pytest.fixture(scope="session")
def enrol(stack: Stack) -> Callable[..., Person]:
    """Make an account for a name like this one (admin=True: an operator), and log in for the first time."""

    def make(like: str, *, admin: bool = False) -> Person:
        name = f"{like}{uuid.uuid4().hex[:6]}"
        return hub_client.log_in(stack.url, name, stack.user(name, admin=admin), OWN_PASSWORD)

    return make


@pytest.fixture(scope="session")
def student(enrol: Callable[..., Person]) -> Person:
    return enrol("ana")


@pytest.fixture(scope="session")
def operator(enrol: Callable[..., Person]) -> Person:
    return enrol("root", admin=True)


@pytest.fixture(scope="session")
def lesson_times(request: pytest.FixtureRequest) -> list:
    """Where each lesson's time is noted: (where it computed, what became of it)."""
    return request.config.stash.setdefault(TIMES, [])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if times := config.stash.get(TIMES, []):
        terminalreporter.section("lessons on the platform")
        for place, ran in times:
            verdict = "passed" if ran.status == 0 else "FAILED"
            terminalreporter.write_line(f"{place:<8} {ran.lesson:<32} {verdict} {ran.seconds:5.0f} s")


def service_logs(stack: Stack, lines: int = 25) -> Iterator[tuple[str, str]]:
    """Yield the last lines of each container of the class."""
    query = ["docker", "ps", "--all", "--filter", f"name=^{stack.project}-", "--format", "{{.Names}}"]
    for name in subprocess.run(query, capture_output=True, text=True).stdout.split():
        tail = ["docker", "logs", "--tail", str(lines), name]
        yield name, subprocess.run(tail, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo):
    report = yield
    running = item.funcargs.get("stack") if hasattr(item, "funcargs") else None
    if report.failed and isinstance(running, Stack):
        report.sections.extend(service_logs(running))
    return report
