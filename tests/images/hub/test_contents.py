"""What the hub's image contains, and what it must not."""

import json
import subprocess

import pytest

from tests.helpers.versions import Versions

pytestmark = pytest.mark.docker

FACTS = """
import importlib.metadata, importlib.util, json, os, pathlib
print(json.dumps({
    "packages": {one.metadata["Name"].lower().replace("_", "-"): one.version for one in importlib.metadata.distributions()},
    "uid": os.getuid(),
    "pip": importlib.util.find_spec("pip") is not None,
    "lab_hub": importlib.util.find_spec("lab_hub") is not None,
    "writable": [str(path) for path in map(pathlib.Path, ("/opt/hub", "/opt/hub/etc", "/usr", "/etc")) if os.access(path, os.W_OK)],
    "data": os.access("/srv/hub", os.W_OK),
    "tokens": [name for name in os.environ if "TOKEN" in name or "SECRET" in name or "KEY" in name],
}))
"""


def docker(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["docker", *arguments], capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="module")
def facts(settings: Versions) -> dict:
    done = docker("run", "--rm", "--network", "none", "--entrypoint", "python", settings["HUB_IMAGE"], "-c", FACTS)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("PIP_JUPYTERHUB", "jupyterhub"),
        ("PIP_DOCKERSPAWNER", "dockerspawner"),
        ("PIP_JUPYTERHUB_NATIVEAUTHENTICATOR", "jupyterhub-nativeauthenticator"),
        ("PIP_JUPYTERHUB_IDLE_CULLER", "jupyterhub-idle-culler"),
    ],
)
def test_packages_are_the_versions_of_versions_env(facts: dict, settings: Versions, key: str, name: str) -> None:
    assert facts["packages"][name] == settings[key]


def test_it_is_not_root_and_can_change_only_its_data(facts: dict) -> None:
    assert facts["uid"] != 0
    assert facts["writable"] == []
    assert facts["data"] is True


def test_nothing_can_be_installed_later(facts: dict) -> None:
    assert facts["pip"] is False


def test_it_has_the_projects_part(facts: dict) -> None:
    assert facts["lab_hub"] is True


def test_no_secret_is_in_it(facts: dict, settings: Versions) -> None:
    assert facts["tokens"] == []
    history = docker("history", "--no-trunc", "--format", "{{.CreatedBy}}", settings["HUB_IMAGE"]).stdout
    assert "BEGIN CERTIFICATE" not in history
    listed = docker("run", "--rm", "--entrypoint", "find", settings["HUB_IMAGE"], "/run/secrets").stdout
    assert [line for line in listed.split() if line != "/run/secrets"] == []


def test_without_its_settings_it_says_which_one_is_missing(settings: Versions) -> None:
    done = docker("run", "--rm", "--network", "none", settings["HUB_IMAGE"])
    assert done.returncode != 0
    assert "is not set" in done.stdout + done.stderr
