"""Layers of the test suite.

Invariant: a test marked `docker` (or `browser`, which implies it) is the only kind that may need an
engine or an image; everything else answers within seconds on a bare checkout (`make test-unit`).
"""

import pytest
from docker.transport import unixconn

from tests.helpers import lab
from tests.helpers.versions import Versions, read

MARKERS = (
    "docker: needs a Docker engine and the built images",
    "service: starts a real hub and the exercises' service on loopback, which takes seconds a test; part of the layer `exercises`",
    "browser: drives Chromium against a real stack (implies docker)",
)


def pytest_configure(config: pytest.Config) -> None:
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)


def pytest_itemcollected(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") is not None:
        item.add_marker(pytest.mark.docker)
    if {"hub", "service"} & set(getattr(item, "fixturenames", ())):
        item.add_marker(pytest.mark.service)


@pytest.fixture(autouse=True)
def no_engine_behind_a_bare_test(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test without the mark `docker` fails if it asks an engine, also where one happens to run."""
    if request.node.get_closest_marker("docker") is not None:
        return

    def refuse(_):
        raise AssertionError("this test asks a Docker engine: play the engine, or mark the test with `docker`")

    monkeypatch.setattr(unixconn.UnixHTTPConnection, "connect", refuse)


@pytest.fixture(scope="session")
def settings() -> Versions:
    """versions.env, with the overrides of the environment."""
    return read()


@pytest.fixture(scope="session")
def lab_image(settings: Versions) -> str:
    """The lab image's name; a missing image fails here, saying which target to run."""
    lab.require_image(settings["LAB_IMAGE"])
    return settings["LAB_IMAGE"]
