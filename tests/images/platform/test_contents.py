"""What the image of gate, keys and consoles contains, and what it must not."""

import json

import pytest

from tests.helpers import images
from tests.helpers.versions import ROOT, Versions

pytestmark = pytest.mark.docker
FACTS = """
import importlib.metadata, importlib.util, json
print(json.dumps({
    "packages": {one.metadata["Name"].lower().replace("_", "-"): one.version for one in importlib.metadata.distributions()},
    "missing": [name for name in ("lab_platform", "lab_auth") if importlib.util.find_spec(name) is None],
    "more": [name for name in ("lab_hub", "lab_kernel", "exercises", "tests", "pip") if importlib.util.find_spec(name)],
}))
"""


@pytest.fixture(scope="module")
def facts(settings: Versions) -> dict:
    return json.loads(images.inside(settings["PLATFORM_IMAGE"], "python", "-c", FACTS))


def test_it_is_a_services_image(settings: Versions) -> None:
    images.assert_is_a_service(images.look(settings["PLATFORM_IMAGE"]))


def test_its_packages_are_the_locked_ones(facts: dict) -> None:
    lock = (ROOT / "images/platform/requirements.lock").read_text()
    locked = dict(line.split(" ")[0].split("==") for line in lock.splitlines() if "==" in line and line[0].isalnum())
    assert locked and facts["packages"].items() >= locked.items()


def test_it_has_the_projects_part_and_no_other(facts: dict) -> None:
    assert facts["missing"] == []
    assert facts["more"] == []


def test_without_its_settings_it_says_which_one_is_missing(settings: Versions) -> None:
    said = images.inside(settings["PLATFORM_IMAGE"], "sh", "-c", "! python -m lab_platform 2>&1")
    assert "PLATFORM_PORT is not set" in said
