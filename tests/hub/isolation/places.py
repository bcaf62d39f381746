"""Both ends of the probes: containers and listeners that are tried from a lab, and places from which trying succeeds.

Invariant: what is started here is removed at the end, also after a failure; nothing of the machine is changed.
"""

import contextlib
import ipaddress
import json
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.helpers.lab import PYTHON
from tests.helpers.stack import Stack
from tests.helpers.versions import Versions
from tests.hub.isolation.probes import HOST, HUB, OUTSIDER, PRIVILEGED, Probe

PROGRAM = Path(__file__).with_name("program.py")
# As what students start themselves; and as what asks for no port of its own.
LOW, HIGH = 9998, 40123
LINK_LOCAL = "169.254.77.0/24", "169.254.77.254"
HUB_PYTHON = "/opt/hub/bin/python"
SECONDS = 60
# By name, because an engine that is itself confined has no more to give than some.
MAY_DO_EVERYTHING = (
    "--user", "0:0", "--cap-add", "NET_ADMIN", "--cap-add", "NET_RAW", "--cap-add", "SYS_ADMIN",
    "--security-opt", "seccomp=unconfined", "--security-opt", "systempaths=unconfined",
)


def docker(*arguments: str, text: str | None = None) -> str:
    done = subprocess.run(["docker", *arguments], input=text, capture_output=True, text=True, timeout=SECONDS)
    assert done.returncode == 0, f"docker {' '.join(arguments)}: {done.stderr}"
    return done.stdout.strip()


def address(container: str, network: str) -> str:
    return docker("inspect", "--format", f'{{{{(index .NetworkSettings.Networks "{network}").IPAddress}}}}', container)


def gateway(network: str) -> str:
    """The machine's own address on a network. In its first life, an engine does not say the one of its first bridge, and takes the
    first that there is.
    """
    one = json.loads(docker("network", "inspect", "--format", "{{json .IPAM.Config}}", network))[0]
    return one.get("Gateway") or str(next(ipaddress.ip_network(one["Subnet"]).hosts()))


def machines_address() -> str:
    """The one by which the machine reaches others; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        made.connect(("192.0.2.1", 9))
        return made.getsockname()[0]


def free_port() -> int:
    with socket.socket() as made:
        made.bind(("", 0))
        return made.getsockname()[1]


@dataclass(frozen=True)
class World:
    """A class with two labs, a machine, strangers; `try_from` makes attempts in one place."""

    stack: Stack
    lab: str
    hosts: dict[str, str]
    ports: dict[str, int]
    places: dict[str, list[str]]

    def resolved(self, probe: Probe) -> list:
        port = probe.port if isinstance(probe.port, int) else self.ports[probe.port]
        return [probe.name, probe.kind, self.hosts.get(probe.host, probe.host), port]

    def try_from(self, place: str, probes: Iterable[Probe]) -> dict[str, str]:
        """How each ended, by its name."""
        wanted = json.dumps([self.resolved(probe) for probe in probes])
        command = self.places[place]
        program = [str(PROGRAM)] if place == HOST else ["-c", PROGRAM.read_text()]
        done = subprocess.run([*command, *program], input=wanted, capture_output=True, text=True, timeout=SECONDS)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


class Strangers:
    """What is not of the class, and listeners inside what is."""

    def __init__(self, image: str) -> None:
        self.image, self.mark = image, f"dataflow-wall-{uuid.uuid4().hex[:6]}"
        self.containers: list[str] = []
        self.networks: list[str] = []
        self.processes: list[subprocess.Popen] = []

    def network(self, like: str, *options: str) -> str:
        name = f"{self.mark}-{like}"
        docker("network", "create", *options, name)
        self.networks.append(name)
        return name

    def container(self, like: str, *options: str, listen: tuple[str, ...] = ()) -> str:
        name = f"{self.mark}-{like}"
        command = ["-c", PROGRAM.read_text(), "listen", *listen] if listen else ["-c", "import time; time.sleep(3600)"]
        self.containers.append(name)
        docker("run", "--detach", "--init", "--name", name, *options, "--entrypoint", PYTHON, self.image, *command)
        return name

    def listen_in(self, container: str, python: str, *ports: str) -> None:
        """Open ports inside a container of the class for as long as this lives, as somebody in it could."""
        command = ["docker", "exec", "--interactive", container, python, "-c", PROGRAM.read_text(), "listen", *ports]
        self.processes.append(subprocess.Popen(command, stdin=subprocess.DEVNULL))

    def listen_here(self, *ports: str) -> None:
        self.processes.append(subprocess.Popen([sys.executable, str(PROGRAM), "listen", *ports]))

    def close(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()
        for name in self.containers:
            subprocess.run(["docker", "rm", "--force", name], capture_output=True)
        for name in self.networks:
            subprocess.run(["docker", "network", "rm", name], capture_output=True)


@contextlib.contextmanager
def world(stack: Stack, settings: Versions, mine: str, others: str) -> Iterator[World]:
    """Everything around the lab ``mine``; ``others`` is another student's."""
    strangers = Strangers(settings["LAB_IMAGE"])
    try:
        yield _build(stack, settings, mine, others, strangers)
    finally:
        strangers.close()


def _build(stack: Stack, settings: Versions, mine: str, others: str, strangers: Strangers) -> World:
    project = stack.project
    networks = {name: f"{project}-{name}" for name in ("labs", "hub", "platform")}
    both = (str(LOW), str(HIGH), f"udp:{LOW}", f"udp:{HIGH}")
    outsider = strangers.container("outsider", listen=both)
    privileged = strangers.container("privileged", *MAY_DO_EVERYTHING)
    machine, machine_low, published = free_port(), _free_low_port(), free_port()
    evening = strangers.network("evening")
    other_class = strangers.container(
        "evening", "--network", evening, "--publish", f"{published}:{settings['LAB_PORT']}", listen=(settings["LAB_PORT"],))
    link = strangers.network("link", "--subnet", LINK_LOCAL[0])
    strangers.container("link", "--network", link, "--ip", LINK_LOCAL[1], listen=both)
    strangers.listen_here(str(machine), str(machine_low), f"udp:{machine}")
    strangers.listen_in(others, PYTHON, *both, settings["SPARK_UI_PORT"])
    strangers.listen_in(f"{project}-hub", HUB_PYTHON, *both)
    labs_gateway = gateway(networks["labs"])
    hosts = {
        "other lab": address(others, networks["labs"]),
        "other lab's name": others,
        "gateway of bridge": gateway("bridge"),
        "machine's address": machines_address(),
        "outsider": address(outsider, "bridge"),
        "other class": address(other_class, evening),
        "link local": LINK_LOCAL[1],
    }
    for name, network in networks.items():
        hosts[f"gateway of {name}"] = labs_gateway if name == "labs" else gateway(network)
    for name, on in (("proxy", "labs hub"), ("hub", "labs hub"), ("exercises", "hub"), ("gateway", "hub platform"),
                     ("platform", "hub platform")):
        hosts |= {f"{name} on {one}": address(f"{project}-{name}", networks[one]) for one in on.split()}
    ports = {key: int(settings[key]) for key in settings if key.endswith("_PORT")}
    ports |= {"HUB_PORT": stack.port, "low": LOW, "high": HIGH, "machine": machine, "machine low": machine_low,
              "other class": published}
    places = {
        "lab": ["docker", "exec", "--interactive", mine, PYTHON],
        "other lab": ["docker", "exec", "--interactive", others, PYTHON],
        HOST: [sys.executable],
        HUB: ["docker", "exec", "--interactive", f"{project}-hub", HUB_PYTHON],
        OUTSIDER: ["docker", "exec", "--interactive", outsider, PYTHON],
        PRIVILEGED: ["docker", "exec", "--interactive", privileged, PYTHON],
    }
    return World(stack, mine, hosts, ports, places)


def _free_low_port() -> int:
    """One below what the system chooses from."""
    for port in range(20000, 32000):
        with contextlib.suppress(OSError), socket.socket() as made:
            made.bind(("", port))
            return port
    raise AssertionError("no free port")

