"""Runs in a lab: appends one row at a time to a Delta table, from several threads, together with other labs that do the same.

Invariant: prints one JSON line with the rows that Delta said were appended; whatever else happens ends it with an error.
"""

import contextlib
import json
import os
import sys
import threading
import time
from pathlib import Path

from pyspark.sql import SparkSession

START_SECONDS = 300


def main(table: str, lab: str, writers: int, appends: int, meeting: Path) -> None:
    builder = SparkSession.builder
    if store := os.environ.get("LOG_STORE"):
        builder = builder.config("spark.delta.logStore.s3a.impl", store)
    spark = builder.getOrCreate()
    schema = "lab string, writer int, number int"
    # Of several that make a table at the same time one succeeds, and the others are told so.
    with contextlib.suppress(Exception):
        spark.createDataFrame([], schema).write.format("delta").mode("ignore").save(table)
    spark.read.format("delta").load(table).count()
    frames = [[spark.createDataFrame([(lab, w, number)], schema).coalesce(1) for number in range(appends)] for w in range(writers)]
    done: list[tuple[str, int, int]] = []
    failed: list[str] = []

    def append(writer: int) -> None:
        for number, frame in enumerate(frames[writer]):
            try:
                frame.write.format("delta").mode("append").save(table)
                done.append((lab, writer, number))
            except Exception as error:
                failed.append(str(error).splitlines()[0][:300])

    (meeting / f"ready-{lab}").touch()
    wait(meeting / "go")
    began = time.monotonic()
    threads = [threading.Thread(target=append, args=(writer,)) for writer in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps({"done": done, "failed": failed, "seconds": round(time.monotonic() - began, 1)}), flush=True)
    spark.stop()


def wait(path: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while not path.exists():
        if time.monotonic() > until:
            sys.exit(f"{path} did not appear within {START_SECONDS} s")
        time.sleep(0.02)


if __name__ == "__main__":
    main(sys.argv[1], os.environ["LAB"], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
