"""Consul knows every service of every group, and says of each what is so."""

import json
import subprocess

import pytest

from tests.helpers.versions import ROOT
from tests.helpers.waiting import wait_until

pytestmark = pytest.mark.docker

# Registered beside what the groups' files start.
OF_THE_CLASS = {"gateway", "platform"}
GROUPS = "source scripts/lib/common.sh; source scripts/lib/groups.sh; for one in $(group_names); do group_services $one; done"

ASK = """
import sys, urllib.request
port, method, path = sys.argv[1:]
request = urllib.request.Request(f"http://consul:{port}{path}", method=method, data=b"x" if method == "PUT" else None)
try:
    with urllib.request.urlopen(request, timeout=10) as answer:
        print(answer.status, answer.read().decode())
except urllib.error.HTTPError as error:
    print(error.code, error.read().decode())
"""

RESOLVE = """
import socket, struct, sys
port, name = int(sys.argv[1]), sys.argv[2]
labels = b"".join(bytes([len(one)]) + one.encode() for one in name.split("."))
question = struct.pack(">6H", 7, 0x100, 1, 0, 0, 0) + labels + b"\\0" + struct.pack(">HH", 1, 1)
asking = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
asking.settimeout(10)
asking.sendto(question, (socket.gethostbyname("consul"), port))
answer = asking.recv(4096)
print(answer[3] & 15, socket.inet_aton(sys.argv[3]) in answer)
"""


def inside(stack, code: str, *arguments: str) -> str:
    """Run a program where the platform's network is."""
    line = ["docker", "exec", "-i", f"{stack.project}-platform", "python", "-", *arguments]
    done = subprocess.run(line, input=code, capture_output=True, text=True, timeout=40)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def ask(stack, settings):
    def asked(path: str, method: str = "GET") -> tuple[int, str]:
        status, _, body = inside(stack, ASK, settings["CONSUL_PORT"], method, path).partition(" ")
        return int(status), body

    return asked


def containers(stack) -> dict[str, bool]:
    """Each service of the groups' files and of the door, and whether its container is healthy."""
    listed = subprocess.run(["bash", "-c", GROUPS], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    found = {}
    for name in {*listed, *OF_THE_CLASS} - {"consul"}:
        line = ["docker", "inspect", "--format", "{{.State.Health.Status}}", f"{stack.project}-{name}"]
        found[name] = subprocess.run(line, capture_output=True, text=True).stdout.strip() == "healthy"
    return found


def test_it_says_of_every_service_what_is_so(stack, ask):
    def differences() -> dict:
        checks = json.loads(ask("/v1/health/state/any")[1])
        said = {one["ServiceID"]: one["Status"] == "passing" for one in checks if one["ServiceID"]}
        so = containers(stack)
        return {name: (said.get(name), so.get(name)) for name in {*said, *so} if said.get(name) != so.get(name)}

    wait_until(
        lambda: not differences(), what="Consul agrees with the engine", seconds=60, every=2, log=lambda: str(differences())
    )
    assert {"storage", "kafka", "spark-master", "spark-worker-1", "spark-history", "nifi", *OF_THE_CLASS} <= set(containers(stack))


def test_a_name_leads_to_the_address_of_what_is_well(stack, settings):
    form = f'{{{{(index .NetworkSettings.Networks "{stack.project}-platform").IPAddress}}}}'
    line = ["docker", "inspect", "--format", form, f"{stack.project}-platform"]
    address = subprocess.run(line, capture_output=True, text=True, check=True).stdout.strip()
    assert inside(stack, RESOLVE, settings["CONSUL_DNS_PORT"], "platform.service.consul", address) == "0 True"
    assert inside(stack, RESOLVE, settings["CONSUL_DNS_PORT"], "nothing.service.consul", address) == "3 False"


def test_nobody_changes_it_from_outside_its_container(ask):
    assert ask("/v1/kv/x", "PUT")[0] == 403
    assert ask("/v1/agent/service/deregister/storage", "PUT")[0] == 403
    assert ask("/v1/kv/x")[0] == 404


def row(stack, name: str) -> str:
    return next(line for line in stack.script("status").splitlines() if line.startswith(f"{name} "))


def consul(stack, *command: str) -> None:
    subprocess.run(["docker", *command], check=True, capture_output=True, timeout=60)


def test_the_table_says_what_consul_says_and_names_it(stack):
    """Somebody takes a service out of use: the engine knows nothing of it."""
    maintenance = ["exec", f"{stack.project}-consul", "consul", "maint", "-service=storage"]
    consul(stack, *maintenance, "-enable")
    try:
        assert "running, maintenance" in row(stack, "storage")
        assert "running, healthy" in row(stack, "kafka")
    finally:
        consul(stack, *maintenance, "-disable")
    assert "running, healthy" in row(stack, "storage")
    assert "health of the groups' services: as Consul says" in stack.script("status")


def test_without_consul_the_table_says_what_the_engine_says(stack, ask):
    consul(stack, "stop", f"{stack.project}-consul")
    try:
        table = stack.script("status")
        assert "as the engine (Consul is not started) says" in table
        assert "running, healthy" in next(line for line in table.splitlines() if line.startswith("storage "))
        assert "exited" in next(line for line in table.splitlines() if line.startswith("consul "))
        consul(stack, "start", f"{stack.project}-consul")
        consul(stack, "pause", f"{stack.project}-consul")
        assert "as the engine (Consul" in stack.script("status")
    finally:
        subprocess.run(["docker", "unpause", f"{stack.project}-consul"], capture_output=True)
        consul(stack, "start", f"{stack.project}-consul")
    healthy = ["docker", "inspect", "--format", "{{.State.Health.Status}}", f"{stack.project}-consul"]
    wait_until(
        lambda: subprocess.run(healthy, capture_output=True, text=True).stdout.strip() == "healthy",
        what="Consul is back", seconds=90, every=2, log=lambda: row(stack, "consul"))
    wait_until(lambda: ask("/v1/agent/health/service/id/storage")[0] == 200, what="Consul has asked storage", seconds=60, every=2,
               log=lambda: row(stack, "storage"))


def test_its_page_and_what_the_page_asks_for_are_behind_the_door(stack, operator):
    page = operator.browser.get(f"{stack.url}/services/consul/", timeout=30)
    assert page.status_code == 200 and page.url == f"{stack.url}/services/consul/ui/"
    assert "/services/consul/ui/assets/" in page.text
    script = next(part for part in page.text.split('"') if part.endswith(".js") and "/assets/consul-ui-" in part)
    code = operator.browser.get(stack.url + script, timeout=60).text
    assert "/services/consul/v1/" in code and '"/v1/' not in code
    services = operator.browser.get(f"{stack.url}/services/consul/v1/catalog/services", timeout=30).json()
    assert services["storage"] == ["core"]
    assert operator.browser.put(f"{stack.url}/services/consul/v1/kv/x", data="x", timeout=30).status_code == 403
