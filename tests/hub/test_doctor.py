"""The doctor finds each fault that is planted in a running class, says what to do, mends what is safe, leaves nothing behind."""

import re
import subprocess
import uuid

import pytest

from tests.helpers.stack import Stack, StackError
from tests.hub.conftest import docker

pytestmark = pytest.mark.docker

VISIT = "doctor-visit"
ASK_PROXY = """
import sys, urllib.request
from lab_hub import settings
found = settings.read()
headers = {"Authorization": "token " + found.secret("proxy_auth_token")}
url, body = found.proxy_api_url + "/api/routes" + sys.argv[2], sys.argv[3].encode() or None
request = urllib.request.Request(url, method=sys.argv[1], data=body, headers=headers)
print(urllib.request.urlopen(request, timeout=10).read().decode())
"""
LATER = """
import datetime
from lab_hub import doctor_orphans, settings
print(doctor_orphans.unknown(settings.read(), datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=float("{hours}"))))
"""


def doctor(stack: Stack, *words: str) -> dict[str, str]:
    """Return what was said of each check: its row and what belongs to it."""
    try:
        said = stack.script("doctor", *words, seconds=300)
    except StackError as failed:
        said = str(failed)
    rows: dict[str, str] = {}
    for line in said.splitlines():
        if found := re.match(r"( ok|FAIL|FIX |note| - ) +(\w+) ", line):
            name = found[2]
            rows[name] = rows.get(name, "") + line.strip() + "\n"
        elif rows and re.match(r" +(remedy|done): ", line):
            rows[name] += line.strip() + "\n"
    return rows


def ask_proxy(stack: Stack, method: str, route: str, body: str = "") -> str:
    return docker("exec", f"{stack.project}-hub", "python", "-c", ASK_PROXY, method, route, body)


def unknown(stack: Stack, hours: float) -> str:
    return docker("exec", f"{stack.project}-hub", "python", "-c", LATER.format(hours=hours))


@pytest.fixture(scope="module")
def gil(enrol):
    """Somebody at work."""
    person = enrol("gil")
    person.start()
    yield person
    person.stop()


@pytest.fixture
def remove():
    """`remove("volume", name)`: away at the end, whatever happened."""
    left: list[tuple[str, str]] = []
    yield lambda kind, name: left.append((kind, name))
    for kind, name in left:
        docker(kind, "rm", "--force", name)


def test_faults_are_found_mended_and_gone(stack, gil, remove):
    project = stack.project
    ghost, leftover = f"{project}-home-ghost", f"dataflow-race-{uuid.uuid4().hex[:6]}"
    secret = stack.state / "secrets" / "operator_token"
    for name in (ghost, leftover):
        docker("volume", "create", name)
        remove("volume", name)
    secret.chmod(0o644)
    stack.state.chmod(0o755)
    docker("stop", f"{project}-guard", f"{project}-exercises")
    ask_proxy(stack, "POST", "/user/nobody/", '{"target": "http://127.0.0.1:9", "jupyterhub": true, "user": "nobody"}')
    ask_proxy(stack, "DELETE", f"/user/{gil.name}/")

    found = doctor(stack, "--quick")
    words = {
        "state": "has mode 755", "secrets": "operator_token", "stack": "exercises is",
        "isolation": "the guard does not run", "groups": f"{project}-exercises exited",
        "routes": f"no way to the lab of {gil.name}; a way to nobody, whose lab does not run",
    }
    for check, word in words.items():
        assert found[check].startswith("FAIL") and word in found[check] and "\nremedy: " in found[check], found[check]
    assert found["orphans"].startswith("note") and ghost in found["orphans"] and "docker volume rm" in found["orphans"]
    assert found["leftovers"].startswith("note") and re.search(r"[1-9]\d* volume\(s\)", found["leftovers"])
    assert found["visit"].startswith("-")

    fixed = doctor(stack, "--fix", "--quick")
    # What has ended is started by the first check that finds it, the guard among it.
    assert fixed["isolation"].startswith("ok") and fixed["groups"].startswith("ok"), fixed
    for check in set(words) - {"groups", "isolation"}:
        assert fixed[check].startswith("FIX") and "\ndone: " in fixed[check], fixed[check]
    assert secret.stat().st_mode & 0o777 == 0o600 and stack.state.stat().st_mode & 0o777 == 0o700
    assert gil.browser.get(f"{stack.url}/user/{gil.name}/lab", timeout=30).status_code == 200
    assert "nobody" not in ask_proxy(stack, "GET", "/")
    assert docker("volume", "ls", "--quiet", "--filter", f"name=^{ghost}$") == ghost, "a home is never removed"

    # Health needs a moment after a start.
    stack.script("compose", "up", "--detach", "--wait", "--no-build", "--wait-timeout", "120")
    well = doctor(stack, "--quick")
    assert {check: row for check, row in well.items() if row.startswith("FAIL") and check not in ("homes", "memory", "disk")} == {}


def test_a_lab_that_the_hub_does_not_know_is_found_when_its_start_must_be_over(stack, gil, remove):
    name = f"{stack.project}-lab-ghost"
    labels = {"dataflow.project": stack.project, "dataflow.part": "lab", "dataflow.user": "ghost"}
    options = [word for key, value in labels.items() for word in ("--label", f"{key}={value}")]
    image = docker("inspect", "--format", "{{.Config.Image}}", f"{stack.project}-lab-{gil.name}")
    docker("run", "--detach", "--name", name, *options, "--network", "none", "--entrypoint", "sleep", image, "600")
    remove("container", name)
    assert unknown(stack, 0) == "[]", "it might just be starting"
    assert unknown(stack, 1) == f"['{name}']", "but not the lab of somebody at work"


def test_a_damaged_database_is_found(stack, remove):
    """Also where no hub runs, since one with such a database does not."""
    project = f"dataflow-ops-{uuid.uuid4().hex[:6]}"
    volume = f"{project}-hub-data"
    remove("volume", volume)
    make = (
        "import sqlite3; c = sqlite3.connect('/srv/hub/jupyterhub.sqlite'); c.execute('create table t (x)')\n"
        "c.executemany('insert into t values (?)', [('a' * 500,)] * 200); c.commit(); c.close()\n"
        "f = open('/srv/hub/jupyterhub.sqlite', 'r+b'); f.seek(4096 * 3); f.write(b'\\xff' * 4096)"
    )
    hub = docker("inspect", "--format", "{{.Config.Image}}", f"{stack.project}-hub")
    user = docker("inspect", "--format", "{{.Config.User}}", f"{stack.project}-hub")
    docker("run", "--rm", "--user", user, "--volume", f"{volume}:/srv/hub", "--entrypoint", "python", hub, "-c", make)
    found = doctor(Stack(project, stack.port, stack.state), "--quick")
    assert found["databases"].startswith("FAIL") and "hub: " in found["databases"] and "make restore" in found["databases"]


def test_a_visit_is_timed_and_leaves_nothing(stack):
    found = doctor(stack)
    if not found["visit"].startswith("ok"):
        # Whatever is wrong with this machine's disk or memory is not the class's fault.
        pytest.fail("\n".join(found.values()))
    numbers = [float(number) for number in re.findall(r"([\d.]+) s\b", found["visit"])]
    assert len(numbers) == 4 and all(0 < number < 120 for number in numbers), found["visit"]
    assert gone(stack)


def test_a_visit_that_fails_says_where_and_leaves_nothing(stack, hub_with):
    hub_with(LAB_IMAGE="dataflow/nowhere:none")
    said = docker_status("exec", f"{stack.project}-hub", "python", "-m", "lab_hub.doctor", "visit")
    assert said[0] == 1 and "could not start a lab" in said[1] and "image" in said[1], said
    assert gone(stack)


def docker_status(*arguments: str) -> tuple[int, str]:
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, timeout=200)
    return done.returncode, done.stdout + done.stderr


def gone(stack: Stack) -> bool:
    """Neither lab nor home nor account of the visit is there."""
    code = (
        "from lab_hub import settings; from lab_hub.account_store import AccountStore; from jupyterhub import orm\n"
        "url = settings.read().database_url\n"
        f"users = orm.new_session_factory(url)().query(orm.User).filter_by(name='{VISIT}').count()\n"
        f"print(AccountStore(url).find('{VISIT}'), users)"
    )
    names = docker("ps", "--all", "--quiet", "--filter", f"name=^{stack.project}-lab-{VISIT}$")
    homes = docker("volume", "ls", "--quiet", "--filter", f"name=^{stack.project}-home-{VISIT}$")
    return (names, homes) == ("", "") and docker("exec", f"{stack.project}-hub", "python", "-c", code) == "None 0"
