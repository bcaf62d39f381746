"""The wall holds for a hundred labs: addresses, rules and processes do not run out, and nothing gets slower with each.

DATAFLOW_TEST_FULL=1 alone: a hundred containers with the limits of a lab take a small machine a minute or two.
"""

import ipaddress
import json
import os
import socket
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.helpers import lab
from tests.hub.conftest import docker
from tests.hub.isolation.places import PROGRAM
from tests.hub.isolation.probes import ALLOWED

pytestmark = [
    pytest.mark.docker,
    pytest.mark.skipif(not os.environ.get("DATAFLOW_TEST_FULL"), reason="a hundred containers: DATAFLOW_TEST_FULL=1"),
]
LABS, AT_ONCE, PORT = 100, 4, 9998


@pytest.fixture
def hundred(stack, settings):
    """A hundred containers that are as limited as labs, where labs are; the first listens."""
    mark = f"dataflow-wall-{uuid.uuid4().hex[:6]}"
    limits = lab.limits(settings)
    limits[limits.index("none")] = f"{stack.project}-labs"

    def start(number: int) -> str:
        name = f"{mark}-{number}"
        listen = ["--entrypoint", lab.PYTHON] if number == 0 else ["--entrypoint", "sleep"]
        command = ["-c", PROGRAM.read_text(), "listen", str(PORT)] if number == 0 else ["3600"]
        docker("run", "--detach", "--init", "--name", name, *limits, *listen, settings["LAB_IMAGE"], *command)
        return name

    try:
        began = time.monotonic()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            names = list(pool.map(start, range(LABS)))
        print(f"{LABS} containers in {time.monotonic() - began:.0f} s")
        yield names
    finally:
        left = docker("ps", "--all", "--quiet", "--filter", f"name=^{mark}-").split()
        if left:
            docker("rm", "--force", *left, seconds=300)


def rules(stack) -> int:
    """How many of the machine's rules are about this class's labs."""
    command = "iptables-nft -S; iptables-legacy -S 2> /dev/null; true"
    return docker("exec", f"{stack.project}-guard", "sh", "-c", command).count(f"{bridge(stack)} ")


def bridge(stack) -> str:
    return docker("network", "inspect", "--format", '{{index .Options "com.docker.network.bridge.name"}}', f"{stack.project}-labs")


def test_a_hundred_labs_are_apart(stack, settings, hundred):
    network = json.loads(docker("network", "inspect", f"{stack.project}-labs"))[0]
    pool = network["IPAM"]["Config"][0]
    of_labs = ipaddress.ip_network(pool["IPRange"])
    where = {one["Name"]: ipaddress.ip_interface(one["IPv4Address"]).ip for one in network["Containers"].values()}
    assert len({where[name] for name in hundred}) == LABS
    assert all(where[name] in of_labs for name in hundred)
    assert of_labs.num_addresses >= 5 * LABS
    # As many rules as for two labs: none is for one of them.
    assert rules(stack) < 60
    wanted = [["another", "tcp", str(where[hundred[0]]), PORT], *([probe.name, "tcp", probe.host, int(settings[probe.port])]
                                                                    for probe in ALLOWED[:2])]
    for name in (hundred[1], hundred[LABS // 2], hundred[-1]):
        program = [lab.PYTHON, "-c", f"import io, sys; sys.stdin = io.StringIO({json.dumps(wanted)!r})\n" + PROGRAM.read_text()]
        began = time.monotonic()
        found = json.loads(docker("exec", name, *program))
        print(f"{name}: {found} in {time.monotonic() - began:.1f} s")
        assert found == {"another": "refused", "the hub's API": "open", "the proxy": "open"}
    # The listener is there: the machine itself reaches it.
    socket.create_connection((str(where[hundred[0]]), PORT), 5).close()
