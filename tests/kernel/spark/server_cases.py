"""The lab's own server: a running stream counts as activity; Spark's pages are behind its prefix."""

import asyncio
import json
import subprocess
import time
import urllib.request
from datetime import datetime
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("alone")

PREFIX, TOKEN = "/user/ana/", "a-token"


@pytest.fixture
def server(tmp_path):
    """A jupyter server with the image's configuration, as the hub would start it."""
    import os

    log = tmp_path / "server.log"
    environment = {
        **os.environ,
        "JUPYTERHUB_SERVICE_PREFIX": PREFIX,
        "DATAFLOW_HEARTBEAT_SECONDS": "1",
        "DATAFLOW_PROGRESS": "off",
    }
    ready = tmp_path / "runtime"
    environment["JUPYTER_RUNTIME_DIR"] = str(ready)
    with open(log, "w") as output:
        process = subprocess.Popen(
            [
                "jupyter",
                "lab",
                "--no-browser",
                "--ip=127.0.0.1",
                "--port=0",
                f"--ServerApp.base_url={PREFIX}",
                f"--IdentityProvider.token={TOKEN}",
                f"--ServerApp.root_dir={tmp_path}",
                "--LabApp.default_url=/lab",
            ],
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
        )
    try:
        deadline = time.monotonic() + 120
        while not (found := list(ready.glob("jpserver-*.json"))):
            assert process.poll() is None and time.monotonic() < deadline, log.read_text()
            time.sleep(0.2)
        port = json.loads(found[0].read_text())["port"]
        yield Server(f"127.0.0.1:{port}{PREFIX}", log)
    finally:
        process.terminate()
        process.wait(60)


class Server:
    def __init__(self, address: str, log: Path) -> None:
        self.address, self.log = address, log
        self.head = {"Authorization": f"token {TOKEN}"}

    def get(self, path: str) -> str:
        request = urllib.request.Request(f"http://{self.address}{path}", headers=self.head)
        return urllib.request.urlopen(request, timeout=60).read().decode()

    def post(self, path: str, body: dict) -> dict:
        head = {**self.head, "Content-Type": "application/json"}
        data = json.dumps(body).encode()
        request = urllib.request.Request(f"http://{self.address}{path}", headers=head, data=data)
        return json.loads(urllib.request.urlopen(request, timeout=60).read())

    def last_activity(self) -> datetime:
        return datetime.fromisoformat(json.loads(self.get("api/status"))["last_activity"])

    def run(self, kernel: str, code: str) -> list[dict]:
        """Runs a cell through the websocket, then leaves, as a closed browser does."""
        return asyncio.run(self._run(kernel, code))

    async def _run(self, kernel: str, code: str) -> list[dict]:
        from tornado.httpclient import HTTPRequest
        from tornado.websocket import websocket_connect

        url = f"ws://{self.address}api/kernels/{kernel}/channels"
        socket = await websocket_connect(HTTPRequest(url, headers=self.head))
        head = {
            "msg_id": f"m{time.time()}",
            "msg_type": "execute_request",
            "username": "",
            "session": "s",
            "version": "5.3",
        }
        content = {
            "code": code,
            "silent": False,
            "store_history": True,
            "user_expressions": {},
            "allow_stdin": False,
        }
        await socket.write_message(
            json.dumps(
                {
                    "channel": "shell",
                    "header": head,
                    "parent_header": {},
                    "metadata": {},
                    "content": content,
                }
            )
        )
        shown = []
        while True:
            message = json.loads(await asyncio.wait_for(socket.read_message(), 120))
            if message["parent_header"].get("msg_id") != head["msg_id"]:
                continue
            assert message["msg_type"] != "error", message["content"]
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                break
            shown.append(message["content"])
        socket.close()
        return shown


def test_a_running_stream_is_activity_and_pages_are_behind_the_prefix(server):
    kernel = server.post("api/kernels", {"name": "dataflow-spark"})["id"]
    shown = server.run(kernel, "spark_ui()")
    link = next(part["data"]["text/html"] for part in shown if "data" in part)
    pages = link.split('href="')[1].split('"')[0].removeprefix(PREFIX)
    assert f"{PREFIX}{pages.removesuffix('jobs/')}static/" in server.get(pages)
    # The redirect that a click on the page's title meets.
    assert "Spark Jobs" in server.get(pages.removesuffix("jobs/"))

    server.run(
        kernel,
        "query = spark.readStream.format('rate').load().writeStream.format('noop').queryName('ticks').start()",
    )
    deadline = time.monotonic() + 60
    while "lab is active: stream ticks" not in server.log.read_text():
        assert time.monotonic() < deadline, server.log.read_text()
        time.sleep(0.5)
    # Nobody is connected and no message is sent, and still the lab is active.
    before, deadline = server.last_activity(), time.monotonic() + 60
    while server.last_activity() <= before:
        assert time.monotonic() < deadline, server.log.read_text()
        time.sleep(0.5)
