"""A log whose files are the grader's own. expect: wrong_table"""
import glob
import json

spark.createDataFrame([(1, 1)], "id INT, amount INT").write.format("delta").saveAsTable("silver.numbers")
(name,) = glob.glob("/out/lakehouse/silver/numbers/_delta_log/*0.json")
with open(name) as file:
    actions = [json.loads(line) for line in file]
for action in actions:
    if "add" in action:
        action["add"]["path"] = "..%2F..%2F..%2F..%2Fin%2Fexercise%2Ffacts.json"
with open(name, "w") as file:
    file.write("\n".join(map(json.dumps, actions)))
