"""A stack that was really started: what a lab can reach of it, what survives what, what is left behind."""

import os
import urllib.request
from pathlib import Path

import pytest

from tests.helpers.versions import ROOT, read
from tests.ops.run import run, script

pytestmark = [pytest.mark.docker, pytest.mark.timeout(900)]

UP_SECONDS = 600
REACH = """
import sys, urllib.request, urllib.error
for url in sys.argv[1:]:
    try:
        print(urllib.request.urlopen(url, timeout=5).status)
    except urllib.error.HTTPError as error:
        print(error.code)
    except OSError:
        print("unreachable")
"""


class Stack:
    def __init__(self):
        versions = read()
        # `make test` chooses these for all layers; on its own, this layer makes the same choice.
        self.settings = {
            "PROJECT": os.environ.get("PROJECT", "dataflow-test"),
            "HUB_PORT": os.environ.get("HUB_PORT", versions["TEST_HUB_PORT"]),
            "STATE_DIR": os.environ.get("STATE_DIR", str(ROOT / ".state-test")),
        }
        self.versions = versions
        self.project = self.settings["PROJECT"]
        self.url = f"http://127.0.0.1:{self.settings['HUB_PORT']}"

    def script(self, name, *arguments, **more):
        return script(name, *arguments, **{**self.settings, **more})

    def make(self, *words):
        return run(["make", *words], **self.settings)

    def up(self):
        return run(["make", "up"], seconds=UP_SECONDS, **self.settings)

    def inspect(self, name, template):
        return run(["docker", "inspect", "--format", template, f"{self.project}-{name}"]).out.strip()

    def from_a_lab(self, *urls):
        command = ["docker", "run", "--rm", "--network", f"{self.project}-labs", "--entrypoint", "/opt/lab/bin/python"]
        return run([*command, self.versions["LAB_IMAGE"], "-c", REACH, *urls]).out.split()


@pytest.fixture(scope="module")
def stack():
    made = Stack()
    done = made.up()
    assert done.status == 0, done.text
    return made


def test_up_says_where_to_go_and_where_the_password_lies(stack):
    said = stack.up().out
    password = Path(stack.settings["STATE_DIR"]) / "secrets" / "admin_password"
    assert f"http://localhost:{stack.settings['HUB_PORT']}" in said
    assert str(password) in said
    assert password.read_text() not in said


def test_a_second_up_changes_nothing(stack):
    before = [stack.inspect(name, "{{.Id}} {{.State.StartedAt}}") for name in ("hub", "proxy")]
    said = stack.up().out
    assert "building" not in said
    assert [stack.inspect(name, "{{.Id}} {{.State.StartedAt}}") for name in ("hub", "proxy")] == before


def test_the_front_door_opens(stack):
    with urllib.request.urlopen(f"{stack.url}/hub/login", timeout=10) as answer:
        assert answer.status == 200


def test_a_lab_reaches_the_hub_but_not_the_proxys_orders(stack):
    api = stack.versions["PROXY_API_PORT"]
    hub = f"http://hub:{stack.versions['HUB_API_PORT']}/hub/health"
    assert stack.from_a_lab(hub, f"http://proxy-api:{api}/", f"http://proxy:{api}/", f"http://{stack.project}-proxy:{api}/") == [
        "200", "unreachable", "unreachable", "unreachable",
    ]


def test_the_hubs_own_network_leads_nowhere_for_a_lab(stack):
    """Even the proxy's address on it, which a lab might guess."""
    address = stack.inspect("proxy", f'{{{{(index .NetworkSettings.Networks "{stack.project}-hub").IPAddress}}}}')
    assert stack.from_a_lab(f"http://{address}:{stack.versions['PROXY_API_PORT']}/api/routes") == ["unreachable"]


def test_inspect_shows_no_secret(stack):
    told = "".join(run(["docker", "inspect", f"{stack.project}-{name}"]).out for name in ("hub", "proxy"))
    for path in (Path(stack.settings["STATE_DIR"]) / "secrets").iterdir():
        assert path.read_text() not in told


def test_processes_have_no_privileges(stack):
    for name in ("hub", "proxy"):
        status = run(["docker", "exec", f"{stack.project}-{name}", "cat", "/proc/1/status"]).out
        fields = dict(line.split(":\t", 1) for line in status.splitlines())
        assert int(fields["CapBnd"], 16) == 0
        assert fields["NoNewPrivs"] == "1"
        assert "0" not in fields["Uid"].split()


def test_a_new_hub_keeps_the_proxy(stack):
    before = stack.inspect("proxy", "{{.State.StartedAt}}")
    assert run(["docker", "restart", f"{stack.project}-hub"]).status == 0
    done = stack.up()
    assert done.status == 0, done.text
    assert stack.inspect("proxy", "{{.State.StartedAt}}") == before


def test_while_the_hub_is_away_people_are_told_to_wait(stack):
    run(["docker", "stop", f"{stack.project}-hub"])
    try:
        with pytest.raises(urllib.error.HTTPError) as failed:
            urllib.request.urlopen(f"{stack.url}/hub/login", timeout=10)
        assert failed.value.code == 503
        assert "One moment, please" in failed.value.read().decode()
        failed.value.close()
        doctor = stack.make("doctor")
        assert doctor.status == 2  # make's own word for a recipe that failed
        assert "FAIL  stack" in doctor.out
    finally:
        assert stack.up().status == 0


def test_secrets_made_anew_reach_all_who_hold_them(stack):
    """A container keeps the files that it was made with: the proxy would refuse a hub that began after it."""
    for path in (Path(stack.settings["STATE_DIR"]) / "secrets").iterdir():
        if path.name != "admin_password":
            path.unlink()
    done = stack.up()
    assert done.status == 0, done.text
    assert "made the secret proxy_auth_token" in done.out
    assert run(["docker", "restart", f"{stack.project}-hub"]).status == 0
    done = stack.up()
    assert done.status == 0, done.text


def test_doctor_finds_nothing_wrong_with_a_healthy_class(stack):
    done = stack.script("doctor", NEED_MEMORY_MB="1", NEED_DISK_BUILT_GB="1")
    assert "FAIL" not in done.out.replace("FAIL  homes", ""), done.out


def test_status_lists_what_runs(stack):
    lines = stack.make("status").out.splitlines()
    assert [line.split()[0] for line in lines[1:3]] == ["proxy", "hub"]
    assert all("running, healthy" in line for line in lines[1:3])


def test_an_account_is_made_with_a_one_time_password(stack):
    name = f"ops{os.getpid()}"
    done = stack.make("user", f"NAME={name}")
    assert done.status == 0, done.text
    assert name in done.out
    again = stack.make("user", f"NAME={name}")
    assert again.status != 0
    assert stack.make("user", f"NAME={name}", "RESET=1").status == 0


def test_down_takes_the_labs_and_keeps_the_homes(stack):
    lab, home, shared = f"{stack.project}-lab-ops", f"{stack.project}-home-ops", f"{stack.project}-shared-ops"
    run(["docker", "volume", "create", home])
    run(["docker", "volume", "create", shared])
    started = run([
        "docker", "run", "--detach", "--name", lab, "--network", f"{stack.project}-labs", "--volume", f"{home}:/data",
        "--env", "JUPYTERHUB_USER=ops", "--entrypoint", "sleep", stack.versions["LAB_IMAGE"], "600",
    ])
    assert started.status == 0, started.err
    assert " ops " in stack.make("status").out
    try:
        done = stack.make("down")
        assert done.status == 0, done.text
        assert "homes, courses' folders, accounts and exercises are kept" in done.out
        # Other tests' lab containers begin with the project's name too, and are no part of its stack.
        members = f"name=^/?{stack.project}-(proxy|hub|lab-.*)$"
        assert run(["docker", "ps", "--all", "--format", "{{.Names}}", "--filter", members]).out == ""
        volumes = run(["docker", "volume", "ls", "--quiet"]).out.split()
        assert {home, shared, f"{stack.project}-hub-data"} <= set(volumes)
    finally:
        run(["docker", "rm", "--force", lab])
        run(["docker", "volume", "rm", home, shared])
        assert stack.up().status == 0
