"""A file of a few KB that unpacks to four billion rows. expect: check_failed too_big"""
import json
import os

import pyarrow as pa
import pyarrow.parquet as pq

folder = "/out/lakehouse/silver/numbers"
os.makedirs(f"{folder}/_delta_log")
chunk = pa.table({"id": pa.array([0] * 2_000_000, pa.int32()), "amount": pa.array([0] * 2_000_000, pa.int32())})
with pq.ParquetWriter(f"{folder}/a.parquet", chunk.schema, compression="zstd") as writer:
    for _ in range(10):
        writer.write_table(chunk)
fields = [{"name": name, "type": "integer", "nullable": True, "metadata": {}} for name in ("id", "amount")]
schema = json.dumps({"type": "struct", "fields": fields})
adds = [{"add": {"path": "a.parquet", "partitionValues": {}, "size": 1, "modificationTime": 0, "dataChange": True}}]
meta = {"id": "x", "format": {"provider": "parquet", "options": {}}, "schemaString": schema, "partitionColumns": [], "configuration": {}}
with open(f"{folder}/_delta_log/{0:020d}.json", "w") as log:
    for action in [{"protocol": {"minReaderVersion": 1, "minWriterVersion": 2}}, {"metaData": meta}, *adds]:
        log.write(json.dumps(action) + "\n")
