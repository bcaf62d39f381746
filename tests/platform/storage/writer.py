"""Runs in a lab: appends one row at a time to a Delta table, from several threads, together with other labs that do the same.

Invariant: what it prints as done, Delta said was appended. Usage: writer.py TABLE WRITERS APPENDS FOLDER (where labs meet).
"""

import contextlib
import os
import sys
from pathlib import Path

from pyspark.sql import SparkSession
from together import together

SCHEMA = "lab string, writer int, number int"


def main(table: str, writers: int, appends: int, meeting: Path) -> None:
    builder = SparkSession.builder
    if store := os.environ.get("LOG_STORE"):
        builder = builder.config("spark.delta.logStore.s3a.impl", store)
    spark = builder.getOrCreate()
    # Of several that make a table at the same time one succeeds, and the others are told so.
    with contextlib.suppress(Exception):
        spark.createDataFrame([], SCHEMA).write.format("delta").mode("ignore").save(table)
    spark.read.format("delta").load(table).count()
    rows = [[(os.environ["LAB"], writer, number) for number in range(appends)] for writer in range(writers)]
    frames = [[spark.createDataFrame([row], SCHEMA).coalesce(1) for row in mine] for mine in rows]

    def append(writer: int, number: int) -> tuple[str, int, int]:
        frames[writer][number].write.format("delta").mode("append").save(table)
        return rows[writer][number]

    together(meeting, writers, appends, append)
    spark.stop()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
