# other data: {"seed": 7, "visits": 120}

# wrong: 15-delay the watermark already knows the file that it judges
ends = arrived.groupBy("file").agg(F.min("at").alias("oldest"), F.max("at").alias("newest"))
with_this = Window.orderBy("file").rowsBetween(Window.unboundedPreceding, 0)
behind = F.unix_seconds(F.max("newest").over(with_this)) - F.unix_seconds("oldest")
minutes_needed = ends.select(F.ceil(behind / 60).alias("minutes")).agg(F.max("minutes")).first()[0]

# wrong: 15-delay the fifteen minutes that the lesson used
minutes_needed = 15

# task: 15-delay
ends = arrived.groupBy("file").agg(F.min("at").alias("oldest"), F.max("at").alias("newest"))
behind = F.unix_seconds(F.max("newest").over(earlier_files)) - F.unix_seconds("oldest")
minutes_needed = ends.select(F.ceil(behind / 60).alias("minutes")).agg(F.max("minutes")).first()[0]

# wrong: 15-visits the copies are counted as looks
looks = arrived.groupBy("customer", F.session_window("at", "10 minutes")).count()
long_visits = looks.where("count >= 5").count()

# wrong: 15-visits windows that stand where the clock says
looks = arrived.dropDuplicates(["id"]).groupBy("customer", F.window("at", "10 minutes")).count()
long_visits = looks.where("count >= 5").count()

# wrong: 15-visits the visits of all customers together
looks = arrived.dropDuplicates(["id"]).groupBy(F.session_window("at", "10 minutes")).count()
long_visits = looks.where("count >= 5").count()

# task: 15-visits
looks = arrived.dropDuplicates(["id"]).groupBy("customer", F.session_window("at", "10 minutes")).count()
long_visits = looks.where("count >= 5").count()

# wrong: 15-unpaid a batch, which calls orders unpaid whose time is not over
batch_orders = spark.read.schema("order_id int, ordered_at timestamp").json(lakehouse.landing("app_orders"))
batch_payments = spark.read.schema("paid_for int, paid_at timestamp").json(lakehouse.landing("app_payments"))
in_time = F.expr("order_id = paid_for AND paid_at <= ordered_at + INTERVAL 15 MINUTES")
reminders = batch_orders.join(batch_payments, in_time, "left_anti")

# wrong: 15-unpaid orders that were never paid, whenever
batch_orders = spark.read.schema("order_id int, ordered_at timestamp").json(lakehouse.landing("app_orders"))
batch_payments = spark.read.schema("paid_for int, paid_at timestamp").json(lakehouse.landing("app_payments"))
reminders = batch_orders.join(batch_payments, F.expr("order_id = paid_for"), "left_anti").where("order_id < 100")

# task: 15-unpaid
lakehouse.reset("unpaid_orders")
in_time = F.expr("order_id = paid_for AND paid_at BETWEEN ordered_at AND ordered_at + INTERVAL 15 MINUTES")
strict = side("app_orders", "order_id int, ordered_at timestamp", "ordered_at", files_per_batch=100).join(
    side("app_payments", "paid_for int, paid_at timestamp", "paid_at", files_per_batch=100), in_time, "left_outer"
)
query = (
    strict.where("paid_at IS NULL").select("order_id", "ordered_at")
    .writeStream.format("delta").outputMode("append")
    .option("checkpointLocation", lakehouse.checkpoint("unpaid_orders"))
    .trigger(availableNow=True).start(lakehouse.gold("unpaid_orders"))
)
query.awaitTermination()
reminders = spark.read.format("delta").load(lakehouse.gold("unpaid_orders"))
