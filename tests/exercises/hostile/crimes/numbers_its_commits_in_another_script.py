"""Commits whose names are digits of other scripts, and one that is a number of five thousand digits. expect: check_failed wrong_table too_big cell_failed"""
spark.createDataFrame([(1, 1)], "id INT, amount INT").write.format("delta").saveAsTable("silver.numbers")
log = "/out/lakehouse/silver/numbers/_delta_log/"
first = log + "00000000000000000000.json"
for name in ("٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠١", "²" * 20, "9" * 200):
    with open(first) as file, open(f"{log}{name}.json", "w") as copy:
        copy.write(file.read())
