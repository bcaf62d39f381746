"""The JVM really uses the AOT cache: a mismatch would be ignored in silence and cost every student seconds."""

import pytest

from tests.helpers import lab

pytestmark = pytest.mark.docker

# AOTMode=on makes the JVM refuse to start when the cache cannot be used.
STRICT = """
import os, pathlib, sys
settings = pathlib.Path("/opt/lab/share/dataflow/spark-defaults.conf").read_text()
assert "-XX:AOTCache=" in settings
strict = pathlib.Path("/tmp/strict.conf")
strict.write_text(settings.replace("-XX:AOTCache=", "-XX:AOTMode=on -XX:AOTCache=") + sys.argv[1])
os.environ["PYSPARK_SUBMIT_ARGS"] = f"--properties-file {strict} pyspark-shell"
from pyspark.sql import SparkSession
print("answer", SparkSession.builder.getOrCreate().range(5).count())
"""


def strict_start(extra: str = "") -> lab.LabRun:
    return lab.run([lab.PYTHON, "-c", STRICT, extra], seconds=120)


def test_spark_starts_when_the_cache_is_required() -> None:
    done = strict_start().raise_for_status()
    assert "answer 5" in done.log


def test_another_class_path_is_refused() -> None:
    """Proves that the test above can fail."""
    done = strict_start("\nspark.driver.extraClassPath /tmp/strict.conf\n")
    assert done.status != 0
    assert "answer 5" not in done.log
