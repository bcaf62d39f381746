"""A small file with one text of a gigabyte. expect: check_failed too_big"""
import json
import os

import pyarrow as pa
import pyarrow.parquet as pq

folder = "/out/lakehouse/silver/numbers"
os.makedirs(f"{folder}/_delta_log")
text = "x" * 30_000_000
rows = pa.table({"id": list(range(40)), "amount": pa.array([text] * 40)})
pq.write_table(rows, f"{folder}/a.parquet", compression="zstd", use_dictionary=True)
del rows
schema = json.dumps({"type": "struct", "fields": [
    {"name": "id", "type": "long", "nullable": True, "metadata": {}}, {"name": "amount", "type": "string", "nullable": True, "metadata": {}}]})
meta = {"id": "x", "format": {"provider": "parquet", "options": {}}, "schemaString": schema, "partitionColumns": [], "configuration": {}}
with open(f"{folder}/_delta_log/{0:020d}.json", "w") as log:
    for action in ({"metaData": meta}, {"add": {"path": "a.parquet", "partitionValues": {}, "size": 1, "modificationTime": 0}}):
        log.write(json.dumps(action) + "\n")
