"""Answers to the tasks of lesson 02."""
# other data: {"seed": 7, "month": 2}
# task: 02-quarantine-share
answer = spark.table("silver.sales_quarantine").count() / spark.table("bronze.sales").count()
# wrong: 02-quarantine-share counts reasons, and a row may have two
answer = spark.sql("SELECT sum(size(reasons)) FROM silver.sales_quarantine").first()[0] / spark.table("bronze.sales").count()
# wrong: 02-quarantine-share a percentage
answer = 100 * spark.table("silver.sales_quarantine").count() / spark.table("bronze.sales").count()
# task: 02-rescued-regions
answer = spark.sql("""
    SELECT s.region, count(*) AS rows
    FROM silver.sales_quarantine AS q JOIN silver.states AS s ON left(q.id, 2) = s.state
    WHERE q.reasons = array('unknown_region')
    GROUP BY s.region
""")
# wrong: 02-rescued-regions takes the region that stands in the row, which is the very thing that is wrong
answer = spark.sql("""
    SELECT region, count(*) AS rows FROM silver.sales_quarantine WHERE reasons = array('unknown_region') GROUP BY region
""")
# wrong: 02-rescued-regions takes rows that wait for other reasons
answer = spark.sql("""
    SELECT s.region, count(*) AS rows
    FROM silver.sales_quarantine AS q JOIN silver.states AS s ON left(q.id, 2) = s.state
    GROUP BY s.region
""")
# task: 02-equal-digits
digits = F.regexp_replace("cpf", "[^0-9]", "")
equal = digits == F.repeat(F.left(digits, F.lit(1)), F.lit(11))
answer = spark.table("silver.sales_quarantine").where(equal).count()
# wrong: 02-equal-digits counts every invalid CPF
answer = spark.table("silver.sales_quarantine").where("array_contains(reasons, 'invalid_cpf')").count()
