"""Idle labs stop, after a warning that can be answered; one whose stream runs does not. A full home starts too."""

import re
import time

import pytest

from tests.helpers.waiting import wait_until
from tests.hub.conftest import hub_log

pytestmark = pytest.mark.docker

IDLE_SECONDS = 40
EVERY_SECONDS = 5
# A new home holds about 3 MB.
QUOTA_MB = 16
# The idle limit, the last report of activity, one round, and a slow machine.
STOPPED_WITHIN_SECONDS = 3 * IDLE_SECONDS + 60


def notices(lab):
    """What the lab's page shows; asking is no use of the lab."""
    answer = lab.request("GET", "dataflow/desk")
    assert answer.status_code == 200, answer.text
    return {notice["id"]: notice for notice in answer.json()["notices"]}


def a_home_over_its_quota_is_for_tidying_up(lab):
    large = {"type": "file", "format": "text", "content": "x" * (2 * QUOTA_MB << 20)}
    assert lab.request("PUT", "api/contents/large.txt", json=large).status_code == 201
    refused = lab.request("POST", "api/kernels", json={"name": "dataflow-spark"})
    assert refused.status_code == 507 and "Delete what you no longer need" in refused.json()["message"], refused.text
    assert notices(lab)["home-full"]["kind"] == "error"
    assert lab.request("POST", "api/terminals").status_code == 200, "a terminal opens"
    assert lab.request("DELETE", "api/contents/large.txt").status_code == 204
    started = lab.request("POST", "api/kernels", json={"name": "dataflow-spark"})
    assert started.status_code == 201, "and all is well at once"
    assert lab.request("DELETE", f"api/kernels/{started.json()['id']}").status_code == 204
    assert "home-full" not in notices(lab)


def a_lab_that_is_about_to_stop_can_be_kept(lab):
    wait_until(lambda: "stops" in notices(lab), what="the warning", seconds=IDLE_SECONDS, every=1)
    assert lab.request("POST", "dataflow/keep").json() == {"heard": True}
    assert "stops" not in notices(lab)


def test_an_idle_lab_stops_and_a_streaming_one_is_spared(stack, enrol, hub_with):
    idle, busy = enrol("hugo"), enrol("iris")
    hub_with(CULL_IDLE_SECONDS=str(IDLE_SECONDS), CULL_EVERY_SECONDS=str(EVERY_SECONDS), HOME_QUOTA=f"{QUOTA_MB}M")
    kernel = busy.start().kernel()
    code = (
        "query = (spark.readStream.format('rate').load().writeStream.format('noop').queryName('ticks')"
        ".trigger(processingTime='2 seconds').start())\nquery.isActive"
    )
    assert kernel.run(code).ok().value == "True"
    # The person closes the browser; the stream goes on.
    kernel.close()
    lab = idle.start()
    a_home_over_its_quota_is_for_tidying_up(lab)
    a_lab_that_is_about_to_stop_can_be_kept(lab)
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
