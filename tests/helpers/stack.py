"""A real class, started by the same scripts as any other, beside one that may be running.

Invariant: whatever is started here has its own project name, port, state folder, networks and
volumes; a running class is never touched. A failing script raises with what it printed.
"""

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.helpers.versions import ROOT

UP_SECONDS = 1500
SCRIPT_SECONDS = 180
# As DockerSpawner writes one that is in a person's name: it is the sign of what it escapes.
HYPHEN = "-2d"

_TEST_STACK = (
    "source scripts/lib/common.sh; source scripts/lib/test_stack.sh; use_test_stack; "
    'printf "%s\\n" "$PROJECT" "$HUB_PORT" "$STATE_DIR"'
)
# On a line of its own.
_PASSWORD = re.compile(r"^\s+(\S+)\s*$", re.MULTILINE)


class StackError(AssertionError):
    """A script failed; the message has its output."""


@dataclass(frozen=True)
class Stack:
    """One class: its project name, its port on the host, where its secrets lie, and where its host is found."""

    project: str
    port: int
    state: Path
    more: Mapping[str, str] = field(default_factory=dict)
    address: str = "127.0.0.1"

    @property
    def url(self) -> str:
        return f"http://{self.address}:{self.port}"

    def lab(self, name: str) -> str:
        """Return what the container of this person's lab is called."""
        return f"{self.project}-lab-{name.replace('-', HYPHEN)}"

    def script(self, name: str, *arguments: str, seconds: float = SCRIPT_SECONDS) -> str:
        """Run scripts/NAME.sh for this class and return what it printed."""
        own = {"PROJECT": self.project, "HUB_PORT": str(self.port), "STATE_DIR": str(self.state)}
        done = subprocess.run(
            [ROOT / "scripts" / f"{name}.sh", *arguments],
            cwd=ROOT,
            env={**os.environ, **own, **self.more},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=seconds,
        )
        if done.returncode != 0:
            raise StackError(
                f"scripts/{name}.sh {arguments}: exit {done.returncode}\n{done.stdout}"
            )
        return done.stdout

    def up(self) -> str:
        return self.script("up", seconds=UP_SECONDS)

    def down(self, *, forget: bool = False) -> str:
        return self.script("down", *(["--forget"] if forget else []))

    def user(self, name: str, *, admin: bool = False) -> str:
        """Make an account and return its one-time password."""
        printed = self.script("user", name, *(["1"] if admin else []))
        found = _PASSWORD.search(printed)
        if found is None:
            raise StackError(f"make user printed no password:\n{printed}")
        return found[1]

    def logs(self) -> str:
        """The last lines of proxy and hub."""
        containers = (f"{self.project}-proxy", f"{self.project}-hub")
        command = ["docker", "logs", "--tail", "60"]
        return "\n".join(
            subprocess.run(
                [*command, name], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
            ).stdout
            for name in containers
        )


@contextmanager
def running(stack: Stack) -> Iterator[Stack]:
    """Have the class running; one that was not there before is removed with all it kept."""
    command = ["docker", "inspect", f"{stack.project}-hub"]
    before = subprocess.run(command, capture_output=True).returncode == 0
    try:
        stack.up()
        yield stack
    finally:
        if not before:
            stack.down(forget=True)


def of_the_tests() -> Stack:
    """Return the tests' own class, as scripts/test.sh names it."""
    printed = subprocess.run(
        ["bash", "-c", _TEST_STACK], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    project, port, state = printed.splitlines()[-3:]
    return Stack(project, int(port), Path(state))
