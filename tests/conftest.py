"""Layers of the test suite.

Invariant: a test marked `docker` (or `browser`, which implies it) is the only kind that may need an
engine or an image; everything else answers within seconds on a bare checkout (`make test-unit`).
"""

import pytest

from tests.helpers import lab
from tests.helpers.versions import Versions, read

MARKERS = (
    "docker: needs a Docker engine and the built images",
    "browser: drives Chromium against a real stack (implies docker)",
)


def pytest_configure(config: pytest.Config) -> None:
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)


def pytest_itemcollected(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") is not None:
        item.add_marker(pytest.mark.docker)


@pytest.fixture(scope="session")
def settings() -> Versions:
    """versions.env, with the overrides of the environment."""
    return read()


@pytest.fixture(scope="session")
def lab_image(settings: Versions) -> str:
    """The lab image's name; a missing image fails here, saying which target to run."""
    lab.require_image(settings["LAB_IMAGE"])
    return settings["LAB_IMAGE"]
