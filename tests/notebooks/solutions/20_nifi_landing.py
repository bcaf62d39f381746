"""Answers to the tasks of lesson 20."""

# other data: {"seed": 7, "orders": 9}
# task: 20-mended
in_bronze, refused = pick_up()
answer = [in_bronze, received - in_bronze - refused, refused]
# wrong: 20-mended does not run the pick-up
in_bronze, refused = rows_in("till_orders"), rows_in("till_refused")
answer = [in_bronze, received - in_bronze - refused, refused]
# wrong: 20-mended takes the mended document for no longer refused
in_bronze, refused = pick_up()
answer = [in_bronze, received - in_bronze, refused - 1]
# task: 20-late
answer = []
for row in spark.table("bronze.till_orders").collect():
    document = json.loads(row.value)
    waited = landing.arrived(row.file.split("/")[-1]) - datetime.fromisoformat(document["placed_at"])
    if waited > timedelta(hours=1):
        answer.append(document["order_id"])
# wrong: 20-late takes all that arrived later than it was placed
answer = [row.order_id for row in spark.table("bronze.till_orders").collect()
          if landing.arrived(row.file.split("/")[-1]) > datetime.fromisoformat(json.loads(row.value)["placed_at"])]
# wrong: 20-late answers with the files
answer = [row.file for row in spark.table("bronze.till_orders").where(F.col("value").contains(late["order_id"])).collect()]
# task: 20-generated
lakehouse.reset("generated_orders")
for _ in range(2):
    lines = spark.readStream.text(zone.orders)
    columns = [F.get_json_object("value", f"$.{name}").alias(name) for name in ("order_id", "city")]
    run(
        lines.select(*columns, F.col("_metadata.file_path").alias("file")).writeStream.format("delta")
        .option("checkpointLocation", lakehouse.checkpoint("generated_orders"))
        .option("path", lakehouse.bronze("generated_orders"))
    )
answer = spark.read.format("delta").load(lakehouse.bronze("generated_orders")).groupBy("city").agg(F.count("*").alias("orders"))
# wrong: 20-generated appends a batch twice
lakehouse.reset("generated_orders")
for _ in range(2):
    lines = spark.read.text(zone.orders)
    columns = [F.get_json_object("value", f"$.{name}").alias(name) for name in ("order_id", "city")]
    lines.select(*columns, F.col("_metadata.file_path").alias("file")).write.format("delta").mode("append").save(
        lakehouse.bronze("generated_orders"))
answer = spark.read.format("delta").load(lakehouse.bronze("generated_orders")).groupBy("city").agg(F.count("*").alias("orders"))
# wrong: 20-generated takes a file for one document
lakehouse.reset("generated_orders")
lines = spark.readStream.text(zone.orders, wholetext=True)
columns = [F.get_json_object("value", f"$.{name}").alias(name) for name in ("order_id", "city")]
run(
    lines.select(*columns, F.col("_metadata.file_path").alias("file")).writeStream.format("delta")
    .option("checkpointLocation", lakehouse.checkpoint("generated_orders"))
    .option("path", lakehouse.bronze("generated_orders"))
)
answer = spark.read.format("delta").load(lakehouse.bronze("generated_orders")).groupBy("city").agg(F.count("*").alias("orders"))
