"""A file that takes no place and is a hundred gigabytes long. expect: too_big cell_failed"""
import os

os.makedirs("/out/lakehouse/silver/numbers/_delta_log")
with open("/out/lakehouse/silver/numbers/_delta_log/00000000000000000000.json", "w") as file:
    os.truncate(file.fileno(), 100 * 1024**3)
