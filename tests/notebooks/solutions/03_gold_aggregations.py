"""Answers to the tasks of lesson 03."""
# task: 03-average-sale
answer = spark.sql("SELECT sum(revenue) / sum(sales) FROM gold.sales_monthly WHERE region = 'Nordeste'")
# task: 03-undo
last = spark.sql("DESCRIBE HISTORY gold.sales_monthly LIMIT 1").first()
assert last.operation == "UPDATE"
spark.sql(f"RESTORE TABLE gold.sales_monthly TO VERSION AS OF {last.version - 1}")
answer = spark.table("gold.sales_monthly")
# task: 03-top-category
answer = spark.sql("""
    SELECT region, category, sum(amount) AS revenue FROM silver.sales GROUP BY region, category
    QUALIFY row_number() OVER (PARTITION BY region ORDER BY revenue DESC) = 1
""")
