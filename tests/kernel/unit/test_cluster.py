"""A lab that computes on the class's cluster: what is known before a JVM is started, and what Spark is told."""

import socket
import time

import pytest

from lab_kernel import cluster, progress, session, settings
from lab_kernel.errors import Facts, translate
from lab_kernel.settings import MB

LAB = {"HOME": "/home/ana", "MEM_LIMIT": str(2048 * MB), "JUPYTERHUB_USER": "ana"}
ON_CLUSTER = LAB | {
    "SPARK_MASTER": "spark://spark-master:7077",
    "SPARK_SECRET": "of the class",
    "SPARK_EXECUTOR_MEMORY": "600m",
    "SPARK_STUDENT_CORES": "3",
    "LAKEHOUSE_ROOT": "s3a://class/ana",
}


@pytest.fixture
def listening():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"spark://127.0.0.1:{server.getsockname()[1]}"


def test_the_lab_is_reached_where_it_reaches_the_master(listening):
    assert cluster.own_address(listening) == "127.0.0.1"


def test_a_cluster_that_is_not_there_is_known_within_seconds():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    began = time.monotonic()
    with pytest.raises(cluster.ClusterNotStartedError, match="make start GROUPS=processing"):
        cluster.own_address(f"spark://127.0.0.1:{port}", patience=0.5)
    assert time.monotonic() - began < 5


def test_a_name_that_nobody_has_is_not_waited_for():
    began = time.monotonic()
    with pytest.raises(cluster.ClusterNotStartedError):
        cluster.own_address("spark://nobody.invalid:1", patience=60)
    assert time.monotonic() - began < 20


def test_without_the_secret_no_jvm_is_started(listening):
    found = settings.read(LAB | {"SPARK_MASTER": listening})
    with pytest.raises(cluster.ClusterSecretError, match="SPARK_SECRET is not set"):
        cluster.reach(found)


@pytest.mark.parametrize(
    "cause, explained_as",
    [
        (cluster.ClusterNotStartedError("spark://spark-master:7077", "refused"), "cluster-not-started"),
        (cluster.ClusterSecretError("spark://spark-master:7077"), "cluster-secret-missing"),
    ],
)
def test_both_are_explained(cause, explained_as):
    failure = session.NoClusterError(cause)
    failure.__cause__ = cause
    assert translate(failure, Facts()).id == explained_as
    assert "Java" not in str(failure)


def test_spark_is_told_the_labs_address_and_its_share():
    told = dict(session.configuration(settings.read(ON_CLUSTER), "172.18.0.9"))
    assert told["spark.driver.host"] == told["spark.driver.bindAddress"] == "172.18.0.9"
    assert (told["spark.cores.max"], told["spark.dynamicAllocation.maxExecutors"]) == ("3", "3")
    assert told["spark.executor.memory"] == "600m"
    assert (told["spark.authenticate"], told["spark.authenticate.secret"]) == ("true", "of the class")


def test_no_idle_notebook_keeps_cores_from_a_waiting_one_for_long():
    told = dict(session.configuration(settings.read(ON_CLUSTER), "172.18.0.9"))
    held = ("executorIdleTimeout", "shuffleTracking.timeout", "cachedExecutorIdleTimeout")
    # Spark's own number for a cache is infinity.
    assert {name: told[f"spark.dynamicAllocation.{name}"] for name in held} == dict(zip(held, ("30s", "60s", "60s"), strict=True))


def test_a_lab_by_itself_is_told_nothing_of_it():
    told = dict(session.configuration(settings.read(LAB)))
    assert told["spark.driver.bindAddress"] == "127.0.0.1"
    assert not [key for key in told if key.startswith(("spark.authenticate", "spark.dynamicAllocation", "spark.executor"))]


def test_the_secret_is_not_shown_with_the_settings():
    assert "of the class" not in repr(settings.read(ON_CLUSTER))


@pytest.mark.parametrize(
    "words, explained_as",
    [
        (
            "Job aborted due to stage failure: Task 0 in stage 2.0 failed 4 times, most recent failure: Lost task 0.3 in stage 2.0 "
            "(TID 9) (172.18.0.5 executor 4): ExecutorLostFailure (executor 4 exited caused by one of the running tasks)",
            "executor-lost",
        ),
        (
            "Lost task 0.3 in stage 0.0 (TID 3) (172.18.0.5 executor 1): java.io.IOException: Mkdirs failed to create file:/home/x",
            "cluster-cannot-see-files",
        ),
        (
            "Job aborted due to stage failure: Task 0 in stage 7.0 failed 4 times, most recent failure: Lost task 0.3 in stage 7.0 "
            "(TID 27) (spark-worker-3.labs executor 5): java.lang.OutOfMemoryError: Java heap space\n\tat java.base/Thread.run",
            "executor-heap-full",
        ),
        (
            "Job aborted due to stage failure: Task 0 in stage 2.0 failed 4 times, most recent failure: Lost task 0.5 in stage 2.0"
            " (TID 42) (spark-worker-2.labs executor 6): ExecutorLostFailure (executor 6 exited caused by one of the running tasks)"
            " Reason: Command exited with code 52",
            "executor-heap-full",
        ),
        ("Job aborted due to stage failure: Master removed our application: KILLED", "cluster-left"),
    ],
)
def test_what_happens_on_workers_is_explained(words, explained_as):
    assert translate(RuntimeError(words), Facts()).id == explained_as


BEFORE = b"12:00:00.000 WARN Utils: nothing\n"
SAID = b"12:01:00.000 ERROR StandaloneSchedulerBackend: Application has been killed. Reason: "
SAID += b"All masters are unresponsive! Giving up.\n"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [(BEFORE, BEFORE + SAID, True), (SAID, SAID + BEFORE, False), (SAID * 9, SAID, True), (b"", b"", False)],
    ids=["said", "said by an earlier start", "said in a log begun anew", "nothing said"],
)
def test_what_spark_wrote_since_says_whether_it_has_given_up(tmp_path, before, after, expected):
    log = tmp_path / "spark.log"
    assert (cluster.logged(log), cluster.given_up(log, 0)) == (0, False)
    log.write_bytes(before)
    since = cluster.logged(log)
    log.write_bytes(after)
    assert cluster.given_up(log, since) is expected


@pytest.mark.parametrize(
    ("environment", "explained_as"),
    [(ON_CLUSTER, "cluster-secret-missing"), (LAB, "java-ended-at-start")],
    ids=["cluster", "lab by itself"],
)
@pytest.mark.parametrize("missed", ['"org.apache.spark.SparkEnv$.get()" is null', "a part that nobody has thought of"])
def test_a_start_that_spark_gave_up_is_explained_whatever_it_missed(monkeypatch, tmp_path, environment, explained_as, missed):
    log = tmp_path / "spark.log"
    begun = session.Session(settings.read(environment | {"DATAFLOW_STATE_DIR": str(tmp_path)}), lambda _: None)

    def launch():
        log.write_bytes(SAID)
        raise RuntimeError(missed)

    monkeypatch.setattr(cluster, "SPARK_LOG", log)
    monkeypatch.setattr(begun, "_launch", launch)
    begun._run()
    found = translate(begun.failure, Facts())
    assert found.id == explained_as
    assert missed in str(begun.failure) or missed in str(begun.failure.__cause__.__cause__)


def test_the_labs_own_spark_is_not_taken_for_a_cluster():
    words = "Lost task 0.0 in stage 0.0 (TID 0) (lab executor driver): java.io.IOException: Mkdirs failed to create file:/home/x"
    found = translate(RuntimeError(words), Facts())
    assert found is None or not found.id.startswith("cluster")


def test_a_job_that_waits_says_what_for():
    shown = progress.running(progress.Snapshot(1, 1, (), waiting=True), 5)
    assert "waiting for an executor" in shown["text/plain"] and "waiting for an executor" in shown["text/html"]
    assert "waiting" not in progress.running(progress.Snapshot(1, 1, ()), 5)["text/plain"]
