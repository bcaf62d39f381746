# other data: {"seed": 7, "rows": 3000}
"""Answers to the tasks of lesson 09."""

# task: 09-on-that-day
lived = spark.table("silver.customers").where((F.col("valid_from") <= that_day) & (F.col("valid_to") > that_day))
answer = lived.groupBy("region").agg(F.count("*").alias("customers"))
# wrong: 09-on-that-day where the customers live now
answer = spark.table("silver.customers").where("is_current").groupBy("region").agg(F.count("*").alias("customers"))
# wrong: 09-on-that-day BETWEEN, which counts twice who moves on that day
both_ends = spark.table("silver.customers").where(F.lit(that_day).between(F.col("valid_from"), F.col("valid_to")))
answer = both_ends.groupBy("region").agg(F.count("*").alias("customers"))
# task: 09-restated
answer = spark.sql(f"""
    SELECT sum(sale.amount) FROM silver.customer_sales AS sale
    JOIN silver.customers VERSION AS OF {before_late} AS old
        ON old.customer = sale.customer AND old.valid_from <= sale.day AND sale.day < old.valid_to
    JOIN silver.customers AS new
        ON new.customer = sale.customer AND new.valid_from <= sale.day AND sale.day < new.valid_to
    WHERE old.region <> new.region
""").first()[0]
# wrong: 09-restated compared with the current region instead of the region before the late delivery
answer = spark.sql("""
    SELECT sum(sale.amount) FROM silver.customer_sales AS sale
    JOIN silver.customers AS was
        ON was.customer = sale.customer AND was.valid_from <= sale.day AND sale.day < was.valid_to
    JOIN silver.customers AS now ON now.customer = sale.customer AND now.is_current
    WHERE was.region <> now.region
""").first()[0]
# task: 09-delivery-5
answer = apply_changes(delivery(5), TRUE_ON_THAT_DAY)
# wrong: 09-delivery-5 every change taken for one of the current row
staged_5 = stage("silver.customers", delivery(5), CURRENT)
inserted, updated = staged_5.selectExpr("count_if(merge_key IS NULL)", "count(merge_key)").first()
answer = {"updated": updated, "inserted": inserted}
