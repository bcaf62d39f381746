"""A Parquet file of a few kilobytes with a million equal rows in a hundred columns. expect: too_big check_failed"""
import os

import pyarrow
import pyarrow.parquet as parquet

spark.createDataFrame([(1, 1)], "id INT, amount INT").coalesce(1).write.format("delta").saveAsTable("silver.numbers")
folder = "/out/lakehouse/silver/numbers"
(name,) = [name for name in os.listdir(folder) if name.endswith(".parquet")]
column = pyarrow.array([1], pyarrow.int32()).take(pyarrow.array([0] * 1_000_000))
table = pyarrow.table({"id": column, "amount": column, **{f"more{number}": column for number in range(98)}})
parquet.write_table(table, f"{folder}/{name}", compression="zstd")
