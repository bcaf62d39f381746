"""A deletion vector that lies with the grader's own files. expect: wrong_table"""
import json

spark.createDataFrame([(1, 1)], "id INT, amount INT").write.format("delta").saveAsTable("silver.numbers")
log = "/out/lakehouse/silver/numbers/_delta_log/00000000000000000000.json"
with open(log) as file:
    actions = [json.loads(line) for line in file]
for action in actions:
    if "add" in action:
        place = "file:///in/exercise/facts.json"
        action["add"]["deletionVector"] = {"storageType": "p", "pathOrInlineDv": place, "offset": 0, "sizeInBytes": 1, "cardinality": 1}
with open(log, "w") as file:
    file.write("\n".join(map(json.dumps, actions)))
