"""The logs of labs on their way to the Spark cluster's history: the sender of a lab against the door that takes them."""

import importlib.util
import re
import socket
import sys
import threading

import pytest

from lab_kernel.event_log import RUNNING, Sender
from tests.helpers.versions import ROOT

NAME = "app-20260101120000-0001.zstd"
SECRET = "of the class"


def load():
    """The door's file, which is no part of a package: it runs in the lab's image, beside the history server."""
    spec = importlib.util.spec_from_file_location("spark_events", ROOT / "compose/spark/events.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


events = load()


@pytest.fixture
def history(tmp_path):
    folder = tmp_path / "history"
    server = events.serve(("127.0.0.1", 0), folder, SECRET)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield folder, f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def lab(tmp_path, history):
    folder = tmp_path / "lab"
    folder.mkdir()
    return folder, Sender(folder, history[1], SECRET)


def names(folder) -> list[str]:
    return sorted(path.name for path in folder.glob("app-*"))


def test_a_log_arrives_while_it_grows_and_is_whole_at_the_end(lab, history):
    folder, sender = lab
    growing = folder / (NAME + RUNNING)
    growing.write_bytes(b"one ")
    sender.send()
    assert names(history[0]) == [NAME + RUNNING] and (history[0] / (NAME + RUNNING)).read_bytes() == b"one "
    with growing.open("ab") as file:
        file.write(b"two " * 1_000_000)
    sender.send()
    growing.rename(folder / NAME)
    sender.send()
    assert names(history[0]) == [NAME]
    assert (history[0] / NAME).read_bytes() == (folder / NAME).read_bytes()


def test_what_a_killed_spark_left_is_shown_as_it_is(lab, history):
    folder, sender = lab
    (folder / (NAME + RUNNING)).write_bytes(b"half")
    sender.close()
    assert names(history[0]) == [NAME] and (history[0] / NAME).read_bytes() == b"half"


def test_a_history_that_is_away_costs_nothing(tmp_path, history):
    folder = tmp_path / "lab"
    folder.mkdir()
    (folder / (NAME + RUNNING)).write_bytes(b"all of it")
    away = Sender(folder, "http://127.0.0.1:1", SECRET)
    away.send()
    back = Sender(folder, history[1], SECRET)
    back.send(over=True)
    assert (history[0] / NAME).read_bytes() == b"all of it"


def test_another_lab_can_neither_add_to_a_log_nor_end_it(lab, history, tmp_path):
    folder, sender = lab
    (folder / (NAME + RUNNING)).write_bytes(b"mine")
    sender.send()
    other = tmp_path / "other"
    other.mkdir()
    (other / (NAME + RUNNING)).write_bytes(b"mine, and more")
    stranger = Sender(other, history[1], SECRET)
    stranger.send(over=True)
    assert (history[0] / (NAME + RUNNING)).read_bytes() == b"mine"
    sender.send(over=True)
    (other / (NAME + RUNNING)).write_bytes(b"again")
    Sender(other, history[1], SECRET).send(over=True)
    assert (history[0] / NAME).read_bytes() == b"mine"


def test_who_does_not_know_the_secret_sends_nothing(history, tmp_path):
    folder = tmp_path / "lab"
    folder.mkdir()
    (folder / NAME).write_bytes(b"x")
    Sender(folder, history[1], "a guess").send(over=True)
    assert names(history[0]) == []


@pytest.mark.parametrize("name", ["app-1", "../app-20260101120000-0001", ".tokens", "app-20260101120000-0001.inprogress/x"])
def test_a_name_is_a_file_in_one_folder(tmp_path, name):
    store = events.Store(tmp_path)
    with pytest.raises(events.Refusal) as refused:
        store.add(name, "0" * 32, 0, b"x")
    assert refused.value.status == 400
    assert names(tmp_path) == []


def test_a_log_has_a_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(events, "MOST_BYTES", 10)
    store = events.Store(tmp_path)
    assert store.add(NAME, "0" * 32, 0, b"x" * 10) == 10
    with pytest.raises(events.Refusal) as refused:
        store.add(NAME, "0" * 32, 10, b"x")
    assert refused.value.status == 413


def test_tokens_of_logs_that_are_gone_go_too(tmp_path, monkeypatch):
    monkeypatch.setattr(events, "MOST_LOGS", 1)
    store = events.Store(tmp_path)
    store.add(NAME, "0" * 32, 0, b"x")
    second = NAME.replace("0001", "0002")
    with pytest.raises(events.Refusal):
        store.add(second, "1" * 32, 0, b"x")
    (tmp_path / (NAME + RUNNING)).unlink()
    assert store.add(second, "1" * 32, 0, b"x") == 1


def ask(url, path, length="1", body=b"x"):
    """Return what a lab reads back after a request that no honest one sends; nothing is a door that broke over it."""
    host, port = url.removeprefix("http://").split(":")
    headers = {"Host": "a", "Authorization": f"Bearer {SECRET}", "X-Log-Token": "0" * 32, "Content-Length": length}
    head = "".join([f"POST {path} HTTP/1.1\r\n", *(f"{name}: {value}\r\n" for name, value in headers.items()), "\r\n"])
    with socket.create_connection((host, int(port)), 5) as lab:
        lab.sendall(head.encode("latin-1") + body)
        lab.shutdown(socket.SHUT_WR)
        return lab.recv(1000).decode()


@pytest.mark.parametrize(
    ("path", "length"),
    [
        (f"/events/{NAME}?offset=0", "²"),
        (f"/events/{NAME}?offset=0", "9" * 5000),
        (f"/events/{NAME}?offset=%C2%B2", "1"),
        (f"/events/{NAME}?offset={'9' * 5000}", "1"),
        (f"/events/app-20260101120000-{'1' * 300}?offset=0", "1"),
        ("/events/app-%D9%A2026010112000-0001?offset=0", "1"),
        ("//[", "1"),
        ("/events/%00?offset=0", "1"),
    ],
)
def test_an_odd_request_is_refused_and_not_a_fault_of_the_door(history, path, length):
    folder, url = history
    assert re.match(r"HTTP/1.[01] 4\d\d ", ask(url, path, length)), ask(url, path, length)
    assert names(folder) == []
