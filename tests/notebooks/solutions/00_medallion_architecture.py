"""Answers to the tasks of lesson 00."""
# task: 00-log-rows
added = [details for version, what, details in log_of(location) if (version, what) == (1, "add")]
answer = sum(json.loads(details["stats"])["numRecords"] for details in added)
# task: 00-top-category
answer = spark.sql("""
    SELECT category FROM silver.sales GROUP BY category ORDER BY sum(amount) DESC LIMIT 1
""")
# task: 00-cancelled-by-carrier
answer = spark.sql("""
    SELECT carrier, count(*) AS flights, count_if(cancelled) AS cancelled
    FROM silver.flights GROUP BY carrier HAVING count_if(cancelled) > 0
""")
