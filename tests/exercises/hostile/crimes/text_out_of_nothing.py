"""A small file with one text of a gigabyte. expect: check_failed too_big"""
import json
import os

import pyarrow as pa
import pyarrow.parquet as pq

folder = "/out/lakehouse/silver/numbers"
os.makedirs(f"{folder}/_delta_log")
text = pa.DictionaryArray.from_arrays(pa.array([0] * 40, pa.int32()), pa.array(["x" * 30_000_000]))
pq.write_table(pa.table({"id": list(range(40)), "amount": text}), f"{folder}/a.parquet", compression="zstd")
schema = json.dumps({"type": "struct", "fields": [
    {"name": "id", "type": "long", "nullable": True, "metadata": {}}, {"name": "amount", "type": "string", "nullable": True, "metadata": {}}]})
meta = {"id": "x", "format": {"provider": "parquet", "options": {}}, "schemaString": schema, "partitionColumns": [], "configuration": {}}
with open(f"{folder}/_delta_log/{0:020d}.json", "w") as log:
    for action in ({"metaData": meta}, {"add": {"path": "a.parquet", "partitionValues": {}, "size": 1, "modificationTime": 0}}):
        log.write(json.dumps(action) + "\n")
