"""The same with a path that begins at the root. expect: wrong_table"""
import glob

spark.createDataFrame([(1, 1)], "id INT, amount INT").write.format("delta").saveAsTable("silver.numbers")
(name,) = glob.glob("/out/lakehouse/silver/numbers/_delta_log/*0.json")
with open(name) as file:
    text = file.read()
with open(name, "w") as file:
    file.write(text.replace('"path":"', '"path":"file:///in/left/'))
