# other data: {"seed": 7, "month": 6, "days": 5}
"""Answers to the tasks of lesson 18."""


# task: 18-late-share
def late_share(flights):
    departed = F.count_if(F.col("dep_delay").isNotNull())
    return flights.groupBy("local_day").agg((F.count_if(F.col("dep_delay") >= 15) / departed).alias("late_share"))


answer = late_share(pipeline.add_local_day(departures))
# wrong: 18-late-share takes exactly 15 minutes for on time
late = F.count_if(F.col("dep_delay") > 15) / F.count("dep_delay")
answer = pipeline.add_local_day(departures).groupBy("local_day").agg(late.alias("late_share"))
# wrong: 18-late-share divides by all flights, cancelled ones too
late = F.count_if(F.col("dep_delay") >= 15) / F.count("*")
answer = pipeline.add_local_day(departures).groupBy("local_day").agg(late.alias("late_share"))
# task: 18-broken-rows
try:
    contract.departures.validate(contract.read(second), lazy=True)
except pa.errors.SchemaErrors as error:
    answer = error.failure_cases["index"].dropna().nunique()
# wrong: 18-broken-rows counts failures, not rows
try:
    contract.departures.validate(contract.read(second), lazy=True)
except pa.errors.SchemaErrors as error:
    answer = len(error.failure_cases)
# wrong: 18-broken-rows stops at the first broken rule
try:
    contract.departures.validate(contract.read(second))
except (pa.errors.SchemaError, pa.errors.SchemaErrors) as error:
    answer = len(error.failure_cases)
# task: 18-run-twice
result = results / f"{deliveries[2].stem}.parquet"
if not result.exists():   # the wrong answer below may have run the step
    run_step(deliveries[2], "first")
for _ in range(2):
    load(result)
answer = spark.table("gold.departures_daily").where(F.col("delivery") == deliveries[2].stem).agg(F.sum("flights")).first()[0]
# wrong: 18-run-twice appends the result of each run
result = run_step(deliveries[2], "first")
for _ in range(2):
    appended = spark.read.parquet(str(result)).withColumn("delivery", F.lit(result.stem))
    appended.write.format("delta").mode("append").option("userMetadata", result.stem).saveAsTable("gold.departures_daily")
answer = spark.table("gold.departures_daily").where(F.col("delivery") == deliveries[2].stem).agg(F.sum("flights")).first()[0]
