"""The Docker engine itself restarts and is killed, with a class on it: files stay, who lost a lab is told, the class comes back.

The engine is a second one, started for this; copying the images to it takes minutes: DATAFLOW_TEST_FULL=1 alone.
"""

import os
import re
import time
from contextlib import closing

import pytest
import requests

from lab_hub.messages import ENDED_FROM_OUTSIDE
from tests.helpers.hub_client import log_in
from tests.helpers.stack import Stack
from tests.helpers.waiting import wait_until
from tests.hub.conftest import OWN_PASSWORD
from tests.hub.faults.room import Impossible
from tests.hub.faults.second_engine import second_engine

pytestmark = [
    pytest.mark.docker,
    pytest.mark.timeout(1500),
    pytest.mark.skipif(not os.environ.get("DATAFLOW_TEST_FULL"), reason="an engine and a class of their own: DATAFLOW_TEST_FULL=1"),
]
PROJECT = "dataflow-engine"
IMAGES = ("LAB", "HUB", "PROXY", "EXERCISES", "GATEWAY", "PLATFORM", "GUARD", "BASE")
# How long is waited; what it may take is in the registry of faults.
WAIT_SECONDS = 180
LIVE = "--live-restore"
PING = "import docker; docker.APIClient(version='auto').ping()"


@pytest.fixture(scope="module")
def engine(settings):
    try:
        with second_engine([settings[f"{name}_IMAGE"] for name in IMAGES]) as made:
            yield made
    except Impossible as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="module")
def far(engine, settings, tmp_path_factory):
    """A class on that engine; it goes with it."""
    port, state = int(settings["TEST_HUB_PORT"]) + 1, tmp_path_factory.mktemp("state")
    made = Stack(PROJECT, port, state, {"DOCKER_HOST": engine.host}, engine.room.address)
    made.up()
    return made


@pytest.fixture
def enrol(far):
    people = []

    def make(like):
        name = f"{like}{os.urandom(3).hex()}"
        people.append(log_in(far.url, name, far.user(name), OWN_PASSWORD))
        return people[-1]

    yield make
    for one in people:
        one.stop()
        one.browser.close()


@pytest.fixture(scope="module")
def live(engine, far):
    """From now on the engine lets containers live when it ends."""
    engine.stop()
    engine.start(LIVE)
    all_work(engine, far)


def until(engine, what, probe, *ignore):
    def log():
        return "\n".join((engine.last_lines(), engine.docker("ps", "--all"), engine.logs(f"{PROJECT}-hub", "40")))

    return wait_until(probe, what=what, seconds=WAIT_SECONDS, ignore=(requests.RequestException, *ignore), log=log)


def all_work(engine, far):
    """Return when every service does its job: the hub reaches engine and proxy, the runner the engine, and labs are kept apart."""

    def work():
        states = engine.docker("ps", "--all", "--filter", f"label=com.docker.compose.project={PROJECT}", "--format", "{{.State}}")
        assert set(states.split()) == {"running"}, states
        engine.docker("exec", f"{PROJECT}-hub", "python", "/opt/hub/etc/health.py")
        engine.docker("exec", f"{PROJECT}-runner", "python", "-c", PING)
        engine.docker("exec", f"{PROJECT}-guard", "guard", "status")
        return requests.get(f"{far.url}/hub/health", timeout=3).status_code == 200

    until(engine, "all services of the class do their job", work, AssertionError)


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_the_engine_restarts(engine, far, enrol, measured, end):
    may = enrol("may")
    with closing(may.start().kernel()) as kernel:
        kernel.run("with open('mine.txt', 'w') as file:\n    file.write('kept')").ok()
    getattr(engine, end)()
    began = time.monotonic()
    engine.start()
    until(engine, "the hub knows that the lab has ended", lambda: may.server() is None)
    measured.recovered({"stop": "engine-restarted", "kill": "engine-killed"}[end], time.monotonic() - began)
    page = may.browser.get(f"{far.url}/user/{may.name}/", timeout=30).text
    told = re.search(rf"{re.escape(ENDED_FROM_OUTSIDE)}.* Incident ([0-9a-f]{{8}})\.", page)
    assert told, page
    assert f"incident {told[1]} [stopped_from_outside]" in engine.logs(f"{PROJECT}-hub")
    with closing(may.start().kernel()) as kernel:
        assert kernel.run("open('mine.txt').read()").ok().value == "'kept'"
    all_work(engine, far)


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_an_engine_that_lets_containers_live_restarts(engine, far, live, enrol, measured, end):
    """No kernel is lost; the hub, whose socket leads nowhere any more, finds a new way by itself."""
    eva, jon = enrol("eva"), enrol("jon")
    with closing(eva.start().kernel()) as kernel:
        kernel.run("kept = 'a variable'").ok()
        life = ("inspect", "--format", "{{.State.StartedAt}}", f"{PROJECT}-lab-{eva.name}")
        began_living = engine.docker(*life)
        getattr(engine, end)()
        assert kernel.run("kept").ok().value == "'a variable'", "there is no engine, and the kernel answers"
        began = time.monotonic()
        engine.start(LIVE)
        all_work(engine, far)
        measured.recovered("engine-restarted-live", time.monotonic() - began)
        assert kernel.run("kept").ok().value == "'a variable'", "the same websocket, never reconnected"
        assert engine.docker(*life) == began_living
    assert eva.server()["ready"]
    with closing(jon.start().kernel()) as kernel:
        assert kernel.alive()
