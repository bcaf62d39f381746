"""Which labs are sent to the Spark cluster, and when."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from lab_platform.keys import spark
from lab_platform.settings import Settings, SettingsError

VARIABLES = {
    "SPARK_LABS": "cluster",
    "SPARK_MASTER_PORT": "7077",
    "SPARK_PAGES_PORT": "8080",
    "SPARK_EVENTS_PORT": "18081",
    "STORAGE_PORT": "7070",
    "SPARK_EXECUTOR_MEMORY": "512m",
    "SPARK_STUDENT_CORES": "2",
}


@pytest.fixture
def settings(tmp_path):
    (tmp_path / "spark_secret").write_text("of the class")

    def make(**changed: str) -> Settings:
        return Settings(1, "http://hub", "/", "t", "g", 5, 300, tmp_path, VARIABLES | changed)

    return make


@pytest.fixture
def master():
    """A server that says of itself what it is told to."""
    said: dict = {}

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(said).encode())

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield said, server.server_address
        server.shutdown()


def test_one_setting_sends_labs_to_the_cluster(settings):
    found = spark.make(settings()).grant("ana")
    assert found["SPARK_MASTER"] == "spark://spark-master:7077"
    assert found["SPARK_EVENTS"] == "http://spark-history:18081"
    assert (found["SPARK_SECRET"], found["SPARK_STUDENT_CORES"], found["SPARK_EXECUTOR_MEMORY"]) == ("of the class", "2", "512m")


def test_otherwise_they_have_its_key_and_compute_by_themselves(settings):
    found = spark.make(settings(SPARK_LABS="lab")).grant("ana")
    assert "SPARK_MASTER" not in found and found["SPARK_SECRET"] == "of the class"


def test_anything_else_is_refused(settings):
    with pytest.raises(SettingsError, match="lab .* and cluster"):
        spark.make(settings(SPARK_LABS="everywhere"))


@pytest.mark.parametrize(
    "said, running",
    [
        ({"status": "ALIVE", "aliveworkers": 3}, True),
        ({"status": "ALIVE", "aliveworkers": 0}, False),
        ({"status": "RECOVERING", "aliveworkers": 3}, False),
    ],
)
def test_a_cluster_without_workers_is_none(master, said, running):
    answer, (host, port) = master
    answer.update(said)
    assert spark.SparkKeys(f"http://{host}:{port}/", (host, port), {}).running() is running


def test_a_cluster_without_storage_is_none(master):
    answer, (host, port) = master
    answer.update({"status": "ALIVE", "aliveworkers": 3})
    assert spark.SparkKeys(f"http://{host}:{port}/", (host, 1), {}).running() is False
    assert spark.SparkKeys(f"http://{host}:1/", (host, port), {}).running() is False
