"""MLflow's pages behind a real lab server; runs inside a lab container (see ../test_pages.py)."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

PREFIX = "/user/ana/"
HOST = "class.example:8000"
CONFIG = """
from lab_kernel.mlflow_server import server_proxy_entry
c.ServerProxy.servers = {{"mlflow": server_proxy_entry()}}
c.ServerApp.base_url = "{prefix}"
c.ServerApp.ip = "127.0.0.1"
c.ServerApp.port = {port}
c.ServerApp.allow_remote_access = True
c.ServerApp.open_browser = False
c.IdentityProvider.token = "let-me-in"
"""
WRITER = """
import mlflow
mlflow.set_experiment("from-a-kernel")
with mlflow.start_run(run_name="first"):
    mlflow.log_metric("auc", 0.75)
    mlflow.log_text("hello", "note.txt")
"""


class Lab:
    """A lab server with MLflow's entry, as the hub's proxy would call it."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"

    def ask(self, path: str, body: dict | None = None, origin: str | None = None, token: bool = True) -> tuple[int, bytes]:
        headers = {"Host": HOST, "Content-Type": "application/json"}
        if token:
            headers["Authorization"] = "token let-me-in"
        if origin:
            headers["Origin"] = origin
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + PREFIX + path, data=data, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    import socket

    from lab_kernel import mlflow_server

    environment = {**os.environ, **mlflow_server.kernel_environment()}
    elsewhere = tmp_path_factory.mktemp("course")
    subprocess.run([sys.executable, "-c", WRITER], check=True, env=environment, cwd=elsewhere)
    assert list(elsewhere.iterdir()) == []
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = elsewhere / "config.py"
    config.write_text(CONFIG.format(prefix=PREFIX, port=port))
    log = (elsewhere / "log").open("w")
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", f"--config={config}"], env=environment, cwd=elsewhere, stdout=log, stderr=log)
    found = Lab(port)
    deadline = time.monotonic() + 90
    while True:
        try:
            if found.ask("api")[0] == 200:
                break
        except OSError:
            pass
        assert time.monotonic() < deadline, (elsewhere / "log").read_text()
        time.sleep(0.3)
    yield found
    server.terminate()
    server.wait(timeout=30)


def servers() -> list[Path]:
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if b"mlflow_app" in command or b"lab_kernel.mlflow_server" in command:
            found.append(entry)
    return found


def test_page_is_there_with_addresses_that_keep_the_prefix(lab):
    status, page = lab.ask("mlflow/")
    assert status == 200
    assert b"<title>MLflow</title>" in page
    assert b'src="/' not in page and b'href="/' not in page
    script = page.split(b'<script defer="defer" src="')[1].split(b'"')[0].decode()
    assert lab.ask("mlflow/" + script)[0] == 200


def test_nobody_comes_in_without_the_labs_own_login(lab):
    status, page = lab.ask("mlflow/", token=False)
    assert b"<title>MLflow</title>" not in page
    assert status in (200, 302, 403)


def test_shows_what_a_kernel_has_written(lab):
    status, answer = lab.ask("mlflow/ajax-api/2.0/mlflow/experiments/search", {"max_results": 10}, origin=f"http://{HOST}")
    assert status == 200
    experiments = {found["name"]: found for found in json.loads(answer)["experiments"]}
    assert experiments["from-a-kernel"]["artifact_location"].startswith(str(Path.home() / "mlflow/artifacts"))
    wanted = {"experiment_ids": [experiments["from-a-kernel"]["experiment_id"]]}
    status, answer = lab.ask("mlflow/ajax-api/2.0/mlflow/runs/search", wanted)
    run = json.loads(answer)["runs"][0]
    assert run["data"]["metrics"][0]["value"] == 0.75
    status, text = lab.ask(f"mlflow/get-artifact?path=note.txt&run_uuid={run['info']['run_id']}")
    assert (status, text) == (200, b"hello")


def test_another_site_cannot_change_anything(lab):
    body = {"name": "planted"}
    assert lab.ask("mlflow/ajax-api/2.0/mlflow/experiments/create", body, origin="http://evil.example")[0] == 403
    assert lab.ask("mlflow/ajax-api/2.0/mlflow/experiments/create", {"name": "mine"}, origin=f"http://{HOST}")[0] == 200
    listed = lab.ask("mlflow/ajax-api/2.0/mlflow/experiments/search", {"max_results": 10})[1]
    assert b'"mine"' in listed and b'"planted"' not in listed


def test_the_assistant_that_runs_commands_is_off(lab):
    assert lab.ask("mlflow/ajax-api/3.0/mlflow/assistant/providers")[0] == 404


def test_is_one_process_of_moderate_size(lab):
    lab.ask("mlflow/")
    running = servers()
    assert len(running) == 1
    status = (running[0] / "status").read_text()
    kilobytes = int(status.split("VmRSS:")[1].split()[0])
    assert kilobytes < 400_000


def test_a_shared_tracking_server_is_not_shadowed():
    from lab_kernel import mlflow_server

    shared = {"MLFLOW_TRACKING_URI": "http://mlflow:5000", "HOME": "/home/student"}
    assert mlflow_server.kernel_environment(shared) == {}
    with pytest.raises(SystemExit, match="kept by that server"):
        mlflow_server.server_arguments(1, shared)
