"""A start that fails says why, in words a student understands, and leaves nothing behind."""

import re
import time

import pytest

from tests.helpers.hub_client import HubError
from tests.hub.conftest import docker, hub_log

pytestmark = pytest.mark.docker

# A cause that is known at once is told at once; nobody watches a bar for half a minute.
SECONDS = 45


@pytest.fixture(scope="module")
def fay(enrol):
    return enrol("fay")


def failure(stack, person):
    """Start, expect a failure, return the plain reason; check what holds for every failure."""
    with pytest.raises(HubError) as raised:
        person.start(SECONDS)
    message = str(raised.value)
    incident = re.search(r"Incident ([0-9a-f]{8})\.", message)
    assert incident, message
    log = hub_log(stack, 100)
    assert f"incident {incident[1]} [" in log
    assert "Traceback" not in log.split(f"incident {incident[1]}")[0][-3000:]
    page = person.browser.get(f"{stack.url}/hub/spawn-pending/{person.name}", timeout=20)
    assert page.status_code == 503 and incident[1] in page.text and "Try again" in page.text
    left = docker("ps", "--all", "--quiet", "--filter", f"label=dataflow.user={person.name}")
    assert left == ""
    return message, log


def test_no_image(stack, fay, hub_with, measured):
    hub_with(LAB_IMAGE="dataflow/no-such-lab:none")
    began = time.monotonic()
    message, _ = failure(stack, fay)
    measured.recovered("image-removed", time.monotonic() - began)
    assert "The lab image dataflow/no-such-lab:none is not on this machine." in message
    assert "tell your instructor" in message
    # Asked for again by the button, a failure that is known at once is told at once.
    page = fay.browser.get(f"{stack.url}/hub/spawn", timeout=20)
    assert page.status_code == 503 and "Your lab did not start" in page.text and "Incident" in page.text


def test_not_enough_memory_for_the_limit(stack, fay, hub_with):
    hub_with(LAB_MEMORY="4000G")
    message, _ = failure(stack, fay)
    assert re.search(r"The machine has [\d.]+ [GM]iB of memory free and your lab may need 4000 GiB\.", message)


def test_killed_for_memory_while_starting(stack, fay, hub_with):
    hub_with(LAB_MEMORY="24M")
    message, _ = failure(stack, fay)
    assert "needed more than its 24 MiB of memory" in message


def test_a_container_that_ends_at_once(stack, settings, fay, hub_with):
    # No lab at all: it looks for a secret that no lab has, says so and ends.
    hub_with(LAB_IMAGE=settings["PROXY_IMAGE"])
    message, log = failure(stack, fay)
    assert re.search(r"Your lab ended by itself while starting \(exit code \d+\)\.", message)
    assert re.search(r"\[exited\].*\n.*proxy_auth_token", log), "its last lines are in the operator's log"


def test_a_home_that_is_full(stack, enrol, hub_with):
    hub_with()
    gil = enrol("gil")
    volume = f"{stack.project}-home-{gil.name}"
    options = ["type=tmpfs", "device=tmpfs", "o=size=64k,uid=1000"]
    docker("volume", "create", *(word for option in options for word in ("--opt", option)), volume)
    message, log = failure(stack, gil)
    assert "Your home folder cannot be written to" in message and "Nothing of yours is lost" in message
    assert "home is full" in log
    # Room is made: the next start is an ordinary one.
    docker("volume", "rm", volume)
    gil.start()
    gil.stop()


def test_after_the_cause_is_gone_the_lab_starts(fay, hub_with):
    hub_with()
    fay.start()
    fay.stop()
