"""The client against the real service: what it returns, what it says when something is wrong, and when it tries again."""

import hashlib
import json
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import requests

from exercises import client
from exercises.client import Client, ClientError
from exercises.runner import archive
from tests.exercises.service.samples import EXERCISE, exercise, grade_all, notebook, pushed

WORK = {"notebook.ipynb": notebook("answer = 2"), "notes/mine.txt": b"mine"}


def test_who_one_is_and_what_there_is(clients, handed_out):
    assert clients.ana.me() == {"name": f"ana-{clients.course}", "courses": {clients.course: ["student"]}}
    assert clients.teacher.courses() == {clients.course: ["instructor"]}
    (one,) = clients.ana.exercises(clients.course)
    assert (one["name"], one["title"], one["status"], one["grade"]) == (EXERCISE, "First steps", "not submitted", None)
    assert clients.ana.exercise(clients.course, EXERCISE) == one


def test_the_whole_way_of_a_submission(clients, service, handed_out):
    number, files = clients.ana.fetch(clients.course, EXERCISE)
    assert (number, set(files)) == (1, {"notebook.ipynb"})
    receipt = clients.ana.submit(clients.course, EXERCISE, WORK, version=number)
    assert receipt["sha256"] == hashlib.sha256(archive.pack(WORK, compress=True)).hexdigest()
    assert (receipt["number"], receipt["version"], receipt["files"], receipt["share"]) == (1, 1, 2, 1.0)
    assert clients.ana.submission(receipt["id"])["status"] == "queued"
    assert clients.ana.feedback(receipt["id"])["checks"] is None
    assert grade_all(service) == 1
    told = clients.ana.feedback(receipt["id"])
    assert (told["status"], told["points"], [one["name"] for one in told["checks"]]) == ("graded", 10.0, ["rows", "hidden one"])
    assert clients.ana.files(receipt["id"]) == WORK
    assert [one["id"] for one in clients.ana.submissions(clients.course, EXERCISE)] == [receipt["id"]]
    assert clients.bruno.submissions(clients.course, EXERCISE) == []


def test_what_instructors_call(clients, service, handed_out):
    version = clients.teacher.push(clients.course, EXERCISE, exercise(), due="2026-03-09T18:00+01:00", attempts=3, late="10%/day")
    assert (version["version"], version["state"], version["report"]) == (2, "checking", None)
    assert (version["due"], version["attempts"], version["late"]) == ("2026-03-09T17:00:00+00:00", 3, "10%/day")
    assert clients.teacher.version(clients.course, EXERCISE, 2)["state"] == "checking"
    assert [one["version"] for one in clients.teacher.versions(clients.course, EXERCISE)] == [1, 2]
    assert "exercise.toml" in clients.teacher.source(clients.course, EXERCISE, 2)
    receipt = clients.ana.submit(clients.course, EXERCISE, WORK)
    (one,) = clients.grader.everybody(clients.course, EXERCISE)
    assert (one["id"], one["user"]) == (receipt["id"], f"ana-{clients.course}")
    assert clients.teacher.regrade(receipt["id"])["status"] == "queued"


def test_one_key_hands_in_once(clients, handed_out):
    first = clients.ana.submit(clients.course, EXERCISE, WORK, key="once-and-only")
    again = clients.ana.submit(clients.course, EXERCISE, {"notebook.ipynb": notebook("answer = 3")}, key="once-and-only")
    assert again == first
    other = clients.ana.submit(clients.course, EXERCISE, WORK)
    assert other["number"] == 2


def test_refusals_come_in_the_services_words(clients, people, service, handed_out):
    with pytest.raises(ClientError, match="You are in no group of the course") as refused:
        clients.stranger.exercises(clients.course)
    assert refused.value.status == 403
    with pytest.raises(ClientError, match="has no exercise nothing") as refused:
        clients.ana.fetch(clients.course, "nothing")
    assert refused.value.status == 404
    with pytest.raises(ClientError, match="Only instructors") as refused:
        clients.ana.push(clients.course, EXERCISE, exercise())
    assert refused.value.status == 403
    with pytest.raises(ClientError, match="there is no notebook.ipynb") as refused:
        clients.ana.submit(clients.course, EXERCISE, {"other.ipynb": b"{}"})
    assert refused.value.status == 422
    with pytest.raises(ClientError, match="attempts") as refused:
        clients.teacher.push(clients.course, EXERCISE, exercise(), attempts="many")
    assert refused.value.status == 422
    with pytest.raises(ClientError, match="Log in at the hub") as refused:
        Client(service.url, "no-such-token").me()
    assert refused.value.status == 401
    pushed(service, people, EXERCISE, due=(service.clock() + timedelta(hours=1)).isoformat())
    service.clock.pass_(hours=2)
    with pytest.raises(ClientError, match="First steps was due at 2026-03-02 13:00 UTC") as refused:
        clients.ana.submit(clients.course, EXERCISE, WORK)
    assert refused.value.status == 409


def test_what_the_service_would_refuse_is_not_sent():
    nowhere = Client("http://127.0.0.1:1/services/exercises/", "token")
    with pytest.raises(ClientError, match="Nothing was sent: the files are larger than 50 MB together"):
        nowhere.submit("c", EXERCISE, {"notebook.ipynb": notebook(), "big.csv": bytes(51 * archive.MB)})
    with pytest.raises(ClientError, match="Nothing was sent: there are more than 2000 files"):
        nowhere.submit("c", EXERCISE, {f"{number}.txt": b"" for number in range(2001)})


def test_names_cannot_lead_to_another_route(clients, handed_out):
    with pytest.raises(ClientError) as refused:
        clients.ana.exercise("../../api/me?", EXERCISE)
    assert refused.value.status in (403, 404)


def test_addresses_and_tokens_are_explained(tmp_path):
    with pytest.raises(ClientError, match="EXERCISES_URL"):
        client.from_environment(environment={})
    with pytest.raises(ClientError, match="A token is missing"):
        client.from_environment(environment={"EXERCISES_URL": "http://127.0.0.1/services/exercises"})
    with pytest.raises(ClientError, match="is no address"):
        client.from_environment(url="hub", environment={"EXERCISES_TOKEN": "x"})
    with pytest.raises(ClientError, match="cannot be read"):
        client.from_environment(url="http://127.0.0.1/", token_file=tmp_path / "none", environment={})
    with pytest.raises(ClientError, match="characters"):
        client.from_environment(url="http://127.0.0.1/", token="two\nlines", environment={})


def test_a_lab_needs_no_settings(service, people, handed_out, tmp_path):
    environment = {"EXERCISES_URL": service.url.rstrip("/"), "JUPYTERHUB_API_TOKEN": people.ana}
    assert client.from_environment(environment=environment).me()["name"] == f"ana-{people.course}"
    (tmp_path / "token").write_text(people.bruno + "\n")
    assert client.from_environment(token_file=tmp_path / "token", environment=environment).me()["name"].startswith("bruno")


def test_a_service_that_is_not_there_is_explained():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/services/exercises/"
        with pytest.raises(ClientError, match="cannot be reached .*Try again in a minute") as silent:
            Client(url, "token", pauses=(0.01,)).me()
    assert silent.value.status is None


class Odd(BaseHTTPRequestHandler):
    """Stands where the service should: breaks off, is busy, or is something else; then hands on to the real one."""

    script: list = []
    seen: list = []
    real = ""

    def _any(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.seen.append((self.command, self.path))
        step = self.script.pop(0) if self.script else "real"
        if step == "break":
            self.connection.close()
            return
        if step == "real" or step == "lose":
            headers = {"Authorization": self.headers["Authorization"]}
            found = requests.request(self.command, self.real + self.path, headers=headers, data=body, timeout=20)
            if step == "lose":
                self.connection.close()
                return
            step = (found.status_code, dict(found.headers), found.content)
        status, headers, content = step
        self.send_response(status)
        for name in headers:
            if name.lower() in ("location", "x-content-sha256", "x-exercise-version", client.HUB):
                self.send_header(name, headers[name])
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = _any

    def log_message(self, *_):
        pass


@contextmanager
def between(real: str, *script):
    handler = type("Between", (Odd,), {"script": list(script), "seen": [], "real": real})
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/services/exercises/", handler.seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def real(service) -> str:
    return f"http://127.0.0.1:{service.port}"


def test_trouble_on_the_way_is_tried_again(service, people, handed_out):
    busy = (503, {}, json.dumps({"detail": "busy"}).encode())
    with between(real(service), "break", busy, (502, {}, b"<html>")) as (url, seen):
        assert Client(url, people.ana, pauses=(0.01,) * 3).me()["name"].startswith("ana")
    assert len(seen) == 4


def test_a_lost_receipt_costs_no_second_attempt(service, people, clients, handed_out):
    with between(real(service), "lose") as (url, seen):
        receipt = Client(url, people.ana, pauses=(0.01,)).submit(clients.course, EXERCISE, WORK)
    assert receipt["number"] == 1 and len(seen) == 2 and seen[0] == seen[1]
    assert len(clients.ana.submissions(clients.course, EXERCISE)) == 1


@pytest.mark.parametrize("call", ["submit", "push", "me"])
def test_a_service_that_the_proxy_has_no_way_to_yet_is_waited_for(hub, service, people, clients, handed_out, call):
    """The hub gets what has no route, says so as it says it of everything, and the service has seen nothing of it."""
    calls = {
        "submit": lambda one: one.submit(clients.course, EXERCISE, WORK),
        "push": lambda one: one.push(clients.course, EXERCISE, exercise(change="a line")),
        "me": lambda one: one.me(),
    }
    token = people.teacher if call == "push" else people.ana
    the_hub = hub.api.removesuffix("/hub/api")
    with pytest.raises(ClientError, match="hub answers in the place of .*not back yet"):
        calls[call](Client(the_hub + "/services/exercises/", token, pauses=()))
    sent = {"method": "GET"} if call == "me" else {"method": "POST", "data": b""}
    said = requests.request(url=the_hub + "/services/exercises/api/me", allow_redirects=False, timeout=20, **sent)
    assert said.status_code in (302, 403), said.status_code
    answer = (said.status_code, dict(said.headers), said.content)
    with between(real(service), answer, answer) as (url, seen):
        assert calls[call](Client(url, token, pauses=(0.01,) * 2))
    assert len(seen) == 3


def test_a_push_is_never_sent_twice(service, people, clients, handed_out):
    with between(real(service), "lose") as (url, seen):
        with pytest.raises(ClientError, match="Look whether it arrived"):
            Client(url, people.teacher, pauses=(0.01,)).push(clients.course, EXERCISE, exercise(change="a line"))
    assert len(seen) == 1
    assert len(clients.teacher.versions(clients.course, EXERCISE)) == 2


def test_the_token_follows_no_redirect(service, people):
    with between(real(service)) as (elsewhere, stolen):
        with between(real(service), (302, {"Location": elsewhere + "api/me"}, b"")) as (url, _):
            with pytest.raises(ClientError, match="leads on to .*Use that one"):
                Client(url, people.ana).me()
    assert stolen == []


@pytest.mark.parametrize("answer", [(200, {}, b"<html>hub</html>"), (404, {}, b"<html>no route</html>"), (500, {}, b"[]")])
def test_what_is_not_the_service_is_named(answer, service):
    with between(real(service), answer) as (url, _):
        with pytest.raises(ClientError, match="not as the exercises service does"):
            Client(url, "token", pauses=()).me()


def test_what_was_damaged_on_the_way_is_not_taken(service, people, clients, handed_out):
    damaged = (200, {"X-Content-Sha256": "0" * 64, "X-Exercise-Version": "1"}, archive.pack(WORK))
    with between(real(service), damaged) as (url, _):
        with pytest.raises(ClientError, match="not what was sent"):
            Client(url, people.ana).fetch(clients.course, EXERCISE)


def test_importing_it_brings_nothing_heavy():
    heavy = {"requests", "httpx", "pyspark", "pandas", "jupyterhub", "nbformat"}
    code = f"import sys, exercises.client; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
