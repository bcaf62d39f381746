"""From a lab nothing is reached but the hub's API and the proxy, whatever listens where: each way is tried from inside.

Every attempt that must fail is also made from where it must succeed, at the same moment, against the same listener.
"""

import pytest

from tests.helpers.waiting import wait_until
from tests.hub.conftest import docker
from tests.hub.isolation.places import World, world
from tests.hub.isolation.probes import ALLOWED, FORBIDDEN, HOST, Probe

pytestmark = pytest.mark.docker

by_name = {"ids": lambda probe: probe.name}


@pytest.fixture(scope="module")
def around(stack, settings, enrol):
    """A lab, another student's lab, and everything that must be out of reach."""
    people = enrol("iva"), enrol("leo")
    for person in people:
        person.start()
    names = [f"{stack.project}-lab-{person.name}" for person in people]
    with world(stack, settings, *names) as made:
        yield made
    for person in people:
        person.stop()


@pytest.fixture(scope="module")
def controls(around: World) -> dict[str, str]:
    """How each forbidden attempt ends where it is not forbidden. Listeners take a moment to open."""

    def all_succeed() -> dict[str, str] | None:
        found: dict[str, str] = {}
        for place in {probe.control for probe in FORBIDDEN}:
            found |= around.try_from(place, [probe for probe in FORBIDDEN if probe.control == place])
        last.update(found)
        return found if set(found.values()) == {"open"} else None

    last: dict[str, str] = {}
    wait_until(all_succeed, what="all attempts succeed where they are allowed", seconds=40, every=1,
               log=lambda: str({name: how for name, how in last.items() if how != "open"}))
    return last


@pytest.fixture(scope="module")
def found(around: World, controls) -> dict[str, str]:
    """How each attempt ends in the lab."""
    return around.try_from("lab", FORBIDDEN)


def test_enough_is_tried():
    assert len({probe.name for probe in FORBIDDEN}) == len(FORBIDDEN) >= 40


@pytest.mark.parametrize("probe", FORBIDDEN, **by_name)
def test_no_way_to(probe: Probe, controls: dict[str, str], found: dict[str, str]):
    assert (found[probe.name], controls[probe.name]) != ("open", "open")
    assert controls[probe.name] == "open", f"from {probe.control} it must succeed, or this shows nothing"


@pytest.mark.parametrize("probe", ALLOWED, **by_name)
def test_a_lab_reaches(probe: Probe, around: World):
    assert around.try_from("lab", [probe]) == {probe.name: "open"}


def test_a_refusal_is_told_at_once(around: World, found: dict[str, str]):
    """Somebody who tries what is not allowed is told so, and does not sit before a cell that waits."""
    told = ("whatever another lab listens on", "the machine, by the labs' gateway", "a metadata service's kind of address",
            "another class's published port, by the machine's address", "a container that belongs to nobody of the class")
    assert {name: found[name] for name in told} == dict.fromkeys(told, "refused")
    metadata = Probe("metadata", "169.254.169.254", 80)
    assert around.try_from("lab", [metadata]) == {"metadata": "refused"}


def test_a_lab_has_no_ipv6(around: World):
    inside = docker("exec", around.lab, "cat", "/proc/net/if_inet6")
    assert [line for line in inside.splitlines() if not line.endswith(" lo")] == []


def test_without_the_guard_rules_the_engine_lets_nothing_pass(stack, around: World):
    """Fails closed: with the exceptions gone, labs lose the hub, and win nothing."""
    guard = f"{stack.project}-guard"
    variables = docker("inspect", "--format", "{{range .Config.Env}}--env {{.}} {{end}}", guard).split()
    image = docker("inspect", "--format", "{{.Config.Image}}", guard)
    docker("pause", guard)
    try:
        docker("run", "--rm", "--network", "host", "--cap-add", "NET_ADMIN", *variables, image, "guard", "forget")
        # With what is to answer from another place than the machine.
        within = [probe for probe in FORBIDDEN if probe.host == "other lab"]
        assert "open" not in around.try_from("lab", [*within, *ALLOWED[:3]]).values()
    finally:
        docker("unpause", guard)
    # Somebody removed a rule: it is back within seconds, without anybody's doing.
    wait_until(lambda: around.try_from("lab", ALLOWED) == {probe.name: "open" for probe in ALLOWED},
               what="the guard has mended its rules", seconds=15, every=0.5, log=lambda: docker("logs", guard))
    assert around.try_from(HOST, FORBIDDEN[:1]) == {FORBIDDEN[0].name: "open"}
