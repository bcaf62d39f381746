"""The scoring server that lessons start; runs inside a lab container (see ../test_serving.py)."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

NAME = "doubles"
TRAIN = f"""
import mlflow, pandas as pd
from mlflow.models import infer_signature
from sklearn.linear_model import LinearRegression
rows = pd.DataFrame({{"x": [1.0, 2.0, 3.0]}})
model = LinearRegression().fit(rows, [2.0, 4.0, 6.0])
mlflow.set_experiment("serving")
with mlflow.start_run():
    info = mlflow.sklearn.log_model(
        model, name="model", signature=infer_signature(rows, model.predict(rows)),
        skops_trusted_types=["numpy.dtype"], pip_requirements=["scikit-learn"])
mlflow.register_model(info.model_uri, "{NAME}")
mlflow.MlflowClient().set_registered_model_alias("{NAME}", "champion", 1)
"""
KILLED = f"""
import os, signal
from lab_kernel import serving
server = serving.start("models:/{NAME}@champion")
print(server._process.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(scope="module", autouse=True)
def registered():
    from lab_kernel import mlflow_server

    os.environ.update(mlflow_server.kernel_environment())
    subprocess.run([sys.executable, "-c", TRAIN], check=True)


@pytest.fixture(scope="module")
def server(registered):
    from lab_kernel import serving

    started = serving.start(f"models:/{NAME}@champion")
    yield started
    started.stop()


def ask(server, columns, data):
    body = {"dataframe_split": {"columns": columns, "data": data}}
    return requests.post(f"{server.url}/invocations", json=body, timeout=30)


def test_it_answers_as_the_model_does(server):
    answer = ask(server, ["x"], [[5.0]])
    assert answer.status_code == 200
    assert answer.json()["predictions"] == pytest.approx([10.0])
    assert server.running and 50 < server.memory_mb < 600


def test_the_signature_is_kept(server):
    answer = ask(server, ["y"], [[5.0]])
    assert answer.status_code == 400
    assert "'x'" in answer.json()["message"]


def test_a_second_server_has_its_own_address_and_stops_alone(server):
    from lab_kernel import serving

    second = serving.start(f"models:/{NAME}/1")
    assert second.url != server.url
    assert second.stop() and not second.stop()
    assert second.memory_mb is None
    assert ask(server, ["x"], [[1.0]]).status_code == 200


def test_what_cannot_be_loaded_says_why_and_what_to_do():
    from lab_kernel import serving

    with pytest.raises(serving.ServingError, match="(?s)nobody.*Next: load the model in this notebook"):
        serving.start(f"models:/{NAME}@nobody")
    assert all(server.running for server in serving._running)


def test_silence_ends_at_the_deadline():
    from lab_kernel import serving

    with pytest.raises(serving.ServingError, match="did not answer within 0.2 s"):
        serving.start(f"models:/{NAME}@champion", seconds=0.2)


def test_it_ends_with_a_kernel_that_is_killed():
    done = subprocess.run([sys.executable, "-c", KILLED], capture_output=True, text=True)
    pid = int(done.stdout)
    deadline = time.monotonic() + 20
    while _alive(pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not _alive(pid)


def _alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
