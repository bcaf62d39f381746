# other data: {"month": 11, "days": 2}
"""Answers to the tasks of lesson 19."""

# task: 19-what-ran
if not deliveries[march][-1].endswith("-corrected.csv"):   # the wrong answer below may have brought it in
    deliveries[march].append(deliver(f"trips-{march:02d}-corrected.csv", flights[march]))
    run_trips()
answer = [step for step, state in final.items() if state.name == "Completed"]
# wrong: 19-what-ran counts skipped steps, because they are green too
deliveries[march].append(deliver(f"trips-{march:02d}-corrected.csv", flights[march]))
run_trips()
answer = [step for step, state in final.items() if state.is_completed()]
# wrong: 19-what-ran forgets the table that is made from all months
answer = [f"ingest {march}", f"clean {march}", f"daily {march}"]
# task: 19-downstream
newest_edges, _ = lineage()
answer = len(downstream(newest_edges, ("landing", f"trips-{january:02d}.csv")))
# wrong: 19-downstream asks the graph that was drawn before the repair
answer = len(downstream(edges, ("landing", f"trips-{january:02d}.csv")))
# wrong: 19-downstream takes only what was made directly from the file
answer = sum(source == ("landing", f"trips-{january:02d}.csv") for source, _ in lineage()[0])
# wrong: 19-downstream takes only what the tables hold now
answer = 1 + sum(january in holds(table) for table in TABLES[:3])
# task: 19-written-in-vain
history = spark.sql("DESCRIBE HISTORY silver.trips").selectExpr("sum(int(operationMetrics.numOutputRows)) AS written")
answer = history.first().written - spark.table("silver.trips").count()
# wrong: 19-written-in-vain forgets to take away what is there now
answer = spark.sql("DESCRIBE HISTORY silver.trips").selectExpr("sum(int(operationMetrics.numOutputRows))").first()[0]
# wrong: 19-written-in-vain gives the rows that are there
answer = spark.table("silver.trips").count()
