"""Trains the JVM's ahead-of-time cache on a small Delta and streaming workload.

Invariant: the cache is made by a JVM with the very class path and options that every later session uses (spark-defaults.conf with
AOTCache replaced by AOTCacheOutput), and only after that JVM has ended by itself; otherwise the later JVM silently ignores it.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

WORKLOAD = """
import pathlib, sys
from pyspark.sql import SparkSession, functions as F
from delta.tables import DeltaTable

work = pathlib.Path(sys.argv[1])
spark = SparkSession.builder.getOrCreate()
(work / "in").mkdir()
(work / "in" / "a.csv").write_text("id,amount,at\\n1,2.5,2020-01-01 00:00:00\\n2,x,2020-01-01 01:00:00\\n")

raw = spark.read.option("header", True).csv(str(work / "in"))
raw.withColumn("amount", F.expr("try_cast(amount as double)")).write.format("delta").save(str(work / "t"))
table = DeltaTable.forPath(spark, str(work / "t"))
table.alias("t").merge(raw.alias("s"), "t.id = s.id").whenMatchedUpdate(
    set={"amount": F.expr("try_cast(s.amount as double)")}).whenNotMatchedInsertAll().execute()
table.history().collect()
spark.sql(f"create table demo using delta location '{work / 't'}'")
spark.sql("select id, sum(amount) over (order by id) from demo").toPandas()
spark.read.format("delta").option("versionAsOf", 0).load(str(work / "t")).groupBy("at").agg(F.avg("amount")).collect()
spark.createDataFrame([(1, "a")], "id int, name string").join(table.toDF(), "id", "left").collect()

stream = (spark.readStream.schema(raw.schema).option("header", True).csv(str(work / "in"))
          .withColumn("at", F.to_timestamp("at")).withWatermark("at", "1 hour")
          .groupBy(F.window("at", "1 hour")).count())
query = (stream.writeStream.format("delta").outputMode("append").trigger(availableNow=True)
         .option("checkpointLocation", str(work / "c")).start(str(work / "s")))
query.awaitTermination()
spark.read.format("delta").load(str(work / "s")).collect()
spark.stop()
"""


def main(share: Path) -> None:
    settings = (share / "spark-defaults.conf").read_text()
    cache = share / "spark.aot"
    if f"-XX:AOTCache={cache}" not in settings:
        sys.exit(f"train_aot: spark-defaults.conf does not use {cache}; nothing would ever read the cache")
    with tempfile.TemporaryDirectory() as work:
        training = Path(work) / "training.conf"
        training.write_text(settings.replace("-XX:AOTCache=", "-XX:AOTCacheOutput="))
        script = Path(work) / "workload.py"
        script.write_text(WORKLOAD)
        data = Path(work) / "data"
        data.mkdir()
        environment = dict(os.environ, PYSPARK_SUBMIT_ARGS=f"--properties-file {training} pyspark-shell")
        subprocess.run([sys.executable, str(script), str(data)], env=environment, cwd=work, check=True, timeout=600)
        # The workload's Python ends before its JVM has assembled the cache.
        for _ in range(600):
            running = subprocess.run(["pgrep", "-f", "AOTCacheOutput|AOTMode"], capture_output=True).returncode == 0
            if not running:
                break
            subprocess.run(["sleep", "0.5"], check=True)
    if not cache.is_file() or cache.stat().st_size < 10_000_000:
        sys.exit(f"train_aot: no usable cache at {cache}: see the JVM's messages above")
    cache.chmod(0o644)
    print(f"AOT cache: {cache.stat().st_size / 1e6:.0f} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
