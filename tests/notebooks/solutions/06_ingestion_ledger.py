"""Answers to the tasks of lesson 06."""

# other data: {"seed": 7, "month": 3, "rows": 150}
# task: 06-money-waiting
answer = reconcile().agg(F.sum("cents_missing")).first()[0]
# wrong: 06-money-waiting takes every entry of the ledger, both of day 3 too
notes = spark.read.option("sep", ";").csv(lakehouse.landing("shop_notes"))
noted = notes.agg(F.sum(F.col("_c2").cast("bigint"))).first()[0]
answer = noted - spark.table("bronze.shop_ledger").agg(F.sum("cents")).first()[0]
# wrong: 06-money-waiting counts the refused lines
answer = spark.table("bronze.shop_sales").where("refused IS NOT NULL").count()
# task: 06-two-more-files
ingest()
audit()
answer = spark.sql("""
    SELECT file, count_if(refused IS NULL) AS ingested, cast(sum(amount) * 100 AS BIGINT) AS cents
    FROM bronze.shop_sales GROUP BY file
""")
# wrong: 06-two-more-files runs the stream only, which never sees the correction
ingest()
answer = spark.sql("""
    SELECT file, count_if(refused IS NULL) AS ingested, cast(sum(amount) * 100 AS BIGINT) AS cents
    FROM bronze.shop_sales GROUP BY file
""")
# wrong: 06-two-more-files answers from the ledger, which has an entry for each delivery
answer = spark.table("bronze.shop_ledger").select("file", "ingested", "cents")
# task: 06-replaced
replacing = spark.sql("DESCRIBE HISTORY bronze.shop_sales").where(f"operationParameters.predicate LIKE '%{days[3].file.name}%'")
commit = replacing.selectExpr("version", "int(operationMetrics.numDeletedRows)", "int(operationMetrics.numOutputRows)").first()
answer = list(commit)
# wrong: 06-replaced takes the newest commit, which has replaced day 1
newest = spark.sql("DESCRIBE HISTORY bronze.shop_sales LIMIT 1")
answer = list(newest.selectExpr("version", "int(operationMetrics.numDeletedRows)", "int(operationMetrics.numOutputRows)").first())
# wrong: 06-replaced counts only the ingested lines
replacing = spark.sql("DESCRIBE HISTORY bronze.shop_sales").where(f"operationParameters.predicate LIKE '%{days[3].file.name}%'")
version = replacing.first().version
counts = spark.table("bronze.shop_ledger").where(F.col("file") == days[3].file.name).orderBy("taken_in").collect()
answer = [version, counts[0].ingested, counts[1].ingested]
