"""The hub's real stack: proxy, hub and labs, beside any running class.

Invariant: one stack for all tests of this folder; a test that needs other settings changes the hub's container and puts it back;
a stack that was not there before is removed with its volumes; a failing test shows the logs of everything that was involved.
"""

import subprocess
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from tests.helpers import hub_client
from tests.helpers import stack as stacks
from tests.helpers.hub_client import Person
from tests.helpers.stack import Stack
from tests.helpers.waiting import wait_until
from tests.hub.faults.measured import Measured

OWN_PASSWORD = "my very own words"


def docker(*arguments: str, seconds: float = 90) -> str:
    """Run the docker client and return what it printed. Raises with its error."""
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, timeout=seconds)
    if done.returncode != 0:
        raise AssertionError(f"docker {' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout.strip()


def hub_log(stack: Stack, lines: int = 2000) -> str:
    """Return the last lines of the hub's log."""
    command = ["docker", "logs", "--tail", str(lines), f"{stack.project}-hub"]
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout


def crash(container: str, docker: Callable[..., str] = docker) -> None:
    """Kill every process of a container at once, as the kernel would: it is the engine's turn then, and nobody else's."""
    # The engine calls a container running while it waits before it starts it anew; only the process is another then.
    life = ("inspect", "--format", "{{.State.Pid}} {{.State.StartedAt}}", container)
    before, said = docker(*life), ""
    try:
        docker("exec", container, "sh", "-c", "kill -KILL -1")
    except AssertionError as error:
        # So it ends when it is killed itself.
        said = str(error)
    wait_until(lambda: docker(*life) != before, what=f"{container} is gone", seconds=10, every=0.02, log=lambda: said)


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The tests' class, running."""
    found = stacks.of_the_tests()
    before = subprocess.run(["docker", "inspect", f"{found.project}-hub"], capture_output=True).returncode == 0
    try:
        found.up()
        yield found
    finally:
        if not before:
            found.down(forget=True)


@pytest.fixture(scope="session")
def measured() -> Iterator[Measured]:
    """What each fault took; on the page in docs/ when WRITE=1."""
    run = Measured()
    yield run
    run.write_if_asked()


@pytest.fixture(scope="session")
def enrol(stack: Stack) -> Callable[[str], Person]:
    """Make an account for a name like this one, and log in for the first time."""

    def make(like: str) -> Person:
        name = f"{like}{uuid.uuid4().hex[:6]}"
        return hub_client.log_in(stack.url, name, stack.user(name), OWN_PASSWORD)

    return make


@pytest.fixture(scope="module")
def hub_with(stack: Stack) -> Iterator[Callable[..., None]]:
    """`hub_with(LAB_IMAGE="x")` replaces the hub's container by one with other settings, `hub_with()` puts it back.

    Labs and proxy stay. At the end of a module the hub is as it was.
    """
    now: dict[str, str] = {}

    def change(**settings: str) -> None:
        if settings != now:
            other = replace(stack, more={**stack.more, **settings})
            other.script("compose", "up", "--detach", "--wait", "--wait-timeout", "120", "--no-build", "hub")
            now.clear()
            now.update(settings)

    yield change
    change()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo):
    report = yield
    running = item.funcargs.get("stack") if hasattr(item, "funcargs") else None
    if report.failed and isinstance(running, Stack):
        report.sections.append(("proxy and hub", running.logs()))
        names = docker("ps", "--all", "--filter", f"label=dataflow.project={running.project}", "--format", "{{.Names}}")
        for name in names.split():
            tail = subprocess.run(
                ["docker", "logs", "--tail", "40", name], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
            )
            report.sections.append((f"lab {name}", tail.stdout))
    return report
