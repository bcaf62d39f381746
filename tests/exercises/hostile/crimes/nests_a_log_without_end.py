"""A commit that a recursive reader never survives. expect: wrong_table"""
import os

os.makedirs("/out/lakehouse/silver/numbers/_delta_log")
with open("/out/lakehouse/silver/numbers/_delta_log/00000000000000000000.json", "w") as log:
    log.write("[" * 1_000_000)
