"""What somebody who may edit flows can make of NiFi: no program is started, no part is brought in, and two networks are all."""

import json
import subprocess

import pytest

from tests.platform.nifi.conftest import Nifi

pytestmark = [pytest.mark.docker, pytest.mark.timeout(400)]

# Sends a body and prints the status of the answer, whatever it is; run inside the container.
SEND = """
import io, os, sys, urllib.error, urllib.request, zipfile
base = f"http://{os.environ['NIFI_PAGES_NAME']}:{os.environ['NIFI_PORT']}/nifi-api"
path, body = sys.argv[1:]
kind = "application/json"
if body == "NAR":
    made, kind = io.BytesIO(), "application/octet-stream"
    with zipfile.ZipFile(made, "w") as nar:
        nar.writestr("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\\nNar-Group: evil\\nNar-Id: evil-nar\\nNar-Version: 1\\n\\n")
body = made.getvalue() if body == "NAR" else body.encode()
request = urllib.request.Request(base + path, data=body, method="POST", headers={"Content-Type": kind, "Filename": "evil.nar"})
try:
    print(urllib.request.urlopen(request, timeout=60).status)
except urllib.error.HTTPError as error:
    print(error.code, error.read().decode(errors="replace")[:300])
"""
LISTS = {
    "processor": ("/flow/processor-types", "processorTypes"),
    "controller-service": ("/flow/controller-service-types", "controllerServiceTypes"),
    "reporting-task": ("/flow/reporting-task-types", "reportingTaskTypes"),
    "parameter-provider": ("/flow/parameter-provider-types", "parameterProviderTypes"),
    "flow-analysis-rule": ("/flow/flow-analysis-rule-types", "flowAnalysisRuleTypes"),
    "flow-registry": ("/controller/registry-types", "flowRegistryClientTypes"),
}


def send(nifi: Nifi, path: str, body: str) -> str:
    """The status and the beginning of the answer; the body NAR is a part as NiFi would take it."""
    return nifi.run("python3", "-I", "-c", SEND, path, body).strip()


@pytest.mark.parametrize("kind", LISTS)
def test_no_component_runs_programs(nifi: Nifi, kind: str):
    """NiFi marks those that do: "execute code" is a permission of its own."""
    path, key = LISTS[kind]
    found = nifi.api(path)[key]
    marked = {
        one["type"]: {mark["requiredPermission"]["id"] for mark in one.get("explicitRestrictions", [])}
        for one in found
        if one.get("restricted")
    }
    # The mark is there to be seen: what reads files has one.
    assert kind != "processor" or "read-filesystem" in marked["org.apache.nifi.processors.standard.GetFile"]
    assert [name for name, marks in marked.items() if "execute-code" in marks] == []
    # Marked without a reason: whatever it does.
    assert [name for name, marks in marked.items() if not marks] == []


def test_one_that_does_cannot_be_made_by_its_name(nifi: Nifi):
    body = {"revision": {"version": 0}, "component": {"type": "org.apache.nifi.processors.standard.ExecuteProcess"}}
    said = send(nifi, "/process-groups/root/processors", json.dumps(body))
    assert said.startswith(("400", "404", "409")), said


def test_no_part_is_taken_in(nifi: Nifi):
    said = send(nifi, "/controller/nar-manager/nars/content", "NAR")
    assert said.startswith("500"), said
    assert "No space left on device" in nifi.log()
    assert "evil" not in nifi.page("/nifi-api/controller/nar-manager/nars")


def test_nothing_is_written_where_parts_are_looked_for(nifi: Nifi):
    for folder in ("/opt/nifi/lib", "/opt/nifi/extensions", "/opt/nifi/conf"):
        said = nifi.run("sh", "-c", f"touch {folder}/evil.nar 2>&1 || true")
        assert "Read-only file system" in said
    assert "No space left on device" in nifi.run("sh", "-c", "touch /srv/uploads/evil.nar 2>&1 || true")
    properties = nifi.run("cat", "/tmp/nifi/conf/nifi.properties")
    places = dict(line.split("=", 1) for line in properties.splitlines() if line.startswith("nifi.nar."))
    looked = {key: place for key, place in places.items() if place.startswith("/") and "working" not in key}
    assert set(looked.values()) == {"/opt/nifi/lib", "/opt/nifi/extensions", "/srv/uploads"}


def test_a_start_unpacks_the_parts_anew(nifi: Nifi):
    """What is unpacked is code, and lies where a flow can write."""
    unpacked = "/srv/nifi/work/nar/extensions"
    nifi.run("sh", "-c", f"cd {unpacked} && touch evil && echo evil > $(find . -name 'nifi-standard-processors-*.jar')")
    subprocess.run(["docker", "restart", "--time", "20", nifi.name], check=True, capture_output=True, timeout=120)
    nifi.start()
    sizes = nifi.run("sh", "-c", f"cd {unpacked} && ls && find . -name 'nifi-standard-processors-*.jar' -size +1000k").split()
    assert "evil" not in sizes and any(name.endswith(".jar") for name in sizes)


def test_its_networks_are_the_labs_and_the_platforms(nifi: Nifi):
    template = "{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}"
    found = subprocess.run(["docker", "inspect", "--format", template, nifi.name], capture_output=True, text=True, check=True)
    assert sorted(found.stdout.split()) == [f"{nifi.project}-labs", f"{nifi.project}-platform"]
