"""The honest commit is number 5, and there are none before it. expect: check_failed wrong_table"""
import os

good = [row for row in raw if row[1] >= 0]
spark.createDataFrame(good[:-1], "id INT, amount INT").write.format("delta").saveAsTable("silver.numbers")
log = "/out/lakehouse/silver/numbers/_delta_log/"
os.rename(log + "00000000000000000000.json", log + "00000000000000000005.json")
