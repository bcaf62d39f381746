"""A lab may have a limited number of threads; Spark keeps well within it, and running out is explained."""

import pytest

from tests.kernel.spark.notebook import Notebook

pytestmark = pytest.mark.usefixtures("alone")

# Two notebooks, Kafka and the server share one lab, so one Spark may have a third of its threads.
MOST_THREADS_OF_ONE_SPARK = 340

BUSY = """
from pyspark.sql import functions as F
from lab_kernel import extension
small = spark.range(20)
for number in range(150):
    big = spark.range(2000).withColumn("key", F.col("id") % 20)
    big.join(F.broadcast(small), big.key == small.id).groupBy("key").agg(F.count("*")).orderBy("key").collect()
len(__import__("os").listdir(f"/proc/{extension.current().session.pid}/task"))
"""

# One thread more than there may be, asked for in Java, while Python holds all others.
ONE_TOO_MANY = """
import threading
release, held = threading.Event(), []
try:
    while True:
        thread = threading.Thread(target=release.wait, daemon=True)
        thread.start()
        held.append(thread)
except RuntimeError:
    pass
try:
    spark._jvm.java.lang.Thread().start()
finally:
    release.set()
    for thread in held:
        thread.join()
"""


def test_a_busy_session_does_not_use_up_the_labs_threads():
    with Notebook() as kernel:
        assert int(kernel.ok(BUSY).value) <= MOST_THREADS_OF_ONE_SPARK


def test_running_out_of_threads_is_not_taken_for_a_full_memory():
    with Notebook() as kernel:
        kernel.ok("spark.range(1).count()")
        ran = kernel.fails(ONE_TOO_MANY, "no-more-threads")
        assert "memory" not in ran.text.split("What to do")[0].split("\n")[0]
        assert kernel.ok("spark_restart(); spark.range(3).count()").value == "3"
