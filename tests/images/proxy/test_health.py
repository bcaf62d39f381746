"""The proxy takes orders from who holds its token and from nobody else, and being asked for its health leaves no warning."""

import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.versions import Versions
from tests.helpers.waiting import wait_until

pytestmark = pytest.mark.docker

TOKEN = "known-to-the-hub-alone"
ASK = """
const [port, token] = process.argv.slice(1);
fetch(`http://proxy-api:${port}/api/routes`, { headers: token ? { Authorization: `token ${token}` } : {} })
  .then((answer) => console.log(answer.status));
"""


def docker(*arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 or not check, done.stderr
    return done


@pytest.fixture(scope="module")
def secret(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("proxy") / "token"
    made.write_text(TOKEN)
    made.chmod(0o644)
    return made


@pytest.fixture(scope="module")
def proxy(settings: Versions, secret: Path) -> Iterator[str]:
    """A proxy alone, that answers."""
    name = f"dataflow-ops-{uuid.uuid4().hex[:6]}"
    ports = [f"--env={key}={settings[key]}" for key in ("PROXY_PORT", "PROXY_API_PORT", "HUB_API_PORT")]
    docker("network", "create", "--internal", name)
    try:
        docker("run", "--detach", "--name", name, "--network", name, "--network-alias", "proxy-api", *ports,
               "--volume", f"{secret}:/run/secrets/proxy_auth_token:ro", settings["PROXY_IMAGE"])
        wait_until(lambda: health(name).returncode == 0, what="the proxy is healthy", seconds=30)
        yield name
    finally:
        docker("rm", "--force", name, check=False)
        docker("network", "rm", name)


def health(name: str) -> subprocess.CompletedProcess[str]:
    return docker("exec", name, "node", "/opt/proxy/health.js", check=False)


def status(name: str, settings: Versions, *token: str) -> str:
    return docker("exec", name, "node", "--eval", ASK, settings["PROXY_API_PORT"], *token).stdout.strip()


def test_being_asked_for_its_health_is_no_warning(proxy: str) -> None:
    for _ in range(2):
        assert health(proxy).returncode == 0
    log = docker("logs", proxy)
    assert [line for line in (log.stdout + log.stderr).splitlines() if "/api/routes" in line] == []


def test_only_who_holds_the_token_is_listened_to(proxy: str, settings: Versions) -> None:
    assert [status(proxy, settings, *token) for token in ((TOKEN,), ("another",), ())] == ["200", "403", "403"]


def test_an_empty_token_opens_it_to_nobody(settings: Versions, tmp_path: Path) -> None:
    empty = tmp_path / "token"
    empty.touch(0o644)
    done = docker("run", "--rm", "--network", "none", "--volume", f"{empty}:/run/secrets/proxy_auth_token:ro",
                  settings["PROXY_IMAGE"], check=False)
    assert done.returncode != 0 and "proxy_auth_token is empty" in done.stderr
