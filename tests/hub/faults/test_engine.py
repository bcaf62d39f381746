"""The Docker engine itself restarts and is killed, with a class on it: files stay, who lost a lab is told, the class comes back.

The engine is a second one, started for this; copying the images to it takes minutes: DATAFLOW_TEST_FULL=1 alone.
"""

import os
import re
import time
from contextlib import closing

import pytest

from lab_hub.messages import ENDED_FROM_OUTSIDE
from tests.hub.faults.far_class import PROJECT

pytestmark = [
    pytest.mark.docker,
    pytest.mark.timeout(1500),
    pytest.mark.skipif(not os.environ.get("DATAFLOW_TEST_FULL"), reason="an engine and a class of their own: DATAFLOW_TEST_FULL=1"),
]
LIVE = "--live-restore"


@pytest.fixture(scope="module")
def live(far):
    """The engine lets containers live when it ends; at the end it does not any more."""
    far.engine.stop()
    far.engine.start(LIVE)
    far.all_work()
    yield
    far.engine.stop()
    far.engine.start()
    far.all_work()


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_the_engine_restarts(far, enrol_far, measured, end):
    may = enrol_far("may")
    with closing(may.start().kernel()) as kernel:
        kernel.run("with open('mine.txt', 'w') as file:\n    file.write('kept')").ok()
    getattr(far.engine, end)()
    began = time.monotonic()
    far.engine.start()
    far.until("the hub knows that the lab has ended", lambda: may.server() is None)
    measured.recovered({"stop": "engine-restarted", "kill": "engine-killed"}[end], time.monotonic() - began)
    page = may.browser.get(f"{far.stack.url}/user/{may.name}/", timeout=30).text
    told = re.search(rf"{re.escape(ENDED_FROM_OUTSIDE)}.* Incident ([0-9a-f]{{8}})\.", page)
    assert told, page
    assert f"incident {told[1]} [stopped_from_outside]" in far.engine.logs(f"{PROJECT}-hub")
    with closing(may.start().kernel()) as kernel:
        assert kernel.run("open('mine.txt').read()").ok().value == "'kept'"
    far.all_work()


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_an_engine_that_lets_containers_live_restarts(far, live, enrol_far, measured, end):
    """No kernel is lost; the hub, whose socket leads nowhere any more, finds a new way by itself."""
    eva, jon = enrol_far("eva"), enrol_far("jon")
    with closing(eva.start().kernel()) as kernel:
        kernel.run("kept = 'a variable'").ok()
        life = ("inspect", "--format", "{{.State.StartedAt}}", f"{PROJECT}-lab-{eva.name}")
        began_living = far.engine.docker(*life)
        getattr(far.engine, end)()
        assert kernel.run("kept").ok().value == "'a variable'", "there is no engine, and the kernel answers"
        began = time.monotonic()
        far.engine.start(LIVE)
        far.all_work()
        measured.recovered("engine-restarted-live", time.monotonic() - began)
        assert kernel.run("kept").ok().value == "'a variable'", "the same websocket, never reconnected"
        assert far.engine.docker(*life) == began_living
    assert eva.server()["ready"]
    with closing(jon.start().kernel()) as kernel:
        assert kernel.alive()
