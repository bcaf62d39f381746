"""Answers to the tasks of lesson 05."""
# other data: {"seed": 7, "days": 5}
# task: 05-lost-flights
flights = flights_of(spark.table("bronze.flights_live"))
gold_table = spark.table("gold.flights_live")
newest = gold_table.agg(F.max("hour")).first()[0]
received = flights.where(F.date_trunc("hour", "scheduled") <= F.lit(newest)).groupBy("origin").count()
counted_by_airport = gold_table.groupBy("origin").agg(F.sum("flights").alias("counted"))
lost = received.join(counted_by_airport, "origin").selectExpr("origin", "`count` - counted as lost")
# wrong: 05-lost-flights counts hours that gold has not finished as lost
all_flights = flights_of(spark.table("bronze.flights_live")).groupBy("origin").count()
in_gold = spark.table("gold.flights_live").groupBy("origin").agg(F.sum("flights").alias("counted"))
lost = all_flights.join(in_gold, "origin").selectExpr("origin", "`count` - counted as lost")
# task: 05-without-memory
lakehouse.reset("flights_twice")
for memory_of_stream in ("one", "two"):
    copy = (
        spark.readStream.format("kafka")
        .option("kafka.bootstrap.servers", broker.bootstrap)
        .option("subscribe", topic)
        .option("startingOffsets", "earliest")
        .load()
        .writeStream.format("delta")
        .option("checkpointLocation", lakehouse.checkpoint("flights_twice", memory_of_stream))
        .trigger(availableNow=True)
        .start(lakehouse.bronze("flights_twice"))
    )
    copy.awaitTermination()
rows_in_table = spark.read.format("delta").load(lakehouse.bronze("flights_twice")).count()
# wrong: 05-without-memory believes that Delta recognises a record
rows_in_table = spark.table("bronze.flights_live").count()
# task: 05-busiest-window
sliding = flights_of(spark.table("bronze.flights_live")).groupBy(F.window("scheduled", "2 hours", "1 hour"), "origin").count()
busiest = sliding.agg(F.max("count")).first()[0]
# wrong: 05-busiest-window a window of one hour
hours = flights_of(spark.table("bronze.flights_live")).groupBy(F.window("scheduled", "1 hour"), "origin").count()
busiest = hours.agg(F.max("count")).first()[0]
