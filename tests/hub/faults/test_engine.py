"""The Docker engine itself is restarted and killed, with a whole class on it: a second engine, which the test starts for that.

DATAFLOW_TEST_FULL=1 alone: copying the images and a class of its own take some minutes.
"""

import os
import re
import signal
import time

import pytest
import requests

from lab_hub.messages import ENDED_FROM_OUTSIDE
from tests.helpers.hub_client import log_in
from tests.helpers.waiting import wait_until
from tests.hub.conftest import OWN_PASSWORD
from tests.hub.faults.second_engine import FarStack, Impossible, second_engine

pytestmark = [
    pytest.mark.docker,
    pytest.mark.timeout(1500),
    pytest.mark.skipif(not os.environ.get("DATAFLOW_TEST_FULL"), reason="an engine and a class of their own: DATAFLOW_TEST_FULL=1"),
]
PROJECT = "dataflow-engine"
IMAGES = ("LAB", "HUB", "PROXY", "EXERCISES", "GATEWAY", "PLATFORM", "GUARD")
WAIT_SECONDS = 180
LIVE = "--live-restore"


@pytest.fixture(scope="module")
def engine(settings, tmp_path_factory):
    images = [settings[f"{name}_IMAGE"] for name in IMAGES] + [settings["BASE_IMAGE"]]
    try:
        with second_engine(tmp_path_factory.mktemp("second"), images) as made:
            yield made
    except Impossible as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="module")
def far(engine, settings, tmp_path_factory):
    """A class on that engine."""
    state = tmp_path_factory.mktemp("state")
    made = FarStack(PROJECT, int(settings["TEST_HUB_PORT"]) + 1, state, {"DOCKER_HOST": engine.socket})
    made.up()
    yield made
    made.down(forget=True)


@pytest.fixture
def person(far):
    name = f"may{os.urandom(3).hex()}"
    made = log_in(far.url, name, far.user(name), OWN_PASSWORD)
    yield made
    made.stop()


def back(engine, far):
    """Return when the class's door and hub answer."""
    wait_until(
        lambda: requests.get(f"{far.url}/hub/health", timeout=3).status_code == 200,
        what="the hub answers again",
        seconds=WAIT_SECONDS,
        ignore=(requests.RequestException,),
        log=lambda: engine.last_lines() + engine.docker("ps", "--all"),
    )


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_the_engine_restarts(engine, far, person, measured, how):
    kernel = person.start().kernel()
    kernel.run("with open('mine.txt', 'w') as file:\n    file.write('kept')").ok()
    engine.stop(how)
    began = time.monotonic()
    engine.start()
    back(engine, far)
    measured.recovered("engine-restarted", time.monotonic() - began)
    wait_until(lambda: person.server() is None, what="the hub knows that the lab has ended", seconds=60)
    page = person.browser.get(f"{far.url}/user/{person.name}/", timeout=30).text
    assert re.search(rf"{re.escape(ENDED_FROM_OUTSIDE)}.* Incident [0-9a-f]{{8}}\.", page), page
    assert person.start().kernel().run("open('mine.txt').read()").ok().value == "'kept'"


def test_an_engine_that_lets_containers_live_restarts(engine, far, person, measured):
    """With live-restore no container ends with the engine."""
    engine.stop()
    engine.start(LIVE)
    back(engine, far)
    kernel = person.start().kernel()
    kernel.run("kept = 'a variable'").ok()
    engine.stop()
    assert kernel.run("kept").ok().value == "'a variable'", "no engine, and the kernel answers"
    began = time.monotonic()
    engine.start(LIVE)
    back(engine, far)
    wait_until(person.server, what="the hub knows the lab", seconds=60)
    measured.recovered("engine-restarted-live", time.monotonic() - began)
    assert kernel.run("kept").ok().value == "'a variable'", "the same kernel"
