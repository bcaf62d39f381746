"""One file of the right sum's divisor, named by thousands of commits under as many spellings. expect: check_failed wrong_table too_big"""
import json

spark.createDataFrame([(1, 1)], "id INT, amount INT").coalesce(1).write.format("delta").saveAsTable("silver.numbers")
log = "/out/lakehouse/silver/numbers/_delta_log/"
with open(log + "00000000000000000000.json") as file:
    (add,) = [json.loads(line)["add"] for line in file if '"add"' in line]
name = add["path"]
for number in range(1, 300):
    add["path"] = "./" * number + name
    with open(log + f"{number:020d}.json", "w") as file:
        file.write(json.dumps({"add": add}))
