"""Each field of the log is of a kind that nobody expects there. expect: check_failed wrong_table"""
import json

spark.createDataFrame([(1, 1)], "id INT, amount INT").write.format("delta").saveAsTable("silver.numbers")
log = "/out/lakehouse/silver/numbers/_delta_log/"
with open(log + "00000000000000000000.json") as file:
    actions = [json.loads(line) for line in file]
for action in actions:
    if "metaData" in action:
        action["metaData"].update(configuration=["x"], partitionColumns=[{}, None, ["id"]])
    if "add" in action:
        action["add"].update(partitionValues=["x"], deletionVector="x", size=-1)
with open(log + "00000000000000000000.json", "w") as file:
    file.write("\n".join(map(json.dumps, actions)))
