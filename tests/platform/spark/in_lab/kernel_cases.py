"""A notebook whose Spark computes on the cluster: nothing in it is different. Runs inside a lab beside the cluster."""

import re

import pytest

from tests.kernel.spark.notebook import Notebook

START_SECONDS = 60
# Ends the executor that runs this: a Python worker's parent is its daemon, whose parent is the executor's JVM.
KILL = """
def end(rows):
    import os, re, signal
    daemon = os.getppid()
    executor = int(re.search(r"PPid:\\s+(\\d+)", open(f"/proc/{daemon}/status").read())[1])
    os.kill(executor, signal.SIGKILL)
    yield 0
"""


@pytest.fixture(scope="module")
def notebook():
    with Notebook(DATAFLOW_PROGRESS="on", DATAFLOW_PROGRESS_AFTER="0.5") as kernel:
        told = kernel.ok("spark", START_SECONDS).text
        assert "cannot see this lab's folder /home/student/lakehouse" in told
        yield kernel


def test_executors_compute_and_python_travels_to_them(notebook):
    code = """
from pyspark.sql.functions import col, udf
@udf("long")
def twice(x): return 2 * x
numbers = spark.range(0, 1000, 1, 4).select(twice("id").alias("n"))
[tuple(row) for row in numbers.groupBy((col("n") % 3).alias("rest")).sum("n").orderBy("rest").collect()]
"""
    expected = [(rest, sum(2 * x for x in range(1000) if 2 * x % 3 == rest)) for rest in range(3)]
    assert notebook.ok(code, START_SECONDS).value == str(expected)
    here = notebook.ok("import socket; socket.gethostname()").value
    where = "set(spark.sparkContext.parallelize(range(4), 4).map(lambda _: socket.gethostname()).collect())"
    assert here.strip("'") not in notebook.ok(where).value


def test_progress_is_shown(notebook):
    code = """
import time
spark.sparkContext.parallelize(range(4), 4).map(lambda n: time.sleep(1) or n).sum()
"""
    ran = notebook.ok(code)
    assert ran.value == "6"
    text = "\n".join(part.get("data", {}).get("text/plain", "") for _, part in ran.shown)
    assert re.search(r"stage \d+ .*: \d of 4 tasks", text), text
    assert re.search(r"Spark: 1 job, 4 tasks", ran.text), ran.text


def test_plan_reads_what_executors_have_counted(notebook):
    notebook.ok("p = plan(spark.range(0, 500, 1, 3).repartition(4).groupBy().count(), run=True)")
    assert notebook.ok("[node.rows for node in p.scans], len(p.exchanges) > 0, p.final").value == "([500], True, True)"


def test_pages_are_the_students_own(notebook):
    assert re.search(r"/user/ana/proxy/\d+/jobs/", notebook.ok("spark_ui()").text)


def test_files_of_the_lab_are_refused_in_plain_words(notebook):
    code = "spark.range(10).write.format('delta').save('/home/student/of_this_lab')"
    notebook.fails(code, explained_as="cluster-cannot-see-files")


def test_what_takes_its_executor_with_it_is_explained(notebook):
    notebook.ok(KILL)
    ran = notebook.fails("spark.sparkContext.parallelize([1], 1).mapPartitions(end).collect()", "executor-lost", 240)
    assert "repartition" in ran.text
    assert notebook.ok("spark.range(7).count()", START_SECONDS).value == "7"


def test_a_task_that_needs_more_memory_than_an_executor_has_is_explained(notebook):
    more_than_its_heap = "spark.range(0, 1, 1, 1).selectExpr('length(repeat(string(id), 700000000)) AS letters').collect()"
    notebook.fails(more_than_its_heap, "executor-heap-full", 240)
    assert notebook.ok("spark.range(7).count()", START_SECONDS).value == "7"
