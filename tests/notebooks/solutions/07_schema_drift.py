"""Answers to the tasks of lesson 07."""

# other data: {"seed": 7, "per_day": 90, "page_size": 20}
# task: 07-drift-report
answer = spark.sql("""
    SELECT found.key AS field, min(day) AS first_day, count(*) AS orders
    FROM bronze.orders, LATERAL variant_explode(rescued) AS found
    GROUP BY found.key
""")
# wrong: 07-drift-report knows only the unknown fields, not the values that do not fit
answer = spark.sql("""
    SELECT found.key AS field, min(day) AS first_day, count(*) AS orders
    FROM bronze.orders, LATERAL variant_explode(rescued) AS found
    WHERE found.key NOT IN ('number', 'quantity')
    GROUP BY found.key
""")
# wrong: 07-drift-report counts the orders of the first day only
answer = spark.sql("""
    SELECT field, first_day, orders FROM (
        SELECT found.key AS field, day AS first_day, count(*) AS orders,
               row_number() OVER (PARTITION BY found.key ORDER BY day) AS place
        FROM bronze.orders, LATERAL variant_explode(rescued) AS found
        GROUP BY found.key, day
    ) WHERE place = 1
""")
# task: 07-boxes
answer = spark.sql("""
    SELECT sum(coalesce(quantity, int(split_part(rescued:quantity::STRING, ' ', 1)))) FROM bronze.orders
""").first()[0]
# wrong: 07-boxes adds up the column only
answer = spark.table("bronze.orders").agg(F.sum("quantity")).first()[0]
# wrong: 07-boxes counts a text as one box
answer = spark.sql("SELECT sum(coalesce(quantity, 1)) FROM bronze.orders").first()[0]
# task: 07-promote
spark.sql("ALTER TABLE bronze.orders ADD COLUMNS (channel STRING)")
spark.sql("""
    UPDATE bronze.orders SET
        channel = rescued:channel::STRING,
        rescued = to_variant_object(map_filter(cast(rescued AS MAP<STRING, VARIANT>), (k, v) -> k <> 'channel'))
    WHERE rescued:channel IS NOT NULL
""")
answer = list(spark.sql("SELECT count(channel), sum(size(cast(rescued AS MAP<STRING, VARIANT>))) FROM bronze.orders").first())
# wrong: 07-promote fills the column and leaves the values in rescued too
filled = spark.sql("SELECT rescued:channel::STRING AS channel, rescued FROM bronze.orders")
answer = list(filled.selectExpr("count(channel)", "sum(size(cast(rescued AS MAP<STRING, VARIANT>)))").first())
# wrong: 07-promote adds the column and does not fill it for the days that are there
empty = spark.sql("SELECT CAST(NULL AS STRING) AS channel, rescued FROM bronze.orders")
answer = list(empty.selectExpr("count(channel)", "sum(size(cast(rescued AS MAP<STRING, VARIANT>)))").first())
