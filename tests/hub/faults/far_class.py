"""A class on an engine that a test may stop and kill.

Invariant: it is started by the same scripts as any other; whoever waits for it in vain is told what engine and hub last wrote.
"""

from dataclasses import dataclass

import requests

from tests.helpers.stack import Stack
from tests.helpers.waiting import wait_until
from tests.hub.faults.second_engine import SecondEngine

PROJECT = "dataflow-engine"
IMAGES = ("LAB", "HUB", "PROXY", "EXERCISES", "GATEWAY", "PLATFORM", "GUARD", "BASE")
# How long is waited; what it may take is in the registry of faults.
WAIT_SECONDS = 180
PING = "import docker; docker.APIClient(version='auto').ping()"


@dataclass(frozen=True)
class FarClass:
    engine: SecondEngine
    stack: Stack

    def until(self, what, probe, *ignore):
        def log():
            containers = self.engine.docker("ps", "--all")
            return "\n".join((self.engine.last_lines(), containers, self.engine.logs(f"{PROJECT}-hub", "40")))

        return wait_until(probe, what=what, seconds=WAIT_SECONDS, ignore=(requests.RequestException, *ignore), log=log)

    def all_work(self):
        """Return when every service does its job: the hub reaches engine and proxy, the runner the engine; labs are kept apart."""
        mine = ("--filter", f"label=com.docker.compose.project={PROJECT}")

        def work():
            states = self.engine.docker("ps", "--all", *mine, "--format", "{{.State}}")
            assert set(states.split()) == {"running"}, states
            self.engine.docker("exec", f"{PROJECT}-hub", "python", "/opt/hub/etc/health.py")
            self.engine.docker("exec", f"{PROJECT}-runner", "python", "-c", PING)
            self.engine.docker("exec", f"{PROJECT}-guard", "guard", "status")
            return requests.get(f"{self.stack.url}/hub/health", timeout=3).status_code == 200

        self.until("all services of the class do their job", work, AssertionError)
