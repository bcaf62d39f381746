"""A lab whose memory is used up; runs in a container with less memory than a class's lab."""

import re

import pytest

from lab_kernel import memory
from tests.kernel.spark.notebook import Notebook

pytestmark = pytest.mark.usefixtures("alone")

EAT = "kept = []\nwhile True: kept.append(bytearray(20_000_000))"
EAT_IN_JAVA = """
gateway, kept = spark.sparkContext._gateway, spark._jvm.java.util.ArrayList()
while True: kept.add(gateway.new_array(gateway.jvm.byte, 10_000_000))
"""


def test_a_killed_kernel_is_explained_by_the_next_one_with_the_limit():
    limit = memory.human(memory.read().limit)
    with Notebook(SPARK_HOME="/nowhere") as kernel:
        kernel.ok("1 + 1")
        with pytest.raises(TimeoutError):
            kernel.run(EAT)
        assert memory.read().oom_kills >= 1
        kernel.start_again()
        ran = kernel.ok("1 + 1")
        assert "was killed: the lab's memory was used up" in ran.text and limit in ran.text
        assert re.search(r"Incident [0-9a-f]{8}\.", ran.text)
        assert 'class="dataflow-panel' in ran.html
        assert "memory" not in kernel.ok("2 + 2").text
        # An ordinary restart is no death.
        kernel.start_again()
        assert "was killed" not in kernel.ok("1 + 1").text


def test_a_killed_jvm_is_explained_with_the_limit_and_spark_starts_again():
    limit = memory.human(memory.read().limit)
    megabytes = memory.read().limit >> 20
    with Notebook(DATAFLOW_DRIVER_MEMORY=f"{megabytes - 20}m") as kernel:
        kernel.ok("value = 7; spark.range(1).count()")
        ran = kernel.fails(EAT_IN_JAVA, "spark-killed-for-memory")
        assert limit in ran.text
        kernel.fails("spark.range(1).count()", "spark-killed-for-memory")
        # The kernel has outlived it, with its variables.
        assert kernel.ok("spark_restart(); value, spark.range(3).count()").value == "(7, 3)"
