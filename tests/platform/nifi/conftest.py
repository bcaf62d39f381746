"""NiFi alone, as its group starts it.

Invariant: everything made here has a project name of its own and is removed at the end, with its volumes; the flows are brought by
the script that an operator uses.
"""

import json
import os
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.versions import ROOT, read

HEALTHY_SECONDS = 180
FLOWS = ROOT / "compose/nifi/flows"
# Prints what the API answers; run inside the container, where the page's name leads somewhere.
ASK = """
import os, sys, urllib.request
base = f"http://{os.environ['NIFI_PAGES_NAME']}:{os.environ['NIFI_PORT']}"
request = urllib.request.Request(base + sys.argv[1], method=sys.argv[2])
sys.stdout.write(urllib.request.urlopen(request, timeout=30).read().decode())
"""


class Nifi:
    """The class's NiFi, as compose runs it."""

    def __init__(self, state: Path) -> None:
        self.project = f"dataflow-nifi-{uuid.uuid4().hex[:6]}"
        self.name = f"{self.project}-nifi"
        self.settings = read()
        self._environment = {**os.environ, "PROJECT": self.project, "STATE_DIR": str(state)}

    def script(self, name: str, *arguments: str, seconds: float = 240) -> subprocess.CompletedProcess[str]:
        command = [ROOT / "scripts" / f"{name}.sh", *arguments]
        return subprocess.run(
            command, env=self._environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=seconds)

    def compose(self, *arguments: str) -> None:
        done = self.script("compose", "--profile", "processing", *arguments)
        assert done.returncode == 0, f"{done.stdout}\n{self.log()}"

    def start(self) -> None:
        assert self.script("secrets").returncode == 0
        self.compose("up", "--detach", "--no-build", "--wait", "--wait-timeout", str(HEALTHY_SECONDS), "guard", "nifi")

    def log(self) -> str:
        command = ["docker", "logs", "--tail", "60", self.name]
        return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout

    def address(self, network: str) -> str:
        """NiFi's own in one of the class's networks."""
        template = f'{{{{(index .NetworkSettings.Networks "{self.project}-{network}").IPAddress}}}}'
        command = ["docker", "inspect", "--format", template, self.name]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    def flows(self, folder: Path = FLOWS) -> list[str]:
        """Bring the flows; what was said of each."""
        done = self.script("nifi-flows", str(folder))
        assert done.returncode == 0, f"{done.stdout}\n{self.log()}"
        return [line for line in done.stdout.splitlines() if not line.startswith("[")]

    def run(self, *command: str, text: str | None = None) -> str:
        """Run something inside NiFi's container."""
        done = subprocess.run(
            ["docker", "exec", "--interactive", self.name, *command], input=text, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, f"{command}: {done.stderr}\n{self.log()}"
        return done.stdout

    def page(self, path: str, method: str = "GET") -> str:
        return self.run("python3", "-I", "-c", ASK, path, method)

    def api(self, path: str, method: str = "GET") -> Any:
        return json.loads(self.page(f"/nifi-api{path}", method))

    def landed(self, folder: str) -> dict[str, str]:
        """File name to content, of one folder of the landing zone."""
        code = (
            "import json, pathlib, sys; folder = pathlib.Path('/srv/landing', sys.argv[1]);"
            "print(json.dumps({one.name: one.read_text() for one in folder.glob('[!.]*')}))"
        )
        return json.loads(self.run("python3", "-I", "-c", code, folder))

    def ids(self) -> dict[str, tuple[str, ...]]:
        """Each flow's id and those of its processors, all of which a replaced flow has anew."""
        groups = self.api("/process-groups/root/process-groups")["processGroups"]
        return {
            group["component"]["name"]: (
                group["id"],
                *sorted(one["id"] for one in self.api(f"/process-groups/{group['id']}/processors")["processors"]),
            )
            for group in groups
        }

    def states(self) -> set[str]:
        found = self.api("/flow/process-groups/root/status?recursive=true")["processGroupStatus"]["aggregateSnapshot"]
        return {
            one["processorStatusSnapshot"]["runStatus"]
            for group in found["processGroupStatusSnapshots"]
            for one in group["processGroupStatusSnapshot"]["processorStatusSnapshots"]
        }


@pytest.fixture(scope="package")
def nifi(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nifi]:
    """A NiFi with the project's flows in it."""
    found = Nifi(tmp_path_factory.mktemp("nifi") / "state")
    try:
        found.start()
        found.flows()
        yield found
    finally:
        found.script("compose", "--profile", "processing", "down", "--volumes", "--timeout", "10")
