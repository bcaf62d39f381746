"""Idle labs stop; one whose stream runs does not, and the hub says why."""

import re
import time

import pytest

from tests.helpers.waiting import wait_until
from tests.hub.conftest import hub_log

pytestmark = pytest.mark.docker

IDLE_SECONDS = 40
EVERY_SECONDS = 5
# The idle limit, the last report of activity, one round, and a slow machine.
STOPPED_WITHIN_SECONDS = 3 * IDLE_SECONDS + 60


def test_an_idle_lab_stops_and_a_streaming_one_is_spared(stack, enrol, hub_with):
    idle, busy = enrol("hugo"), enrol("iris")
    hub_with(CULL_IDLE_SECONDS=str(IDLE_SECONDS), CULL_EVERY_SECONDS=str(EVERY_SECONDS))
    kernel = busy.start().kernel()
    code = (
        "query = (spark.readStream.format('rate').load().writeStream.format('noop').queryName('ticks')"
        ".trigger(processingTime='2 seconds').start())\nquery.isActive"
    )
    assert kernel.run(code).ok().value == "True"
    # The person closes the browser; the stream goes on.
    kernel.close()
    idle.start()
    wait_until(
        lambda: idle.server() is None,
        what="the idle lab is stopped",
        seconds=STOPPED_WITHIN_SECONDS,
        every=2,
        log=lambda: hub_log(stack, 60),
    )
    # Twice the limit, counted from the last sign of a person.
    time.sleep(IDLE_SECONDS)
    assert busy.server() is not None and busy.server()["ready"]
    log = hub_log(stack)
    assert f"Culling server {idle.name}" in log
    assert f"Sparing the lab of {busy.name}: " in log and "ticks" in log
    assert f"Culling server {busy.name}" not in log
    busy.stop()
    # Where she starts it again, she reads why it was stopped; the operator finds the same number.
    page = idle.browser.get(f"{stack.url}/user/{idle.name}/", timeout=30).text
    incident = re.search(rf"nobody had used it for {IDLE_SECONDS} seconds\..* Incident ([0-9a-f]{{8}})\.", page)
    assert incident and f"incident {incident[1]} [idle]" in log, page
