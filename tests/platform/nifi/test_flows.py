"""Each flow delivers what it was given, whole and once; bringing them again changes nothing, a changed one replaces its own."""

import json
import shutil
from pathlib import Path

import pytest

from tests.helpers.waiting import wait_until
from tests.platform.nifi.conftest import FLOWS, Nifi

pytestmark = [pytest.mark.docker, pytest.mark.timeout(400)]

NAMES = {"file drop", "http listener", "generated orders"}
POST = """
import os, sys, urllib.request
url = f"http://localhost:{os.environ['NIFI_LISTEN_PORT']}/landing"
request = urllib.request.Request(url, data=sys.stdin.buffer.read(), method="POST")
print(urllib.request.urlopen(request, timeout=30).status)
"""


def delivered(nifi: Nifi, folder: str, least: int, having: str = "") -> dict[str, str]:
    """What lies in a folder of the landing zone and has these words in it, once it is as many files."""

    def enough() -> dict[str, str]:
        found = {name: content for name, content in nifi.landed(folder).items() if having in content}
        return found if len(found) >= least else {}

    return wait_until(enough, what=f"{least} files in {folder}", seconds=60, log=nifi.log)


def changed(folder: Path, file: str, old: str, new: str) -> Path:
    """A copy of the project's flows with one difference."""
    shutil.copytree(FLOWS, folder)
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new))
    return folder


def test_the_flows_are_these_and_run(nifi: Nifi):
    assert set(nifi.ids()) == NAMES
    assert nifi.states() == {"Running"}


def test_a_dropped_file_lands_as_it_was(nifi: Nifi):
    content = "id,town\n1,Évora\n2,Faro\n"
    for _ in range(2):
        nifi.run("sh", "-c", "cat > /srv/drop/towns.csv", text=content)
        wait_until(lambda: not nifi.run("ls", "/srv/drop"), what="an empty drop folder", seconds=30, log=nifi.log)
    landed = delivered(nifi, "files", 2)
    # Two of one name are two files, each as it was.
    assert [name.split("-", 1)[1] for name in landed] == ["towns.csv", "towns.csv"]
    assert set(landed.values()) == {content}


def test_a_hidden_file_is_not_taken(nifi: Nifi):
    nifi.run("sh", "-c", "echo half > /srv/drop/.towns.part; echo whole > /srv/drop/whole.txt")
    wait_until(lambda: nifi.run("ls", "/srv/drop") == "", what="the whole file taken", seconds=30, log=nifi.log)
    assert nifi.run("ls", "-A", "/srv/drop").split() == [".towns.part"]
    nifi.run("rm", "/srv/drop/.towns.part")


def test_what_is_posted_lands_once_each(nifi: Nifi):
    sent = [json.dumps({"reading": number, "place": "Évora"}) for number in range(20)]
    for one in sent:
        assert nifi.run("python3", "-I", "-c", POST, text=one).strip() == "200"
    landed = delivered(nifi, "http", len(sent), having="reading")
    assert sorted(landed.values()) == sorted(sent)


def test_orders_are_made_and_each_has_its_own_id(nifi: Nifi):
    landed = delivered(nifi, "orders", 2)
    orders = [json.loads(line) for content in landed.values() for line in content.splitlines()]
    assert len(orders) == 5 * len(landed)
    assert len({order["order_id"] for order in orders}) == len(orders)
    for order in orders:
        assert set(order) == {"order_id", "placed_at", "customer", "city", "quantity", "amount_cents"}
        assert order["city"] in {"Porto", "Lisboa", "Braga", "Faro"}
        assert 1 <= order["quantity"] <= 5
        assert 100 <= order["amount_cents"] < 20100


def test_whoever_reads_the_landing_zone_may(nifi: Nifi):
    modes = nifi.run("find", "/srv/landing", "-mindepth", "1", "-printf", "%y %m\n").split("\n")
    assert set(filter(None, modes)) <= {"d 755", "f 644"}


def test_bringing_them_again_changes_nothing(nifi: Nifi):
    before = nifi.ids()
    assert nifi.flows() == [f"{name}: nothing to do" for name in sorted(NAMES)]
    assert nifi.ids() == before


def test_a_stopped_flow_is_started_again(nifi: Nifi):
    before = nifi.ids()
    code = "from flows.api import Nifi; import os, sys; Nifi(sys.argv[1]).schedule(sys.argv[2], 'STOPPED')"
    url = f"http://nifi.platform:{nifi.settings['NIFI_PORT']}/nifi-api"
    nifi.run("python3", "-c", code, url, before["file drop"][0])
    wait_until(lambda: "Stopped" in nifi.states(), what="a stopped flow", seconds=30, log=nifi.log)
    assert nifi.flows()[0] == "file drop: was there already; started again"
    assert nifi.ids() == before


def test_a_changed_definition_replaces_its_own_flow_alone(nifi: Nifi, tmp_path: Path):
    before = nifi.ids()
    said = nifi.flows(changed(tmp_path / "flows", "generated-orders.json", '"10 sec",\n', '"9 sec",\n'))
    assert said == [
        "file drop: nothing to do",
        "generated orders: its definition has changed; replaced and started",
        "http listener: nothing to do",
    ]
    after = nifi.ids()
    assert set(after) == NAMES
    assert {name for name in NAMES if after[name] != before[name]} == {"generated orders"}
    nifi.flows()


def test_a_flow_with_data_under_way_is_not_thrown_away(nifi: Nifi, tmp_path: Path):
    nifi.flows(changed(tmp_path / "broken", "file-drop.json", "/srv/landing/files", "/nowhere/files"))
    group = nifi.ids()["file drop"][0]
    nifi.run("sh", "-c", "echo kept > /srv/drop/kept.txt")
    queued = f"/flow/process-groups/{group}/status"
    wait_until(
        lambda: nifi.api(queued)["processGroupStatus"]["aggregateSnapshot"]["flowFilesQueued"] == 1,
        what="a file that cannot be written", seconds=30, log=nifi.log)
    refused = nifi.script("nifi-flows")
    assert refused.returncode == 1
    assert "1 pieces of data are still under way" in refused.stdout
    assert nifi.ids()["file drop"][0] == group
    # As its message says: once the queues are emptied, the definition goes in.
    nifi.api(f"/process-groups/{group}/empty-all-connections-requests", "POST")
    assert nifi.flows()[0] == "file drop: its definition has changed; replaced and started"


def test_what_is_no_definition_is_named(nifi: Nifi, tmp_path: Path):
    (tmp_path / "notes.json").write_text("[]")
    refused = nifi.script("nifi-flows", str(tmp_path))
    assert refused.returncode == 1
    assert "notes.json is no flow definition" in refused.stdout
