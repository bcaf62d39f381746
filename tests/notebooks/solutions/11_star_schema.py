# other data: {"month": 7}
"""Answers to the tasks of lesson 11."""
# task: 11-late-plane
load_checked("dim_plane", "tailnum", late_plane)
spark.sql("""
    MERGE INTO gold.fact_flights AS f
    USING (SELECT plane_key, tailnum FROM gold.dim_plane WHERE plane_key > 0) AS p ON f.tailnum = p.tailnum
    WHEN MATCHED AND f.plane_key = -2 THEN UPDATE SET plane_key = p.plane_key
""")
answer = spark.table("gold.fact_flights").groupBy("plane_key").agg(F.count("*").alias("flights"))
# wrong: 11-late-plane adds the plane and leaves its facts with the unknown member
load("dim_plane", "tailnum", late_plane)
answer = spark.table("gold.fact_flights").groupBy("plane_key").agg(F.count("*").alias("flights"))
# wrong: 11-late-plane gives the new key to all facts of the unknown member
load("dim_plane", "tailnum", late_plane)
new_key = spark.table("gold.dim_plane").where(F.col("tailnum") == missing.tailnum).first().plane_key
new = F.when(F.col("plane_key") == -2, new_key).otherwise(F.col("plane_key")).alias("plane_key")
answer = spark.table("gold.fact_flights").groupBy(new).agg(F.count("*").alias("flights"))
# task: 11-three-highest
answer = spark.sql("""
    SELECT origin, dest, count(DISTINCT carrier) AS carriers FROM silver.flights GROUP BY ALL
    QUALIFY dense_rank() OVER (PARTITION BY origin ORDER BY carriers DESC) <= 3
""")
# wrong: 11-three-highest numbers the rows, so equals are left out by chance
answer = spark.sql("""
    SELECT origin, dest, count(DISTINCT carrier) AS carriers FROM silver.flights GROUP BY ALL
    QUALIFY row_number() OVER (PARTITION BY origin ORDER BY carriers DESC, dest) <= 3
""")
# wrong: 11-three-highest ranks with gaps, so a tie at the top takes the places of the next
answer = spark.sql("""
    SELECT origin, dest, count(DISTINCT carrier) AS carriers FROM silver.flights GROUP BY ALL
    QUALIFY rank() OVER (PARTITION BY origin ORDER BY carriers DESC) <= 3
""")
# task: 11-tours
answer = spark.sql("""
    SELECT count_if(coalesce(date_diff(date, before) > 1, true))
    FROM (
        SELECT date, lag(date) OVER (PARTITION BY tailnum ORDER BY date) AS before
        FROM (SELECT DISTINCT tailnum, date(scheduled) AS date FROM gold.fact_flights WHERE tailnum IS NOT NULL)
    )
""").first()[0]
# wrong: 11-tours counts the gaps and forgets the first tour of each aircraft
answer = spark.sql("""
    SELECT count_if(date_diff(date, before) > 1)
    FROM (
        SELECT date, lag(date) OVER (PARTITION BY tailnum ORDER BY date) AS before
        FROM (SELECT DISTINCT tailnum, date(scheduled) AS date FROM gold.fact_flights WHERE tailnum IS NOT NULL)
    )
""").first()[0]
# wrong: 11-tours looks at the previous row of all aircraft together
answer = spark.sql("""
    SELECT count_if(coalesce(date_diff(date, before) > 1, true))
    FROM (
        SELECT date, lag(date) OVER (ORDER BY date) AS before
        FROM (SELECT DISTINCT tailnum, date(scheduled) AS date FROM gold.fact_flights WHERE tailnum IS NOT NULL)
    )
""").first()[0]
