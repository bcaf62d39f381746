"""One value of 700 MB, which lies compressed in a few kilobytes. expect: too_big check_failed cell_failed out_of_memory kernel_died"""
import os

import pyarrow
import pyarrow.parquet as parquet

spark.createDataFrame([("x", 1)], "id STRING, amount INT").coalesce(1).write.format("delta").saveAsTable("silver.numbers")
folder = "/out/lakehouse/silver/numbers"
(name,) = [name for name in os.listdir(folder) if name.endswith(".parquet")]
schema = pyarrow.schema([("id", pyarrow.large_string()), ("amount", pyarrow.int32())])
with parquet.ParquetWriter(f"{folder}/{name}", schema, compression="zstd") as writer:
    writer.write_table(pyarrow.table({"id": ["x" * 350_000_000], "amount": [1]}, schema))
    writer.write_table(pyarrow.table({"id": ["x" * 350_000_000], "amount": [1]}, schema))
