"""A lab whose cluster is not there, or closed to it, says so within seconds. Runs inside a lab."""

import time

from tests.kernel.spark.notebook import Notebook


def refused(explained_as: str, words: str = "", **environment: str) -> float:
    """Return how long a cell waited to be told so, in these words."""
    with Notebook(**environment) as kernel:
        began = time.monotonic()
        ran = kernel.fails("spark.range(3).count()", explained_as)
        assert words in ran.text
        assert "make start GROUPS=processing" in ran.text or explained_as != "cluster-not-started"
        return time.monotonic() - began


def test_nobody_of_that_name():
    assert refused("cluster-not-started", SPARK_MASTER="spark://spark-nobody:7077") < 15


def test_nobody_at_that_port():
    assert refused("cluster-not-started", SPARK_MASTER="spark://spark-master:7999") < 20


def test_no_secret():
    assert refused("cluster-secret-missing", SPARK_SECRET="") < 15


def test_another_secret():
    """As in a lab that was started before the class's secret was changed; Spark itself asks three times, for a minute."""
    assert refused("cluster-secret-missing", "did not take this lab's Spark", SPARK_SECRET="an earlier one") < 90
