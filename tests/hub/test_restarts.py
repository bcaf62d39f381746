"""What may fall while students work: the hub, at any moment, and the proxy. No kernel is lost, and the way back is short."""

import time

import pytest
import requests

from tests.helpers.waiting import wait_until
from tests.hub.conftest import docker, hub_log

pytestmark = pytest.mark.docker

# watch_seconds, plus the proxy's own start and one round.
ROUTES_BACK_SECONDS = 15
HUB_BACK_SECONDS = 90


@pytest.fixture(scope="module")
def eva(enrol):
    return enrol("eva")


@pytest.fixture(scope="module")
def kernel(eva):
    lab = eva.start()
    started = lab.kernel()
    started.run("kept = 'a variable'").ok()
    yield started
    started.close()
    eva.stop()


def hub_answers(stack):
    return requests.get(f"{stack.url}/hub/health", timeout=3).status_code == 200


def wait_for_hub(stack):
    wait_until(
        lambda: hub_answers(stack),
        what="the hub answers again",
        seconds=HUB_BACK_SECONDS,
        ignore=(requests.RequestException,),
        log=lambda: hub_log(stack, 40),
    )


@pytest.mark.parametrize("how", ["restart", "kill"])
def test_the_hub_falls_under_a_running_kernel(stack, eva, kernel, how):
    hub = f"{stack.project}-hub"
    lab = f"{stack.project}-lab-{eva.name}"
    started_at = docker("inspect", "--format", "{{.State.StartedAt}}", lab)
    # A cell that runs across the fall.
    message = kernel.send("import time\ntime.sleep(8)\nprint(kept)")
    if how == "restart":
        docker("restart", "--time", "10", hub)
    else:
        docker("kill", "--signal", "KILL", hub)
        docker("start", hub)
    assert kernel.result(message, 60).ok().text == "a variable\n", "the same websocket, never reconnected"
    wait_for_hub(stack)
    assert kernel.alive()
    model = wait_until(eva.server, what="the hub knows the lab", seconds=60, log=lambda: hub_log(stack, 40))
    assert model["ready"]
    assert docker("inspect", "--format", "{{.State.StartedAt}}", lab) == started_at
    assert kernel.lab.request("GET", "api/status").status_code == 200


def test_the_hub_falls_while_a_lab_starts(stack, enrol):
    """What it left behind does not stand in the way of the next start."""
    jon = enrol("jon")
    jon.click_start()
    lab = f"{stack.project}-lab-{jon.name}"
    wait_until(lambda: docker("ps", "--quiet", "--filter", f"name=^{lab}$"), what="the container is there", seconds=30, every=0.05)
    docker("kill", "--signal", "KILL", f"{stack.project}-hub")
    docker("start", f"{stack.project}-hub")
    wait_for_hub(stack)
    wait_until(lambda: jon.server() is None, what="the half start is forgotten", seconds=60, log=lambda: hub_log(stack, 40))
    assert jon.start().request("GET", "api/status").status_code == 200
    jon.stop()


def test_the_proxy_falls_and_its_routes_come_back(stack, eva, kernel):
    docker("restart", "--time", "1", f"{stack.project}-proxy")
    began = time.monotonic()
    wait_until(
        lambda: kernel.lab.request("GET", "api/status").status_code == 200,
        what="the lab is reached again",
        seconds=ROUTES_BACK_SECONDS,
        ignore=(requests.RequestException,),
        log=lambda: hub_log(stack, 40),
    )
    print(f"routes back after {time.monotonic() - began:.1f} s")
    kernel.reconnect()
    assert kernel.run("kept").ok().value == "'a variable'"
    assert "giving them back" in hub_log(stack, 200)
