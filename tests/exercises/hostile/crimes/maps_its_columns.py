"""Columns are called otherwise in the files than in the log, so that a careless reader sums something else. expect: check_failed"""
frame = spark.createDataFrame([(1, 1)], "id INT, amount INT").write.format("delta")
frame.option("delta.columnMapping.mode", "name").saveAsTable("silver.numbers")
spark.sql("ALTER TABLE silver.numbers RENAME COLUMN amount TO wrong")
spark.sql("ALTER TABLE silver.numbers ADD COLUMN amount INT")
