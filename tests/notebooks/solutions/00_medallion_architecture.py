"""Answers to the tasks of lesson 00."""
# other data: {"seed": 7, "month": 2}
# task: 00-log-rows
added = [details for version, what, details in log_of(location) if (version, what) == (1, "add")]
answer = sum(json.loads(details["stats"])["numRecords"] for details in added)
# wrong: 00-log-rows counts files instead of rows
answer = len([what for version, what, details in log_of(location) if (version, what) == (1, "add")])
# task: 00-top-category
answer = spark.sql("""
    SELECT category FROM silver.sales GROUP BY category ORDER BY sum(amount) DESC LIMIT 1
""")
# wrong: 00-top-category sorts ascending
answer = spark.sql("SELECT category FROM silver.sales GROUP BY category ORDER BY sum(amount) LIMIT 1")
# task: 00-cancelled-by-carrier
answer = spark.sql("""
    SELECT carrier, count(*) AS flights, count_if(cancelled) AS cancelled
    FROM silver.flights GROUP BY carrier HAVING count_if(cancelled) > 0
""")
# wrong: 00-cancelled-by-carrier counts every flight as cancelled, because false is a value too
answer = spark.sql("SELECT carrier, count(*) AS flights, count(cancelled) AS cancelled FROM silver.flights GROUP BY carrier")
