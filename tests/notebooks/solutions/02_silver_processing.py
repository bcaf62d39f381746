"""Answers to the tasks of lesson 02."""
# task: 02-quarantine-share
answer = spark.table("silver.sales_quarantine").count() / spark.table("bronze.sales").count()
# task: 02-rescued-regions
answer = spark.sql("""
    SELECT s.region, count(*) AS rows
    FROM silver.sales_quarantine AS q JOIN silver.states AS s ON left(q.id, 2) = s.state
    WHERE q.reasons = array('unknown_region')
    GROUP BY s.region
""")
# task: 02-equal-digits
digits = F.regexp_replace("cpf", "[^0-9]", "")
equal = digits == F.repeat(F.left(digits, F.lit(1)), F.lit(11))
answer = spark.table("silver.sales_quarantine").where(equal).count()
