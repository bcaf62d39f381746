"""Answers to the tasks of lesson 14."""
# other data: {"seed": 7, "rows": 48000}
# task: 14-frequent-key
answer = sales.groupBy("shop").count().orderBy(F.desc("count")).first().shop
# wrong: 14-frequent-key gives how many instead of which
answer = sales.groupBy("shop").count().agg(F.max("count")).first()[0]
# wrong: 14-frequent-key sorts from the bottom
answer = sales.groupBy("shop").count().orderBy("count").first().shop
# task: 14-salt-one-key
web_shop = sales.groupBy("shop").count().orderBy(F.desc("count")).first().shop
is_web = F.col("shop") == web_shop
one_salt = sales.withColumn("salt", F.when(is_web, draw("salt", 32)).otherwise(0).cast("int"))
numbers_from_0 = F.sequence(F.lit(0), F.lit(31))
one_copied = shops.withColumn("salt", F.explode(F.when(is_web, numbers_from_0).otherwise(F.array(F.lit(0)))))
with tuned(broadcast_bytes=-1, shuffle_partitions=8, adaptive=False):
    run = plan(one_salt.join(one_copied, ["shop", "salt"]), run=True)
answer = max(read_by_tasks(run))
# wrong: 14-salt-one-key copies every shop
with tuned(broadcast_bytes=-1, shuffle_partitions=8, adaptive=False):
    answer = max(read_by_tasks(plan(salted_join(), run=True)))
# wrong: 14-salt-one-key salts the sales and copies nothing, so most find no shop
without_copies = shops.withColumn("salt", F.lit(0))
with tuned(broadcast_bytes=-1, shuffle_partitions=8, adaptive=False):
    answer = max(read_by_tasks(plan(salted_sales.join(without_copies, ["shop", "salt"]), run=True)))
# task: 14-tidy-files
lakehouse.reset("sales_tidy")
tidy = tables["sales_by_shop"].repartition("shop")
tidy.write.format("delta").mode("overwrite").partitionBy("shop").save(lakehouse.silver("sales_tidy"))
answer = len(spark.read.format("delta").load(lakehouse.silver("sales_tidy")).inputFiles())
# wrong: 14-tidy-files spreads the rows of each shop over many tasks
mixed = tables["sales_by_shop"].repartition(4)
mixed.write.format("delta").mode("overwrite").partitionBy("shop").save(lakehouse.silver("sales_tidy"))
answer = len(spark.read.format("delta").load(lakehouse.silver("sales_tidy")).inputFiles())
# wrong: 14-tidy-files has one file, and no folder for each shop
lakehouse.reset("sales_tidy")
tables["sales_by_shop"].coalesce(1).write.format("delta").save(lakehouse.silver("sales_tidy"))
answer = len(spark.read.format("delta").load(lakehouse.silver("sales_tidy")).inputFiles())
