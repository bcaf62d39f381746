"""The class's Spark cluster with real labs beside it: jobs, what is killed, sharing, pages, and what is closed."""

import json
import re
import subprocess

import pytest

from tests.platform.spark.cluster import IN_LAB, WORKERS, Cluster, docker, finished

pytestmark = [pytest.mark.docker, pytest.mark.timeout(900)]

WORK = f"{IN_LAB}/work.py"
# Spark's master writes these two of its own without the path at which it is shown.
NOT_MENDED = ("/environment/", "/logPage/?self")
# For what takes half a minute on a machine that has nothing else to do.
SLOW = 120
TOTAL = sum(range(1_000_000))
EXECUTOR = "CoarseGrainedExecutorBackend"
# What an executor starts with its first Python task.
PYTHON = "pyspark.daemon"


def lines(printed: str) -> dict:
    """The JSON lines of work.py, as one."""
    return {key: value for line in printed.splitlines() if line.startswith("{") for key, value in json.loads(line).items()}


def having(cluster: Cluster, process: str) -> list[str]:
    """The workers in which it runs."""
    return [name for name in WORKERS if process in docker("top", cluster.container(name), "-eo", "pid,args")]


def busy_with(cluster: Cluster, user: str, *arguments: str) -> tuple[subprocess.Popen, str]:
    """Start a job and return it, and a worker on which it computes; nothing of an earlier one is left."""
    cluster.wait(lambda: not having(cluster, EXECUTOR), "the end of earlier executors", 120)
    process = cluster.lab(user).start(WORK, *arguments)
    return process, cluster.wait(lambda: having(cluster, PYTHON), "a task", SLOW)[0]


def cases(name: str) -> tuple[str, ...]:
    folder = IN_LAB
    options = ("-q", "--color=no", "-p", "no:cacheprovider", f"--rootdir={folder}", f"--confcutdir={folder}", "--timeout=400")
    return ("-m", "pytest", *options, "-W", "default", "--durations=5", f"{folder}/{name}_cases.py")


def test_three_workers_serve(cluster):
    found = cluster.wait(lambda: cluster.master()["aliveworkers"] == 3 and cluster.master(), "three workers", 60)
    assert found["status"] == "ALIVE"
    alive = [worker["host"] for worker in found["workers"] if worker["state"] == "ALIVE"]
    assert sorted(alive) == [f"{name}.labs" for name in WORKERS]
    assert found["cores"] == 3 * int(cluster.settings["SPARK_WORKER_CORES"])
    assert json.loads(cluster.page("spark-history", "/api/v1/applications")) == []


def test_a_notebook_is_the_same_on_the_cluster(cluster):
    printed = cluster.lab("ana").run(*cases("kernel"), seconds=600)
    assert re.search(r"\b7 passed", printed), printed


def test_a_cluster_that_is_away_or_closed_is_told_at_once(cluster):
    printed = cluster.lab("away").run(*cases("away"), seconds=300)
    assert re.search(r"\b4 passed", printed), printed


def test_a_killed_executor_costs_a_retry_and_not_the_job(cluster):
    process, worker = busy_with(cluster, "kill", "8", "3")
    docker("exec", cluster.container(worker), "pkill", "-9", "-f", EXECUTOR)
    found = lines(finished(process, SLOW))
    assert found["failed"] >= 1
    assert found["numbers"] == list(range(8))
    assert found["total"] == TOTAL


def test_a_killed_worker_costs_a_retry_and_comes_back(cluster):
    process, worker = busy_with(cluster, "worker", "10", "3")
    docker("kill", "--signal", "KILL", cluster.container(worker))
    docker("start", cluster.container(worker))
    found = lines(finished(process, SLOW))
    assert found["failed"] >= 1
    assert found["numbers"] == list(range(10))
    assert found["total"] == TOTAL
    alive = cluster.wait(lambda: cluster.master()["aliveworkers"] == 3, "three workers again", 120)
    assert alive


def test_a_killed_master_costs_a_running_job_nothing(cluster):
    process, _ = busy_with(cluster, "master", "10", "3")
    docker("kill", "--signal", "KILL", cluster.container("spark-master"))
    docker("start", cluster.container("spark-master"))
    found = lines(finished(process, SLOW))
    assert found["failed"] == 0
    assert found["numbers"] == list(range(10))
    assert found["total"] == TOTAL

    def three_workers() -> bool:
        try:
            return cluster.master()["aliveworkers"] == 3
        except AssertionError:
            # Its pages are not there yet.
            return False

    assert cluster.wait(three_workers, "three workers that have registered again", 120)


def test_two_labs_share_and_give_back(cluster):
    first, second = (cluster.lab(name).start(WORK, "10", "3", "80") for name in ("bia", "caio"))
    most = int(cluster.settings["SPARK_STUDENT_CORES"])
    cluster.wait(lambda: len(cluster.master()["activeapps"]) == 2, "both applications", 120)
    seen = cluster.wait(lambda: len(having(cluster, EXECUTOR)) == 3 and cluster.master(), "three executors", 120)
    assert sorted(app["cores"] for app in seen["activeapps"]) == [3 - most, most]
    # Both are still there, have nothing to do, and hold a cache.
    cluster.wait(lambda: cluster.master()["coresused"] == 0, "idle executors given back", 150)
    assert len(cluster.master()["activeapps"]) == 2
    found = [lines(finished(process, SLOW)) for process in (first, second)]
    assert [one["cached"] for one in found] == [10, 10]
    ran = [one["ran"] for one in found]
    spans = [(min(row[3] for row in rows), max(row[4] for row in rows)) for rows in ran]
    assert max(began for began, _ in spans) < min(ended for _, ended in spans), "one waited for the other to end"
    assert [len({(row[1], row[2]) for row in rows}) <= most for rows in ran] == [True, True]


def test_pages_are_made_for_the_front_doors_path(cluster):
    page = cluster.page("spark-master", "/")
    assert "notebook of bia" in page
    links = set(re.findall(r'(?:href|src)="(/[^"]*)"', page))
    assert links and all(link.startswith(("/services/spark/", *NOT_MENDED)) for link in links), links
    worker = re.search(r'href="/services/spark(/proxy/worker-[^"/]+)', page)[1]
    assert "Spark Worker at" in cluster.page("spark-master", f"{worker}/")
    assert "app/kill/" not in page
    history = cluster.page("spark-history", "/")
    links = set(re.findall(r'(?:href|src)="(/[^"]*)"', history))
    assert links and all(link.startswith("/services/spark-history/") for link in links), links


def test_the_history_shows_what_has_run_and_no_secret(cluster):
    def ended():
        found = json.loads(cluster.page("spark-history", "/api/v1/applications?status=completed"))
        return {app["name"]: app["id"] for app in found}

    names = {"notebook of kill", "notebook of worker", "notebook of master", "notebook of bia", "notebook of caio"}
    found = cluster.wait(lambda: names <= set(ended()) and ended(), "the applications in the history", 60)
    place = f"/api/v1/applications/{found['notebook of bia']}"
    jobs = json.loads(cluster.page("spark-history", f"{place}/jobs"))
    assert {job["status"] for job in jobs} == {"SUCCEEDED"}
    environment = cluster.page("spark-history", f"{place}/environment")
    assert "spark.authenticate.secret" in environment and cluster.secret not in environment


def test_a_lab_reaches_no_page_and_no_open_door(cluster):
    pages = cluster.settings["SPARK_PAGES_PORT"]
    closed = [("spark-master", pages), ("spark-master", "6066"), ("spark-history", cluster.settings["SPARK_HISTORY_PORT"])]
    closed += [(name, pages) for name in WORKERS]
    code = """
import socket, sys
for host, port in zip(sys.argv[1::2], sys.argv[2::2]):
    try: socket.create_connection((host, int(port)), 3).close(); print("open", host, port)
    except OSError: pass
"""
    found = cluster.lab("curious")
    said = found.run("-c", code, *(part for pair in closed for part in pair), seconds=60)
    assert said == ""
    assert "open" in found.run("-c", code, "spark-master", cluster.settings["SPARK_MASTER_PORT"], seconds=60)
