"""The landing zone of a lab by itself is of NiFi's form; the class's is used only where it is whole."""

import json
import re
import socket
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lab_kernel import landing, settings
from lab_kernel.lakehouse import Lakehouse
from lab_kernel.landing import stand_in
from tests.helpers.versions import ROOT

NAME = re.compile(r"\d{8}T\d{6}\.\d{3}-[0-9a-f-]{36}\.json")


@pytest.fixture
def lakehouse(tmp_path):
    return Lakehouse(str(tmp_path / "lake"), lambda: pytest.fail("Spark was asked for"))


@pytest.fixture
def zone(lakehouse):
    found = landing.zone(lakehouse, settings.read({"HOME": "/home/ana"}))
    yield found
    found.stop()


def post(address: str, body: bytes) -> int:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(urllib.request.Request(address, data=body, method="POST"), timeout=10) as answer:
        return answer.status


def flow(name: str) -> dict:
    """NiFi's definition of a flow: the processors by their types."""
    definition = json.loads((ROOT / "compose/nifi/flows" / name).read_text())
    return {one["type"].rsplit(".", 1)[1]: one["properties"] for one in definition["flowContents"]["processors"]}


def test_what_is_sent_lies_there_untouched_when_it_is_answered(zone, lakehouse):
    bodies = [f'{{"n": {number}, "word": "ção' for number in range(8)]
    with ThreadPoolExecutor(4) as senders:
        assert set(senders.map(lambda body: post(zone.listener, body.encode()), bodies)) == {200}
    names = zone.names("http")
    assert len(names) == 8 and all(NAME.fullmatch(name) for name in names)
    assert names == sorted(names)
    assert {Path(zone.http, name).read_text() for name in names} == set(bodies)
    assert all(timedelta(0) <= datetime.now(UTC) - landing.arrived(name) < timedelta(minutes=1) for name in names)


def test_its_names_and_paths_are_those_of_the_flows():
    """A flow that is changed here and not there would make the lesson two lessons."""
    form = """${now():format("yyyyMMdd'T'HHmmss.SSS", "UTC")}-"""
    names = {"http-listener.json": "${uuid}.json", "generated-orders.json": "orders.json", "file-drop.json": "${filename}"}
    for file, name in names.items():
        assert flow(file)["UpdateAttribute"]["filename"] == form + name
    assert "/" + flow("http-listener.json")["ListenHTTP"]["Base Path"] == stand_in.PATH
    folders = {flow(file)["PutFile"]["Directory"].rsplit("/", 1)[1] for file in names}
    assert folders == set(landing.FLOWS)


def test_its_orders_are_those_of_the_flow(zone):
    text = next(value for key, value in flow("generated-orders.json")["GenerateFlowFile"].items() if "text" in key)
    fields = re.findall(r'"(\w+)": ', text.splitlines()[0])
    orders = [json.loads(line) for name in zone.names("orders") for line in Path(zone.orders, name).read_text().splitlines()]
    assert len(zone.names("orders")) * len(text.splitlines()) == len(orders) == len({one["order_id"] for one in orders}) == 20
    assert {tuple(one) for one in orders} == {tuple(fields)}


def test_another_path_is_not_found_and_nothing_is_written(zone):
    with pytest.raises(urllib.error.HTTPError, match="404"):
        post(zone.listener + "/x", b"{}")
    assert zone.names("http") == []


def test_a_new_one_begins_anew_and_a_stopped_one_keeps_its_files(zone, lakehouse):
    post(zone.listener, b"{}")
    zone.stop()
    zone.stop()
    assert len(zone.names("http")) == 1
    with pytest.raises(OSError):
        post(zone.listener, b"{}")
    again = landing.zone(lakehouse, settings.read({"HOME": "/home/ana"}))
    assert again.names("http") == [] and len(again.names("orders")) == 4
    again.stop()


def test_a_flow_that_is_none_is_refused(zone):
    with pytest.raises(ValueError, match="no flow 'mail'; there are files, http, orders"):
        zone.names("mail")


def test_the_classs_is_used_where_it_is_seen_and_somebody_listens(lakehouse, tmp_path, monkeypatch):
    monkeypatch.setattr(landing.ClassZone, "HOST", "127.0.0.1")
    (tmp_path / "zone/http").mkdir(parents=True)
    for name in ("20260101T120000.002-b.json", "20260101T120000.001-a.json", ".20260101T120000.003-c.json"):
        (tmp_path / "zone/http" / name).write_text("{}")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        told = {"HOME": "/home/ana", "LANDING_ZONE": str(tmp_path / "zone"), "NIFI_LISTEN_PORT": str(port)}
        found = landing.zone(lakehouse, settings.read(told))
        assert found.listener == f"http://127.0.0.1:{port}/landing"
        assert found.http == f"file://{tmp_path}/zone/http"
        assert found.names("http") == ["20260101T120000.001-a.json", "20260101T120000.002-b.json"]
        assert found.names("orders") == []
        assert "class's landing zone" in repr(found) and found.stop() is None
        # The folder alone, or the listener alone, is no landing zone.
        unseen = landing.zone(lakehouse, settings.read({**told, "LANDING_ZONE": str(tmp_path / "gone")}))
    silent = landing.zone(lakehouse, settings.read(told))
    for one in (unseen, silent):
        assert "stand-in" in repr(one)
        one.stop()
