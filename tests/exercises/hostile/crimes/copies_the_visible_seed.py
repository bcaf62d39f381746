"""Writes the right answer of the data that students see. expect: check_failed"""
spark.createDataFrame(VISIBLE, "id INT, amount INT").write.format("delta").saveAsTable("silver.numbers")
