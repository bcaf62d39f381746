# other data: {"seed": 7, "messages": 360}

# wrong: 16-totals adds what comes, so the repeated batch is added twice, as in the table with duplicates
naive_table = spark.read.format("delta").load(lakehouse.bronze("naive"))
account_totals = naive_table.groupBy("account").agg(F.count("*").alias("payments"), F.sum("cents").alias("cents"))

# task: 16-totals
lakehouse.reset("account_totals")


def totals(batch, number):
    by_account = batch.groupBy("account").agg(F.count("*").alias("payments"), F.sum("cents").alias("cents"))
    numbered = {"txnAppId": "totals", "txnVersion": number}
    by_account.write.format("delta").mode("append").options(**numbered).save(lakehouse.gold("account_totals"))


run("account_totals", totals, fails_after=1)
run("account_totals", totals)
parts = spark.read.format("delta").load(lakehouse.gold("account_totals"))
account_totals = parts.groupBy("account").agg(F.sum("payments").alias("payments"), F.sum("cents").alias("cents"))

# wrong: 16-replay the end of the range is left out
cents_replayed = payments_of(replay(topic, 120, 220)).agg(F.sum("cents")).first()[0]

# wrong: 16-replay ids that look like the offsets, from the table with duplicates
naive_table = spark.read.format("delta").load(lakehouse.bronze("naive"))
cents_replayed = naive_table.where("offset BETWEEN 120 AND 220").agg(F.sum("cents")).first()[0]

# task: 16-replay
cents_replayed = payments_of(replay(topic, 120, 221)).agg(F.sum("cents")).first()[0]

# wrong: 16-waiting repaired letters are counted, too
still_dead = spark.table("bronze.payments_dead").groupBy("reason").count()

# task: 16-waiting
still_dead = waiting().groupBy("reason").count()
