"""More files than anybody should look at. expect: too_big cell_failed"""
import os

os.makedirs("/out/lakehouse/silver/numbers", exist_ok=True)
for number in range(7000):
    open(f"/out/lakehouse/silver/numbers/{number}.parquet", "w").close()
