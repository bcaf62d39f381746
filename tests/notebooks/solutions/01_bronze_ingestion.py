"""Answers to the tasks of lesson 01."""
# other data: {"seed": 7, "months": [2]}
# task: 01-ids-in-two-files
answer = spark.sql("""
    SELECT count(*) FROM (
        SELECT id FROM bronze.sales GROUP BY id HAVING count(DISTINCT source_file) > 1
    )
""")
# wrong: 01-ids-in-two-files counts ids that are twice in one file too
answer = spark.sql("SELECT count(*) FROM (SELECT id FROM bronze.sales GROUP BY id HAVING count(*) > 1)")
# task: 01-december
lakehouse.land("flights", datasets.flights(months=[12]).files)
ingest("flights")
ingest("flights")
answer = spark.sql("SELECT source_file AS file, count(*) AS rows FROM bronze.flights GROUP BY source_file")
# wrong: 01-december lands nothing
answer = spark.sql("SELECT source_file AS file, count(*) AS rows FROM bronze.flights GROUP BY source_file")
# task: 01-first-channel
place = lakehouse.bronze("sales")
answer = next(
    version
    for version in range(100)
    if "channel" in spark.read.option("versionAsOf", version).format("delta").load(place).columns
)
# wrong: 01-first-channel takes the newest version
answer = spark.sql("DESCRIBE HISTORY bronze.sales LIMIT 1").first().version
