"""One sample of one arm, inside a fresh lab container: kernel start to the first Delta read-back.

Invariant: both arms run the same cell in a real kernel driven over its protocol, from the moment
the kernel process is started; the result is asserted, so a fast failure is no fast run. Prints one
line of JSON.

usage: kernel_arm.py stock|ours
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

OURS = "dataflow-spark"
START_SECONDS = 60
CELL_SECONDS = 240
# Long enough for the last job's threads to end, so that "idle" means idle.
SETTLE_SECONDS = 5

# What stock users write, with the jars already in place.
STOCK_SESSION = """
from pyspark.sql import SparkSession
spark = (
    SparkSession.builder
    .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
    .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
    .getOrCreate()
)
"""
WORKLOAD = """
import tempfile
table = tempfile.mkdtemp() + "/t"
spark.range(1000).selectExpr("id", "id % 7 as bucket").write.format("delta").save(table)
rows = spark.read.format("delta").load(table)
print("result", rows.count(), rows.where("bucket = 3").count())
"""
EXPECTED = "result 1000 143"

# Everything by which the image tunes Spark and the JVM; the stock arm has none of it.
TUNING = ("PYSPARK_SUBMIT_ARGS", "SPARK_LAUNCHER_OPTS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS")


def stock_kernel() -> KernelManager:
    """Return a plain IPython kernel, without our extension and without the image's tuning."""
    folder = Path(tempfile.mkdtemp())
    spec = {
        "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "stock",
        "language": "python",
    }
    (folder / "stock").mkdir()
    (folder / "stock" / "kernel.json").write_text(json.dumps(spec))
    for name in TUNING:
        os.environ.pop(name, None)
    specs = KernelSpecManager(kernel_dirs=[str(folder)])
    return KernelManager(kernel_name="stock", kernel_spec_manager=specs)


def resident() -> dict[str, float]:
    """Return the memory of everything but this process in MB, each page counted once (PSS)."""
    found: dict[str, float] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) in (os.getpid(), os.getppid()):
            continue
        try:
            name = (entry / "comm").read_text().strip()
            lines = (entry / "smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        size = sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        found[name] = found.get(name, 0) + size / 1024
    return found


def measure(arm: str) -> dict[str, object]:
    kernel = stock_kernel() if arm == "stock" else KernelManager(kernel_name=OURS)
    cell = (STOCK_SESSION if arm == "stock" else "") + WORKLOAD
    printed: list[str] = []

    def output(message: dict) -> None:
        if message["msg_type"] == "stream":
            printed.append(message["content"]["text"])
        elif message["msg_type"] == "error":
            printed.append("\n".join(message["content"]["traceback"]))

    started = time.monotonic()
    kernel.start_kernel()
    client = kernel.blocking_client()
    client.start_channels()
    client.wait_for_ready(timeout=START_SECONDS)
    ready = time.monotonic()
    client.execute_interactive(cell, timeout=CELL_SECONDS, output_hook=output)
    done = time.monotonic()
    if EXPECTED not in "".join(printed):
        raise SystemExit(f"{arm}: expected {EXPECTED!r}, got:\n{''.join(printed)}")
    time.sleep(SETTLE_SECONDS)
    memory = resident()
    client.stop_channels()
    kernel.shutdown_kernel(now=True)
    return {
        "arm": arm,
        "kernel_seconds": ready - started,
        "delta_seconds": done - started,
        "memory_mb": sum(memory.values()),
        "memory_parts": {name: round(size, 1) for name, size in memory.items()},
    }


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1])))
