"""`make user` for people who are there: locked out, reset, removed with an archive, brought back. Over the real hub and engine."""

import json
import re
import stat
import tarfile
import time
import uuid

import pytest
import requests

from tests.helpers import hub_client
from tests.helpers.hub_client import HubError
from tests.helpers.stack import StackError
from tests.helpers.waiting import wait_until
from tests.hub.conftest import OWN_PASSWORD, docker, hub_log

pytestmark = pytest.mark.docker

LOGGED_OUT_SECONDS = 60


@pytest.fixture
def user(stack, monkeypatch):
    """`user(name, reset=1)`: the script, which asks nobody here."""
    monkeypatch.setenv("YES", "1")

    def run(name: str, *, reset="", lock="", unlock="", remove="", restore="") -> str:
        return stack.script("user", name, "", *map(str, (reset, lock, unlock, remove, restore)))

    return run


def password_of(printed: str) -> str:
    return re.search(r"^\s+(\S+)\s*$", printed, re.MULTILINE)[1]


def api(stack, token):
    return requests.get(f"{stack.url}/hub/api/user", headers={"Authorization": f"token {token}"}, timeout=20).status_code


def labs(stack, name):
    return docker("ps", "--quiet", "--filter", f"label=dataflow.project={stack.project}", "--filter", f"label=dataflow.user={name}")


def volumes(stack):
    return docker("volume", "ls", "--quiet", "--filter", f"name=^{stack.project}-home-").split()


def test_a_locked_person_is_out_and_comes_back_to_the_same_files(stack, enrol, user):
    lea = enrol("lea")
    lea.start()
    began = time.monotonic()
    assert "is locked" in user(lea.name, lock=1)
    assert labs(stack, lea.name) == "", "the lab is stopped"
    assert api(stack, lea.token) == 403, "the token is revoked"
    assert "login" in lea.browser.get(f"{stack.url}/hub/home", timeout=20).url, "logged out"
    assert time.monotonic() - began < LOGGED_OUT_SECONDS
    with pytest.raises(HubError, match="This account is locked"):
        hub_client.log_in(stack.url, lea.name, OWN_PASSWORD)
    assert "can log in again" in user(lea.name, unlock=1)
    assert api(stack, lea.token) == 403, "a revoked token stays dead"
    again = hub_client.log_in(stack.url, lea.name, OWN_PASSWORD)
    again.start()
    again.stop()


def test_a_reset_ends_tokens_and_leaves_the_lab(stack, enrol, user):
    max_ = enrol("max")
    lab = max_.start()
    # A hub that was restarted knows the lab's own token from the container alone.
    docker("restart", "--time", "10", f"{stack.project}-hub")
    wait_until(
        lambda: requests.get(f"{stack.url}/hub/health", timeout=3).status_code == 200,
        what="the hub answers again",
        seconds=90,
        ignore=(requests.RequestException,),
        log=lambda: hub_log(stack, 40),
    )
    assert lab.request("GET", "api/status").status_code == 200
    environment = json.loads(docker("inspect", labs(stack, max_.name)))[0]["Config"]["Env"]
    own = next(one.partition("=")[2] for one in environment if one.startswith("JUPYTERHUB_API_TOKEN="))
    password = password_of(user(max_.name, reset=1))
    assert api(stack, max_.token) == 403
    again = hub_client.log_in(stack.url, max_.name, password, OWN_PASSWORD)
    assert api(stack, max_.token) == 403, "also after a new password was chosen"
    assert again.server()["ready"] and hub_client.Lab(again).request("GET", "api/status").status_code == 200
    activity = f"{stack.url}/hub/api/users/{max_.name}/activity"
    answer = requests.post(activity, headers={"Authorization": f"token {own}"}, json={"servers": {}}, timeout=20)
    assert answer.status_code in (200, 400), "the lab's own token is still known"
    again.stop()


def test_removed_with_an_archive_and_brought_back(stack, enrol, user):
    nia = enrol("nia.b")
    lab = nia.start()
    content = {"type": "file", "format": "text", "content": "her work"}
    assert lab.request("PUT", "api/contents/kept.txt", json=content).status_code == 201
    # A hub that was killed while it read the home, for a backup perhaps, leaves its container; it keeps nobody's home.
    (home,) = [one for one in volumes(stack) if nia.name.partition(".")[2] in one]
    image = docker("inspect", "--format", "{{.Config.Image}}", f"{stack.project}-hub")
    labels = ["--label", f"dataflow.project={stack.project}", "--label"]
    docker("create", *labels, "dataflow.part=archive", "--volume", f"{home}:/x", image)
    said = user(nia.name, remove=1)
    name = re.search(rf"{re.escape(nia.name)}-[0-9-]+\.tar\.gz", said)[0]
    archive = stack.state / "archives" / name
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600 and str(archive) in said
    with tarfile.open(archive) as tar:
        assert tar.extractfile("./kept.txt").read() == b"her work"
    assert labs(stack, nia.name) == "" and not [one for one in volumes(stack) if nia.name.partition(".")[2] in one]
    assert api(stack, nia.token) == 403
    with pytest.raises(HubError, match="Invalid username or password"):
        hub_client.log_in(stack.url, nia.name, OWN_PASSWORD)
    with pytest.raises(StackError, match="has no account"):
        user(nia.name, remove=1)
    other = f"oda{uuid.uuid4().hex[:6]}"
    # And one that was killed while it brought a home back: half of it is there.
    docker("create", *labels, "dataflow.part=restored", "--volume", f"{stack.project}-home-{other}:/x", image)
    password = password_of(user(other, restore=str(archive)))
    with pytest.raises(StackError, match="has an account already"):
        user(other, restore=str(archive))
    back = hub_client.log_in(stack.url, other, password, OWN_PASSWORD)
    answer = back.start().request("GET", "api/contents/kept.txt")
    assert (answer.status_code, answer.json()["content"]) == (200, "her work")
    assert back.start().request("PUT", "api/contents/more.txt", json=content).status_code == 201, "and it is theirs"
    back.stop()


def test_a_full_disk_removes_nothing(stack, enrol, user, hub_with, tmp_path):
    """The folder of archives is a small one for once."""
    pat = enrol("pat")
    volume = f"{stack.project}-home-{pat.name}"
    image = docker("inspect", "--format", "{{.Config.Image}}", f"{stack.project}-hub")
    docker("volume", "create", volume)
    fill = "head -c 30000000 /dev/urandom > /home/x/work && chown -R 1000:1000 /home/x"
    docker("run", "--rm", "--user", "0", "--volume", f"{volume}:/home/x", image, "sh", "-c", fill)
    # In the hub's container, where its own small tmpfs is the folder.
    arguments = ["--env", "HUB_ARCHIVES=/tmp/full", f"{stack.project}-hub", "sh", "-c"]
    docker("exec", *arguments, "mkdir /tmp/full && head -c 50000000 /dev/zero > /tmp/full/other")
    try:
        with pytest.raises(AssertionError, match="No space left on device.*Nothing was removed"):
            docker("exec", *arguments, f"python -m lab_hub.person remove {pat.name}")
        assert docker("exec", *arguments, "ls /tmp/full") == "other"
    finally:
        docker("exec", *arguments, "rm -r /tmp/full")
    assert volume in volumes(stack)
    hub_client.log_in(stack.url, pat.name, OWN_PASSWORD)
    assert "is removed" in user(pat.name, remove=1) and volume not in volumes(stack)


def test_a_removal_is_asked_for_first(stack, enrol):
    with pytest.raises(StackError, match="Nobody is there to ask"):
        stack.script("user", enrol("quin").name, "", "", "", "", "1")


def test_two_things_at_once_are_refused(stack):
    with pytest.raises(StackError, match="One thing at a time"):
        stack.script("user", "ana", "", "1", "1")
