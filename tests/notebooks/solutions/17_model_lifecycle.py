# other data: {"train_months": [8, 9, 10], "validation_month": 11, "later_month": 12, "late_minutes": 20}

# wrong: 17-knows-the-future thinks of the departure, not of the morning
names = ["carrier_month"]

# wrong: 17-knows-the-future compares the days after that morning, too
today = spark.table("gold.candidates_today").alias("today")
joined = spark.table("gold.candidates_that_morning").alias("then").join(today, "flight_key")
names = [
    name
    for name in ("route_week", "late_so_far", "flights_that_hour", "carrier_month")
    if not joined.where(f"NOT (then.{name} <=> today.{name})").isEmpty()
]

# task: 17-knows-the-future
today = spark.table("gold.candidates_today").alias("today")
then = spark.table("gold.candidates_that_morning").where(F.col("day") == F.lit(morning)).alias("then")
joined = then.join(today, "flight_key")
names = [
    name
    for name in ("route_week", "late_so_far", "flights_that_hour", "carrier_month")
    if joined.where(f"NOT (then.{name} <=> today.{name})").count() > 0
]

# wrong: 17-learned-wrongly compares whole tables, though the model learned from a sample
learned_wrongly = spark.sql("""
    SELECT count(*)
    FROM gold.morning_features VERSION AS OF 1 AS learned JOIN gold.morning_features AS today USING (flight_key)
    WHERE learned.late <> today.late
""").first()[0]

# wrong: 17-learned-wrongly takes the version of today's champion
today_version = client.get_run(client.get_model_version_by_alias(NAME, "champion").run_id).data.tags["delta_version"]
learned_wrongly = spark.sql(f"""
    SELECT count(*)
    FROM gold.morning_features VERSION AS OF {today_version} AS learned JOIN gold.morning_features AS today USING (flight_key)
    WHERE learned.late <> today.late AND learned.sample < 40
""").first()[0]

# task: 17-learned-wrongly
run_2 = client.get_run(client.get_model_version(NAME, "2").run_id)
learned_from = mlflow.data.get_source(run_2.inputs.dataset_inputs[0].dataset).load()
learned_from = learned_from.where(F.col("month").isin(json.loads(run_2.data.params["train_months"])))
learned_from = learned_from.where(F.col("sample") < int(run_2.data.params["sample_below"]))
both = learned_from.alias("learned").join(spark.table("gold.morning_features").alias("today"), "flight_key")
learned_wrongly = both.where("learned.late <> today.late").count()

# wrong: 17-side-by-side takes the leftmost of two probabilities
udf_1 = mlflow.pyfunc.spark_udf(spark, f"models:/{NAME}/1", result_type="double", env_manager="local")
of_month = spark.table("gold.morning_features").where(F.col("month") == later_month).coalesce(1)
one = of_month.select(
    "flight_key", "month", udf_1(F.struct(*TEXT)).alias("probability"),
    F.lit(NAME).alias("model_name"), F.lit(1).alias("model_version"), F.current_timestamp().alias("scored_at"))
one.write.format("delta").mode("append").save(SCORES)
expected = spark.sql("SELECT model_version, sum(probability) AS late FROM gold.morning_scores GROUP BY model_version")

# wrong: 17-side-by-side runs the append twice, so each flight is there twice
spark.sql("DELETE FROM gold.morning_scores WHERE model_version = 1")
udf_1 = mlflow.pyfunc.spark_udf(spark, f"models:/{NAME}/1", result_type="array<double>", env_manager="local")
one = of_month.select(
    "flight_key", "month", udf_1(F.struct(*TEXT))[1].alias("probability"),
    F.lit(NAME).alias("model_name"), F.lit(1).alias("model_version"), F.current_timestamp().alias("scored_at"))
one.union(one).coalesce(1).write.format("delta").mode("append").save(SCORES)
expected = spark.sql("SELECT model_version, sum(probability) AS late FROM gold.morning_scores GROUP BY model_version")

# task: 17-side-by-side
model_1 = f"models:/{NAME}/1"
inputs = mlflow.pyfunc.load_model(model_1).metadata.get_input_schema().input_names()
udf_1 = mlflow.pyfunc.spark_udf(spark, model_1, result_type="array<double>", env_manager="local")
of_month = spark.table("gold.morning_features").where(F.col("month") == later_month).coalesce(1)
one = of_month.select(
    "flight_key", "month", udf_1(F.struct(*inputs))[1].alias("probability"),
    F.lit(NAME).alias("model_name"), F.lit(1).alias("model_version"), F.current_timestamp().alias("scored_at"))
one.write.format("delta").mode("overwrite").option("replaceWhere", "model_version = 1").save(SCORES)
expected = spark.sql("SELECT model_version, sum(probability) AS late FROM gold.morning_scores GROUP BY model_version")
