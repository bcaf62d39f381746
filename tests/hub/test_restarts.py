"""What may fall while students work: the hub, at any moment, and the proxy. No kernel is lost, and the way back is short."""

import os
import time
from datetime import UTC, datetime

import pytest
import requests

from tests.helpers.held_start import held_start
from tests.helpers.waiting import wait_until
from tests.hub.conftest import crash, docker, hub_log

pytestmark = pytest.mark.docker

# How long is waited; what it may take is in the registry of faults.
ROUTES_BACK_SECONDS = 30
HUB_BACK_SECONDS = 90
AWAY_SECONDS = 10
STEADY_SECONDS = 11
# Twenty take six minutes.
KILLS = 20 if os.environ.get("DATAFLOW_TEST_FULL") else 3


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


def uptime(container):
    """Return since when a container runs, in seconds, by the engine's word."""
    started = datetime.fromisoformat(docker("inspect", "--format", "{{.State.StartedAt}}", container)[:19] + "+00:00")
    return (datetime.now(UTC) - started).total_seconds()


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


def fall(stack, eva, kernel, down):
    """Take the hub down under a running cell; return how long it took until it was back and knew the lab."""
    lab = stack.lab(eva.name)
    started_at = docker("inspect", "--format", "{{.State.StartedAt}}", lab)
    # A cell that runs across the fall.
    message = kernel.send("import time\ntime.sleep(8)\nprint(kept)")
    began = time.monotonic()
    down(f"{stack.project}-hub")
    wait_for_hub(stack)
    model = wait_until(eva.server, what="the hub knows the lab", seconds=60, log=lambda: hub_log(stack, 40))
    seconds = time.monotonic() - began
    assert model["ready"]
    assert kernel.result(message, 60).ok().text == "a variable\n", "the same websocket, never reconnected"
    assert kernel.alive()
    assert docker("inspect", "--format", "{{.State.StartedAt}}", lab) == started_at
    assert kernel.lab.request("GET", "api/status").status_code == 200
    return seconds


def test_the_hub_restarts_under_a_running_kernel(stack, eva, kernel):
    fall(stack, eva, kernel, lambda hub: docker("restart", "--time", "10", hub))


def test_the_hub_is_killed_under_a_running_kernel(stack, eva, kernel, measured):
    for _ in range(KILLS):
        # The engine doubles its wait before each new start of what fell within ten seconds of the last one.
        wait_until(lambda: uptime(f"{stack.project}-hub") > STEADY_SECONDS, what="the hub has run for a while", seconds=30)
        measured.recovered("hub-killed", fall(stack, eva, kernel, crash))


def test_the_hub_falls_while_a_lab_starts(stack, enrol, measured):
    """What it left behind does not stand in the way of the next start."""
    jon = enrol("jon")
    with held_start(stack.lab(jon.name)) as frozen:
        jon.click_start()
        assert frozen.wait(30) and jon.server()["pending"] == "spawn", jon.server()
        began = time.monotonic()
        crash(f"{stack.project}-hub")
    wait_for_hub(stack)
    wait_until(lambda: jon.server() is None, what="the half start is forgotten", seconds=60, log=lambda: hub_log(stack, 40))
    measured.recovered("hub-killed-while-starting", time.monotonic() - began)
    assert jon.start().request("GET", "api/status").status_code == 200
    jon.stop()


def reached(stack, kernel):
    """Return when the lab is reached through the proxy."""
    wait_until(
        lambda: kernel.lab.request("GET", "api/status").status_code == 200,
        what="the lab is reached again",
        seconds=ROUTES_BACK_SECONDS,
        every=0.1,
        ignore=(requests.RequestException,),
        log=lambda: hub_log(stack, 40),
    )


def the_kernel_went_on(stack, kernel):
    kernel.reconnect()
    assert kernel.run("kept").ok().value == "'a variable'"
    assert "giving them back" in hub_log(stack, 200)


def test_the_proxy_is_killed_and_its_routes_come_back(stack, kernel, measured):
    began = time.monotonic()
    crash(f"{stack.project}-proxy")
    reached(stack, kernel)
    measured.recovered("proxy-killed", time.monotonic() - began)
    the_kernel_went_on(stack, kernel)


def test_a_proxy_that_was_away_gets_its_routes(stack, kernel, measured):
    """The longer it was away, the later upstream asks again."""
    docker("stop", "--time", "1", f"{stack.project}-proxy")
    time.sleep(AWAY_SECONDS)
    began = time.monotonic()
    docker("start", f"{stack.project}-proxy")
    reached(stack, kernel)
    measured.recovered("proxy-away", time.monotonic() - began)
    the_kernel_went_on(stack, kernel)
