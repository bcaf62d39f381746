"""NiFi's page answers under the front door's path, on the platform's network alone; what it knows survives."""

import json
import re
import subprocess

import pytest

from tests.helpers import lab
from tests.helpers.waiting import wait_until
from tests.platform.nifi.conftest import Nifi

pytestmark = [pytest.mark.docker, pytest.mark.timeout(400)]

BEHIND_THE_DOOR = """
import json, os, urllib.request, urllib.error
base = f"http://{os.environ['NIFI_PAGES_NAME']}:{os.environ['NIFI_PORT']}"
door = {"X-ProxyScheme": "https", "X-ProxyHost": "class.example", "X-ProxyPort": "443", "Host": "class.example"}
def ask(path, prefix):
    request = urllib.request.Request(base + path, headers={**door, "X-ProxyContextPath": prefix})
    try:
        answer = urllib.request.urlopen(request, timeout=30)
        return answer.status, answer.url, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers.get("Location"), ""
print(json.dumps({"page": ask("/nifi/", "/services/nifi"), "root": ask("/nifi-api/process-groups/root", "/services/nifi"),
                  "forged": ask("/nifi-api/process-groups/root", "/elsewhere")}))
"""
FROM_A_LAB = """
import socket, sys
for host, port in (("nifi", {listen}), ("nifi", {port}), ("{address}", {port}), ("nifi.platform", {port})):
    try:
        socket.create_connection((host, port), timeout=3).close()
        print("open")
    except OSError:
        print("closed")
"""


def test_the_page_lives_under_the_doors_path_and_no_other(nifi: Nifi):
    seen = json.loads(nifi.run("python3", "-I", "-c", BEHIND_THE_DOOR))
    status, _, page = seen["page"]
    assert status == 200
    assert "<title>NiFi</title>" in page
    # What it loads is named from where it stands, so the path in front of it does not matter.
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert loaded
    assert [one for one in loaded if one.startswith("/")] == []
    assert json.loads(seen["root"][2])["uri"].startswith("https://class.example:443/services/nifi/nifi-api/process-groups/")
    assert seen["forged"][0] >= 400


def test_what_the_page_loads_is_there(nifi: Nifi):
    loaded = re.findall(r'(?:src|href)="([^"]+\.(?:js|css))"', nifi.page("/nifi/"))
    assert loaded
    assert [one for one in loaded if not nifi.page(f"/nifi/{one}")] == []


def test_a_lab_reaches_the_listener_and_not_the_page(nifi: Nifi, lab_image: str):
    ports = {"listen": nifi.settings["NIFI_LISTEN_PORT"], "port": nifi.settings["NIFI_PORT"]}
    code = FROM_A_LAB.format(**ports, address=nifi.address("platform"))
    command = ["docker", "run", "--rm", "--network", f"{nifi.project}-labs", lab_image, lab.PYTHON, "-I", "-c", code]
    seen = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert seen.stdout.split() == ["open", "closed", "closed", "closed"], seen.stderr


def test_nothing_is_published_on_the_host(nifi: Nifi):
    ports = subprocess.run(["docker", "port", nifi.name], capture_output=True, text=True)
    assert ports.stdout == ""


def test_its_key_is_a_secret(nifi: Nifi):
    environment = nifi.run("env")
    key = nifi.run("cat", "/run/secrets/nifi_sensitive_key")
    assert len(key) == 64
    assert key not in environment
    assert nifi.run("stat", "--format", "%a", "/tmp/nifi/conf").strip() == "700"
    assert key not in nifi.log()


def test_it_says_nothing_alarming_when_it_starts(nifi: Nifi):
    log = subprocess.run(["docker", "logs", nifi.name], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout
    until_started, _, _ = log.partition("Started Application")
    assert "Started Server" in until_started
    assert [line for line in until_started.splitlines() if re.search(r" (WARN|ERROR) |Exception", line)] == []


def test_it_has_the_processors_that_lessons_use(nifi: Nifi):
    types = {one["type"].rsplit(".", 1)[1] for one in nifi.api("/flow/processor-types")["processorTypes"]}
    assert {"GetFile", "ListenHTTP", "GenerateFlowFile", "UpdateAttribute", "PutFile", "ConvertRecord", "InvokeHTTP"} <= types
    assert len(types) > 100


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_a_restart_keeps_the_flows_and_what_they_delivered(nifi: Nifi, how: str):
    before, landed = nifi.ids(), nifi.landed("orders")
    if how == "kill":
        subprocess.run(["docker", "kill", nifi.name], check=True, stdout=subprocess.DEVNULL)
    else:
        nifi.compose("stop", "nifi")
    nifi.start()
    assert nifi.ids() == before
    assert wait_until(lambda: nifi.states() == {"Running"}, what="flows that run again", seconds=30, log=nifi.log)
    assert landed.items() <= nifi.landed("orders").items()
    assert wait_until(lambda: len(nifi.landed("orders")) > len(landed), what="a new order", seconds=30, log=nifi.log)
