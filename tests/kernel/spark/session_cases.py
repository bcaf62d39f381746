"""Spark in a notebook, without a line of configuration."""

import subprocess
import sys
from importlib import metadata


def test_importing_the_package_loads_nothing_heavy():
    code = (
        "import sys, lab_kernel, lab_kernel.extension, lab_kernel.server\n"
        "print(*sorted({'pyspark', 'pandas', 'mlflow', 'numpy', 'kafka'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_first_cell_does_not_wait_and_spark_is_there(notebook):
    assert notebook.ok("1 + 1").value == "2"
    assert notebook.ok("spark.version").value == repr(metadata.version("pyspark"))
    assert notebook.ok("spark.range(3).count()").value == "3"


def test_plain_builder_gives_the_same_session(notebook):
    code = "from pyspark.sql import SparkSession\nSparkSession.builder.getOrCreate() is spark"
    assert notebook.ok(code).value == "True"


def test_settings_of_the_session(notebook):
    names = ("spark.sql.shuffle.partitions", "spark.driver.memory", "spark.master")
    code = f"[spark.conf.get(name) for name in {names!r}]"
    # The container has 2 GiB: half of it, at most 1 GiB, is for Spark's heap.
    assert notebook.ok(code).value == "['2', '1024m', 'local[2]']"


def test_nothing_of_spark_listens_beyond_the_lab(notebook):
    notebook.ok("spark.range(1).rdd.map(str).collect()")
    code = (
        "sorted({line.split()[1].split(':')[0] for name in ('tcp', 'tcp6') "
        "for line in open(f'/proc/net/{name}') if line.split()[3] == '0A'})"
    )
    loopback = {"0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000"}
    assert set(eval(notebook.ok(code).value)) <= loopback


def test_victims_of_full_memory_come_in_order(notebook):
    code = (
        "from lab_kernel import extension\n"
        "[int(open(f'/proc/{pid}/oom_score_adj').read()) "
        "for pid in (1, 'self', extension.current().session.pid)]"
    )
    server, kernel, jvm = eval(notebook.ok(code).value)
    assert server < kernel < jvm


def test_link_to_sparks_pages(notebook):
    ran = notebook.ok("spark_ui()")
    port = notebook.ok("int(spark.sparkContext.uiWebUrl.rsplit(':', 1)[1])").value
    assert f'href="/user/ana/proxy/{port}/jobs/"' in ran.html
    code = (
        "import http.client\n"
        f"c = http.client.HTTPConnection('127.0.0.1', {port})\n"
        "c.request('GET', '/jobs/'); page = c.getresponse().read().decode()\n"
        f"'/user/ana/proxy/{port}/static/' in page"
    )
    assert notebook.ok(code).value == "True"
    assert 'href="/user/ana/mlflow/"' in notebook.ok("mlflow_ui()").html


def test_progress_off_is_off(notebook):
    code = "spark.range(0, 4, 1, 4).rdd.map(lambda i: __import__('time').sleep(1)).count()"
    assert notebook.ok(code).kinds() == ["execute_result"]


def test_what_py4j_logs_reaches_no_cell(notebook):
    """As after a killed JVM: py4j has logged by the root logger, which has a handler since."""
    notebook.run("spark.range(1).count()")
    ran = notebook.run("import logging; logging.info('x'); logging.getLogger('py4j.clientserver').error('There was an exception')")
    assert (ran.status, ran.text) == ("ok", "")


def test_the_course_shows_what_was_passed(notebook):
    first = notebook.ok("course()")
    assert "you have passed 0 of" in first.text and "<caption" in first.html
    # Another answer than the lesson's, so that no table is needed.
    notebook.ok(
        "from lab_kernel.checks import registry\n"
        "registry.find('00-log-rows')\n"
        "registry._registry.tasks['00-log-rows'] = registry.Task('00-log-rows', lambda context: 7)"
    )
    notebook.ok("check('00-log-rows', 6)")
    assert notebook.ok("course().solved").value == "0"
    notebook.ok("check('00-log-rows', 7)")
    assert "you have passed 1 of" in notebook.ok("course()").text
