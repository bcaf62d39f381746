"""Kafka alone, as its group starts it: a broker of the tests' own, the platform's side of it, and labs on its network.

Invariant: everything made here has a project name of its own and is removed at the end; what runs in a lab is as limited as a lab.
"""

import json
import os
import socket
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.helpers import lab as labs
from tests.helpers.versions import ROOT, read

HEALTHY_SECONDS = 120
PLATFORM = "10001"
# What the platform's code needs to be the administrator, before each snippet that runs on its side.
ADMIN = """
import json, sys
from lab_platform.keys.kafka import KafkaKeys
from lab_platform.keys.kafka_admin import Access, quotas_of
broker = Access("kafka:{port}", "platform-admin", open("/run/secrets/kafka_admin_password").read().strip())
keys = KafkaKeys(broker, {{"producer_byte_rate": 1e7, "consumer_byte_rate": 2e7, "request_percentage": 100.0}})
"""
LAB = """
import json, sys
from lab_kernel import kafka
"""


@dataclass(frozen=True)
class Container:
    """A running container in which snippets of Python are tried; `answer` is what one prints last, as JSON."""

    name: str
    before: str
    python: str = labs.PYTHON

    def answer(self, code: str, seconds: float = 90):
        command = ["docker", "exec", "--interactive", self.name, self.python, "-P", "-"]
        done = subprocess.run(command, input=self.before + code, capture_output=True, text=True, timeout=seconds)
        assert done.returncode == 0, f"{code}\n{done.stdout}\n{done.stderr}"
        return json.loads(done.stdout.splitlines()[-1])


class Broker:
    """The class's Kafka, as compose runs it."""

    def __init__(self, state: Path) -> None:
        self.project = f"dataflow-kafka-{uuid.uuid4().hex[:6]}"
        self.name = f"{self.project}-kafka"
        self.host_port = _free_port()
        self.state = state
        self.settings = read()

    def compose(self, *arguments: str, seconds: float = 180) -> str:
        own = {"PROJECT": self.project, "STATE_DIR": str(self.state), "KAFKA_HOST_PORT": str(self.host_port)}
        command = [ROOT / "scripts/compose.sh", "--profile", "core", *arguments]
        done = subprocess.run(
            command, env={**os.environ, **own}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=seconds)
        assert done.returncode == 0, f"{done.stdout}\n{self.log()}"
        return done.stdout

    def start(self) -> None:
        secrets = [ROOT / "scripts/secrets.sh"]
        subprocess.run(secrets, env={**os.environ, "STATE_DIR": str(self.state)}, check=True, stdout=subprocess.DEVNULL)
        waiting = ("--wait", "--wait-timeout", str(HEALTHY_SECONDS))
        self.compose("up", "--detach", "--no-build", *waiting, "guard", "kafka", seconds=HEALTHY_SECONDS + 60)

    def log(self) -> str:
        return subprocess.run(
            ["docker", "logs", "--tail", "60", self.name], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout

    def inspect(self, template: str) -> str:
        return subprocess.run(
            ["docker", "inspect", "--format", template, self.name], capture_output=True, text=True, check=True).stdout.strip()

    def kill(self) -> None:
        """End the broker as a crash does: nothing is flushed, nobody is told."""
        script = "kill -9 $(pgrep -f kafka[.]Kafka)"
        subprocess.run(["docker", "exec", self.name, "sh", "-c", script], check=True)

    def wait_until_healthy(self) -> float:
        began = time.monotonic()
        while self.inspect("{{.State.Health.Status}}") != "healthy":
            assert time.monotonic() - began < HEALTHY_SECONDS, self.log()
            time.sleep(0.3)
        return time.monotonic() - began


@pytest.fixture(scope="package")
def broker(tmp_path_factory) -> Iterator[Broker]:
    """A broker that is healthy, with an empty volume of its own."""
    made = Broker(tmp_path_factory.mktemp("kafka") / "state")
    labs.require_image(made.settings["LAB_IMAGE"])
    try:
        made.start()
        yield made
    finally:
        subprocess.run(["docker", "rm", "--force", *_containers(made.project)], capture_output=True)
        made.compose("down", "--volumes")


@pytest.fixture(scope="package")
def platform(broker: Broker) -> Container:
    """The platform's side: on its network, with the administrator's password."""
    name = _start(broker, "platform", f"{broker.project}-platform", PLATFORM, _secret(broker))
    return Container(name, ADMIN.format(port=broker.settings["KAFKA_PORT"]))


@pytest.fixture(scope="package")
def pages(broker: Broker) -> Container:
    """The image in which the pages are served, at the same place."""
    name = _start(broker, "pages", f"{broker.project}-platform", PLATFORM, _secret(broker), broker.settings["PLATFORM_IMAGE"])
    return Container(name, ADMIN.format(port=broker.settings["KAFKA_PORT"]), "/opt/platform/bin/python")


@pytest.fixture(scope="package")
def grant(platform: Container) -> Callable[[str], dict[str, str]]:
    return lambda user: platform.answer(f"print(json.dumps(keys.grant({user!r})))")


@pytest.fixture(scope="package")
def lab(broker: Broker, grant) -> Callable[..., Container]:
    """Start a student's lab with the keys of a fresh grant, or with the given environment."""

    def start(user: str, environment: dict[str, str] | None = None) -> Container:
        given = {"JUPYTERHUB_USER": user, **(grant(user) if environment is None else environment)}
        options = [word for key, value in given.items() for word in ("--env", f"{key}={value}")]
        return Container(_start(broker, f"lab-{uuid.uuid4().hex[:6]}", f"{broker.project}-labs", "1000", options), LAB)

    return start


@pytest.fixture(scope="package")
def ana(lab) -> Container:
    return lab("ana")


def _secret(broker: Broker) -> list[str]:
    path = broker.state / "secrets/kafka_admin_password"
    return ["--volume", f"{path}:/run/secrets/kafka_admin_password:ro"]


def _start(broker: Broker, role: str, network: str, uid: str, options: list[str], image: str = "") -> str:
    name = f"{broker.project}-{role}"
    limits = labs.limits(broker.settings)[2:]
    limits[limits.index("--user") + 1] = uid
    command = [
        "docker", "run", "--detach", "--init", "--name", name, "--network", network, *limits, *options,
        "--volume", f"{ROOT}:{labs.REPO}:ro", "--env", f"PYTHONPATH={labs.REPO}", "--env", "PYTHONDONTWRITEBYTECODE=1",
        "--workdir", "/tmp", image or broker.settings["LAB_IMAGE"], "sleep", "infinity",
    ]
    subprocess.run(command, check=True, capture_output=True)
    return name


def _containers(project: str) -> list[str]:
    query = ["docker", "ps", "--all", "--quiet", "--filter", f"name=^{project}-"]
    return subprocess.run(query, capture_output=True, text=True, check=True).stdout.split()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
