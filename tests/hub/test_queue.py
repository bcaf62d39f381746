"""A class that presses Start in the same minute: a queue, no error, and nobody held up by another's lab."""

import concurrent.futures
import json
import subprocess
import time

import pytest

from tests.helpers.hub_client import HubError
from tests.helpers.waiting import wait_until
from tests.hub.conftest import docker, hub_log
from tests.hub.test_restarts import wait_for_hub

pytestmark = pytest.mark.docker

# Six starts, one after the other, on a machine that does other things too.
SECONDS = 300
BETWEEN_SECONDS = 0.2


@pytest.fixture(scope="module")
def people(enrol):
    made = [enrol(f"queue{number}") for number in range(4)]
    yield made
    for person in made:
        person.stop()


def pressed(people):
    """All press in this order, within a second; return the entries that each saw."""

    def press(person):
        # The hub answers after a second at the latest; by then the first ones have their labs.
        person.click_start()
        return list(person.progress(SECONDS))

    with concurrent.futures.ThreadPoolExecutor(len(people)) as at_once:
        pressing = []
        for person in people:
            pressing.append(at_once.submit(press, person))
            time.sleep(BETWEEN_SECONDS)
        return [one.result() for one in pressing]


def lab_of(stack, person):
    return f"{stack.project}-lab-{person.name}"


def created(stack, person):
    return docker("inspect", "--format", "{{.Created}}", lab_of(stack, person))


def test_everybody_sees_their_place_and_nobody_an_error(stack, people, hub_with):
    hub_with(LAB_STARTS_AT_ONCE="1")
    seen = pressed(people)
    assert all(entries[-1].get("ready") for entries in seen), seen
    # The pages ask one after the other; the last one is still behind somebody when it does.
    waited = [entry["message"] for entry in seen[-1] if entry.get("waiting")]
    assert waited and all(message.startswith("Place ") and " about " in message for message in waited), seen[-1]
    places = [int(message.split()[1]) for message in waited]
    assert places == sorted(places, reverse=True), "nobody overtakes"
    assert any(entry["message"].startswith("It is your turn (") for entry in seen[-1])
    order = [created(stack, person) for person in people]
    assert order == sorted(order), "first come, first served"
    assert " 429 " not in hub_log(stack, 400)


def test_who_cancels_leaves_the_queue(stack, people, hub_with):
    hub_with(LAB_STARTS_AT_ONCE="1")
    for person in people:
        person.stop()
    first, second, third, last = people
    for person in people:
        person.click_start()
    for person in (second, third):
        answer = person.api("DELETE", f"users/{person.name}/server")
        assert answer.status_code in (202, 204), answer.text
    assert list(last.progress(SECONDS))[-1].get("ready")
    for person in (second, third):
        assert person.server() is None
        assert docker("ps", "--all", "--quiet", "--filter", f"name=^{lab_of(stack, person)}$") == ""
    # One who changed her mind once may do so again.
    second.start(SECONDS)


def test_a_hub_that_falls_forgets_the_queue_and_breaks_nothing(stack, people, hub_with):
    hub_with(LAB_STARTS_AT_ONCE="1")
    for person in people:
        person.stop()
    for person in people:
        person.click_start()
    docker("kill", "--signal", "KILL", f"{stack.project}-hub")
    docker("start", f"{stack.project}-hub")
    wait_for_hub(stack)
    for person in people:
        wait_until(
            lambda person=person: person.server() is None or person.server()["ready"],
            what=f"{person.name} waits for nothing any more",
            seconds=90,
            log=lambda: hub_log(stack, 60),
        )
    # Their pages ask again by themselves, as everybody does here.
    for person in people:
        person.start(SECONDS)


def test_labs_that_do_not_want_to_end_hold_up_no_start(stack, people, hub_with):
    """A lab that does not react to SIGTERM is killed after ten seconds; upstream has every call wait for that."""
    hub_with(LAB_STARTS_AT_ONCE="1")
    stubborn, person = people[:3], people[3]
    person.stop()
    for other in stubborn:
        other.start(SECONDS)
        docker("exec", lab_of(stack, other), "pkill", "-STOP", "-f", "lab_kernel.start")
    since = str(time.time())
    with concurrent.futures.ThreadPoolExecutor(len(stubborn)) as at_once:
        stops = [at_once.submit(other.api, "DELETE", f"users/{other.name}/server") for other in stubborn]
        wait_until(
            lambda: all(other.server() is None or other.server()["pending"] == "stop" for other in stubborn),
            what="all are being stopped",
            seconds=30,
        )
        person.start(SECONDS)
        assert all(stop.result(60).status_code in (202, 204) for stop in stops)
    began = json.loads(docker("inspect", lab_of(stack, person)))[0]["State"]["StartedAt"]
    for other in stubborn:
        wait_until(lambda other=other: other.server() is None, what=f"{other.name} is stopped", seconds=90)
    filters = ["--filter", "event=die", "--filter", f"label=dataflow.project={stack.project}"]
    events = docker("events", "--since", since, "--until", str(time.time()), *filters, "--format", "{{json .}}").splitlines()
    ends = [json.loads(line)["timeNano"] / 1e9 for line in events]
    assert len(ends) == len(stubborn)
    started = float(subprocess.run(["date", "--date", began, "+%s.%N"], capture_output=True, text=True, check=True).stdout)
    assert started < min(ends), "the start did not wait for any of them"


def test_an_image_that_vanished_is_told_at_once_and_the_others_go_on(stack, settings, people, hub_with):
    first, second, third, _ = people
    for person in people:
        person.stop()
    image = f"{settings['LAB_IMAGE']}-queue"
    docker("tag", settings["LAB_IMAGE"], image)
    try:
        hub_with(LAB_STARTS_AT_ONCE="1", LAB_IMAGE=image)
        first.click_start()
        wait_until(lambda: created_or_none(stack, first), what="the first container is made", seconds=60, every=0.1)
        docker("rmi", image)
        # Its turn would come after the first one's: it is told before.
        with pytest.raises(HubError, match="is not on this machine"):
            second.start(30)
        docker("tag", settings["LAB_IMAGE"], image)
        third.start(SECONDS)
        assert list(first.progress(SECONDS))[-1].get("ready")
    finally:
        hub_with()
        subprocess.run(["docker", "rmi", image], capture_output=True)


def created_or_none(stack, person):
    return docker("ps", "--all", "--quiet", "--filter", f"name=^{lab_of(stack, person)}$")
