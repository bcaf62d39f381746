"""What the proxy's image contains, and what it must not."""

import json
import subprocess

import pytest

from tests.helpers.versions import ROOT, Versions

pytestmark = pytest.mark.docker

LOCK = json.loads((ROOT / "images/proxy/package-lock.json").read_text())
NAME = "configurable-http-proxy"


def docker(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["docker", *arguments], capture_output=True, text=True, timeout=120)


def inside(settings: Versions, *command: str) -> str:
    entry, *rest = command
    done = docker("run", "--rm", "--network", "none", "--entrypoint", entry, settings["PROXY_IMAGE"], *rest)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_lock_is_for_the_version_of_versions_env(settings: Versions) -> None:
    assert LOCK["packages"][f"node_modules/{NAME}"]["version"] == settings["NPM_CONFIGURABLE_HTTP_PROXY"]


def test_everything_locked_has_a_hash_and_no_registry() -> None:
    parts = {name: one for name, one in LOCK["packages"].items() if name}
    assert [name for name, one in parts.items() if not one.get("integrity", "").startswith("sha512-")] == []
    assert [name for name, one in parts.items() if "resolved" in one] == []


def test_it_is_the_locked_version(settings: Versions) -> None:
    program = f"/opt/proxy/node_modules/.bin/{NAME}"
    assert inside(settings, "node", program, "--version") == settings["NPM_CONFIGURABLE_HTTP_PROXY"]


def test_it_is_not_root_and_can_change_nothing(settings: Versions) -> None:
    assert inside(settings, "id", "-u") != "0"
    found = inside(settings, "find", "/opt", "/usr", "/etc", "-writable", "-not", "-type", "l")
    assert found == ""


def test_nothing_can_be_installed_later(settings: Versions) -> None:
    assert docker("run", "--rm", "--entrypoint", "npm", settings["PROXY_IMAGE"], "--version").returncode == 127


def test_without_its_token_it_does_not_start(settings: Versions) -> None:
    done = docker("run", "--rm", "--network", "none", settings["PROXY_IMAGE"])
    assert done.returncode != 0
    assert "proxy_auth_token" in done.stderr
