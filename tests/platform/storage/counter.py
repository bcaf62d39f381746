"""Runs in a lab: counts what a Delta table holds, by its rows and by its log. Prints one JSON line."""

import json
import sys

from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
frame = spark.read.format("delta").load(sys.argv[1])
history = spark.sql(f"describe history delta.`{sys.argv[1]}`").where("operation = 'WRITE' and operationMetrics.numOutputRows = 1")
commits = history.select("version").distinct().count()
print(json.dumps({"rows": frame.count(), "distinct": frame.distinct().count(), "commits": commits}))
