"""One engine with a class on it for all tests that stop and kill an engine: copying the images to it takes minutes."""

import os

import pytest

from tests.helpers.hub_client import log_in
from tests.helpers.stack import Stack
from tests.hub.conftest import OWN_PASSWORD
from tests.hub.faults.far_class import IMAGES, PROJECT, FarClass
from tests.hub.faults.room import Impossible
from tests.hub.faults.second_engine import second_engine


@pytest.fixture(scope="session")
def far(settings, tmp_path_factory):
    """It goes with its engine. Skips where there can be no second one."""
    try:
        with second_engine([settings[f"{name}_IMAGE"] for name in IMAGES]) as engine:
            port, state = int(settings["TEST_HUB_PORT"]) + 1, tmp_path_factory.mktemp("state")
            stack = Stack(PROJECT, port, state, {"DOCKER_HOST": engine.host}, engine.room.address)
            stack.up()
            yield FarClass(engine, stack)
    except Impossible as reason:
        pytest.skip(str(reason))


@pytest.fixture
def enrol_far(far):
    """Make an account there for a name like this one, and log in; its lab is stopped at the end."""
    people = []

    def make(like):
        name = f"{like}{os.urandom(3).hex()}"
        people.append(log_in(far.stack.url, name, far.stack.user(name), OWN_PASSWORD))
        return people[-1]

    yield make
    for one in people:
        one.stop()
        one.browser.close()
