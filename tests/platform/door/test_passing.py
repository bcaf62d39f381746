"""What passes the front door, and how: headers, redirects, websockets, large things."""

import http.client
import json
import subprocess
import threading

import pytest
import requests
import websocket

from lab_platform.gate.services import HOSTS

pytestmark = pytest.mark.docker

MB = 1 << 20
FORGED = {
    "X-Dataflow-User": "root",
    "x-dataflow-role": "operator",
    "X-DATAFLOW-DOOR": "guess",
    "X_Dataflow_User": "root",
    "Authorization": "token secret",
}


@pytest.fixture
def browser(people, echo) -> requests.Session:
    """The student's, logged in at the front door."""
    assert people.student.browser.get(f"{echo}/headers", timeout=30).status_code == 200
    return people.student.browser


def cookies(browser: requests.Session) -> str:
    return "; ".join(f"{one.name}={one.value}" for one in browser.cookies if one.path in ("/", "/services/"))


def test_a_service_hears_the_gates_word_about_a_person_and_nothing_of_their_login(browser, echo, people):
    told = browser.get(f"{echo}/headers?a=b%2Fc", headers=FORGED, timeout=30).json()
    assert told["path"] == "/headers?a=b%2Fc"
    headers = told["headers"]
    assert (headers["x-dataflow-user"], headers["x-dataflow-role"]) == (people.student.name, "student")
    assert not {"x-dataflow-door", "x_dataflow_user", "cookie", "authorization"} & set(headers)
    assert "guess" not in json.dumps(headers) and "operator" not in json.dumps(headers)


def test_a_redirect_stays_below_the_services_path(browser, echo, stack):
    answer = browser.get(f"{echo}/away", allow_redirects=False, timeout=30)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/services/spark-history/there/?a=b")


def test_a_websocket_passes_and_an_outsiders_does_not(browser, echo):
    address = echo.replace("http", "ws", 1) + "/live"
    socket = websocket.create_connection(address, cookie=cookies(browser), timeout=20)
    for words in ("hello", "x" * 5000):
        socket.send(words)
        assert socket.recv() == words
    socket.close()
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        websocket.create_connection(address, timeout=20)
    assert refused.value.status_code == 401


def used(container: str) -> float:
    """MB of memory that a container uses now."""
    line = ["docker", "stats", "--no-stream", "--format", "{{.MemUsage}}", container]
    text = subprocess.run(line, capture_output=True, text=True, timeout=30).stdout.split("/")[0].strip()
    unit = next(unit for unit in ("GiB", "MiB", "KiB", "kB", "B") if text.endswith(unit))
    return float(text.removesuffix(unit)) * {"GiB": 1024, "MiB": 1, "KiB": 1 / 1024, "kB": 1 / 1024, "B": 0}[unit]


def test_a_large_download_streams_through(browser, echo, stack):
    door = f"{stack.project}-gateway"
    before, seen, done = used(door), [], threading.Event()

    def watch() -> None:
        while not done.is_set():
            seen.append(used(door))

    watcher = threading.Thread(target=watch)
    with browser.get(f"{echo}/big/200", stream=True, timeout=60) as answer:
        assert answer.headers["Content-Length"] == str(200 * MB)
        watcher.start()
        got = 0
        for piece in answer.iter_content(MB):
            got += len(piece)
            if got == 20 * MB:
                # A reader that stops: whoever keeps what is sent meanwhile has it in memory now.
                done.wait(4)
    done.set()
    watcher.join()
    assert got == 200 * MB
    assert max(seen) < before + 24, f"{before:.0f} MB before, {max(seen):.0f} MB meanwhile"
    kept = subprocess.run(["docker", "exec", door, "du", "-sk", "/tmp"], capture_output=True, text=True).stdout
    assert int(kept.split()[0]) < 1024, kept


def test_what_is_sent_streams_too_up_to_the_stated_size(browser, echo, stack, settings):
    assert browser.post(f"{echo}/", data=b"y" * (30 * MB), timeout=60).json() == {"bytes": 30 * MB}
    most = int(settings["GATEWAY_UPLOAD_MAX"].removesuffix("m"))
    connection = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=30)
    connection.putrequest("POST", echo.removeprefix(stack.url) + "/")
    connection.putheader("Cookie", cookies(browser))
    connection.putheader("Content-Length", str((most + 1) * MB))
    # The announcement is enough; the rest is never sent.
    connection.endheaders(b"y" * 1024)
    assert connection.getresponse().status == 413
    connection.close()


def test_what_is_not_started_is_named_with_the_command(stack, people):
    """Whatever runs at the moment: its name in the engine's network decides."""
    there = subprocess.run(["docker", "ps", "--format", "{{.Names}}"], capture_output=True, text=True).stdout.split()
    for name, group in (("nifi", "processing"), ("spark", "processing"), ("consul", "core")):
        container = HOSTS.get(name, name)
        answer = people.operator.browser.get(f"{stack.url}/services/{name}/", timeout=30)
        if f"{stack.project}-{container}" in there:
            assert answer.status_code in (200, 503)
        else:
            assert answer.status_code == 503 and f"make start GROUPS={group}" in answer.text
