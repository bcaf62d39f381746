"""Columns with the names of attributes, of markup, and of ends of text. expect: check_failed cell_failed"""
names = ["__class__", "amount\u202e", "<script>alert(1)</script>", "'); DROP TABLE grade; --", "{message.__init__.__globals__}"]
fields = ", ".join(f"`{name}` INT" for name in names)
writer = spark.createDataFrame([(1,) * len(names)], fields).write.format("delta").option("delta.columnMapping.mode", "name")
writer.saveAsTable("silver.numbers")
