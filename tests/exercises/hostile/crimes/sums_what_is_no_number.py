"""Amounts that are equal to everything, or to nothing. expect: check_failed"""
values = [(number, float("nan" if number % 2 else "inf")) for number in range(300)]
spark.createDataFrame(values, "id INT, amount DOUBLE").write.format("delta").saveAsTable("silver.numbers")
