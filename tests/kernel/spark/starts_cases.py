"""Kernels that start in other ways than usual, and Sparks that end."""

import os
import re
import time
from pathlib import Path

import pytest

from tests.kernel.spark.notebook import Notebook

pytestmark = pytest.mark.usefixtures("alone")

SPARK_HOME = Path(os.environ["SPARK_HOME"])


def spark_home(folder: Path, change) -> str:
    """A Spark installation of links to the real one, with its jars changed by `change(name)`.

    `change` returns the new name of a jar, or None to leave it out.
    """
    for entry in SPARK_HOME.iterdir():
        if entry.name != "jars":
            (folder / entry.name).symlink_to(entry)
    (folder / "jars").mkdir()
    for jar in (SPARK_HOME / "jars").glob("*.jar"):
        name = change(jar.name)
        if name:
            (folder / "jars" / name).symlink_to(jar)
    return str(folder)


def running(pid: str) -> bool:
    """True if a process does; one that has ended and waits for its parent does not."""
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def test_waiting_is_silent_and_the_kernel_ends_its_jvm():
    with Notebook() as kernel:
        assert kernel.ok("type(spark).__name__").kinds() == ["execute_result"]
        code = "from lab_kernel import extension; extension.current().session.pid"
        pid = kernel.ok(code).value
        assert running(pid)
    deadline = time.monotonic() + 30
    while running(pid):
        assert time.monotonic() < deadline, "the JVM has outlived its kernel"
        time.sleep(0.1)


def test_delta_survives_a_changed_submit_line():
    with Notebook(PYSPARK_SUBMIT_ARGS="pyspark-shell") as kernel:
        kernel.ok("spark.range(3).write.format('delta').save(lakehouse.bronze('plain'))")
        ran = kernel.ok("%sql select count(*) as n from bronze.plain")
        assert re.search(r"^\s*3$", ran.text, re.MULTILINE)
        kernel.ok("lakehouse.reset('plain')")


def test_a_bad_setting_is_told_in_the_notebook():
    with Notebook(LAKEHOUSE_ROOT="relative/path") as kernel:
        ran = kernel.run("1 + 1")
        assert "This kernel is not complete" in ran.text and "LAKEHOUSE_ROOT" in ran.text
        assert kernel.ok("2 + 2").text == "4"


# --- Row 1: Java does not start ----------------------------------------------------------------------


def test_bad_java_home_is_told_even_by_a_cell_without_spark(tmp_path):
    with Notebook(JAVA_HOME=str(tmp_path)) as kernel:
        kernel.fails("spark.range(1)", "java-not-found")
        kernel.fails("spark", "java-not-found")
        kernel.fails("%sql select 1", "java-not-found")
    with Notebook(JAVA_HOME=str(tmp_path)) as kernel:
        wait = "from lab_kernel import extension; extension.current().session.wait(60)"
        # The first of the two if Java failed before it, else the second.
        told = kernel.ok(wait).text + kernel.ok("1 + 1").text
        assert told.count("Spark could not find Java") == 1 and "bin/java" in told
        assert kernel.ok("1 + 1").text == "2"


def test_packages_that_cannot_be_downloaded():
    submit = os.environ["PYSPARK_SUBMIT_ARGS"].replace("pyspark-shell", "")
    with Notebook(
        PYSPARK_SUBMIT_ARGS=f"{submit} --packages org.example:nothing:1 pyspark-shell"
    ) as k:
        k.fails("spark.range(1)", "packages-not-downloaded")


def test_java_that_refuses_an_option():
    with Notebook(JAVA_TOOL_OPTIONS="-XX:NoSuchOption") as kernel:
        ran = kernel.fails("spark.range(1)", "java-ended-at-start")
        assert "NoSuchOption" in ran.text


# --- Rows 3, 4, 5: parts that do not fit, before the start ---------------------------------------------


@pytest.mark.parametrize(
    "change, said",
    [
        (lambda jar: jar.replace("delta-spark_", "delta-spark_9"), "was built for Spark 94"),
        (lambda jar: jar.replace("spark-sql-kafka-0-10_2.13", "spark-sql-kafka-0-10_2.12"), "2.12"),
        (lambda jar: jar.replace("hadoop-aws-", "hadoop-aws-9"), "hadoop-aws is 9"),
        (lambda jar: None if jar.startswith("delta-storage") else jar, "no delta-storage jar"),
    ],
    ids=["delta of another Spark", "another Scala", "another hadoop-aws", "a jar missing"],
)
def test_parts_that_do_not_fit_are_refused_before_the_start(tmp_path, change, said):
    with Notebook(SPARK_HOME=spark_home(tmp_path, change)) as kernel:
        ran = kernel.fails("spark.range(1)", "parts-do-not-fit")
        assert said in ran.text


def test_errors_keep_their_name_for_tools_that_run_notebooks(notebook):
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    book = nbformat.v4.new_notebook()
    book.cells = [nbformat.v4.new_code_cell("spark.sql('select 1 / 0').collect()")]
    with pytest.raises(CellExecutionError) as caught:
        NotebookClient(book, timeout=120, kernel_name="dataflow-spark").execute()
    assert caught.value.ename == "ArithmeticException"
    assert "DIVIDE_BY_ZERO" in caught.value.evalue
    assert "[divided-by-zero]" in str(caught.value)


# --- Spark ends ---------------------------------------------------------------------------------------------


def test_killed_jvm_is_explained_and_spark_starts_again():
    with Notebook() as kernel:
        kernel.ok("before = spark.range(3); kept = 42")
        kernel.ok("before.write.saveAsTable('bronze.kept')")
        pid = int(
            kernel.ok("from lab_kernel import extension; extension.current().session.pid").value
        )
        os.kill(pid, 9)
        ran = kernel.fails("spark.range(3).count()", "spark-died")
        assert "spark_restart()" in ran.text and "exit code -9" in ran.text
        kernel.fails("%sql select 1", "spark-died")
        kernel.fails("before.count()", "spark-died")
        assert "Spark is running again" in kernel.ok("spark_restart()").text
        assert kernel.ok("kept, spark.range(3).count()").value == "(42, 3)"
        assert kernel.ok("spark.table('bronze.kept').count()").value == "3"
        kernel.fails("before.count()", "dataframe-of-earlier-spark")
        kernel.ok("spark.stop()")
        kernel.fails("spark.range(1).count()", "spark-stopped")
        kernel.ok("spark_restart()")
        assert kernel.ok("lakehouse.reset('kept'); spark.range(2).count()").value == "2"
