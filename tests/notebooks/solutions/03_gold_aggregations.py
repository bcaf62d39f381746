"""Answers to the tasks of lesson 03."""
# other data: {"seed": 7, "month": 2}
# task: 03-average-sale
answer = spark.sql("SELECT sum(revenue) / sum(sales) FROM gold.sales_monthly WHERE region = 'Nordeste'")
# wrong: 03-average-sale a mean of the months' means
answer = spark.sql("SELECT avg(revenue / sales) FROM gold.sales_monthly WHERE region = 'Nordeste'")
# task: 03-undo
last = spark.sql("DESCRIBE HISTORY gold.sales_monthly LIMIT 1").first()
assert last.operation == "UPDATE"
spark.sql(f"RESTORE TABLE gold.sales_monthly TO VERSION AS OF {last.version - 1}")
answer = spark.table("gold.sales_monthly")
# wrong: 03-undo looks at the table without restoring it
answer = spark.table("gold.sales_monthly")
# task: 03-top-category
answer = spark.sql("""
    SELECT region, category, sum(amount) AS revenue FROM silver.sales GROUP BY region, category
    QUALIFY row_number() OVER (PARTITION BY region ORDER BY revenue DESC) = 1
""")
# wrong: 03-top-category one winner of the whole country
answer = spark.sql("""
    SELECT region, category, sum(amount) AS revenue FROM silver.sales GROUP BY region, category
    ORDER BY revenue DESC LIMIT 1
""")
