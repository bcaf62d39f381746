# other data: {"seed": 7, "rows": 6000}
"""Answers to the tasks of lesson 10."""

# task: 10-region-corrected
steps = feed(switched_on + 1)
before = steps.where("_change_type = 'update_preimage'").select("id", "_commit_version", F.col("region").alias("old"))
after = steps.where("_change_type = 'update_postimage'").select("id", "_commit_version", F.col("region").alias("new"))
answer = before.join(after, ["id", "_commit_version"]).where("old <> new").count()
# wrong: 10-region-corrected every update counted
answer = feed(switched_on + 1).where("_change_type = 'update_postimage'").count()
# task: 10-net
was = spark.sql(f"SELECT id, struct(region, category, amount) AS old FROM silver.shop_sales VERSION AS OF {switched_on}")
now = spark.table("silver.shop_sales").selectExpr("id", "struct(region, category, amount) AS new")
answer = (
    was.join(now, "id", "full")
    .selectExpr("count_if(old IS NULL) AS added", "count_if(new IS NULL) AS gone", "count_if(old <> new) AS different")
    .first()
    .asDict()
)
# wrong: 10-net the steps of the feed counted instead of their effect
kind = dict(feed(switched_on + 1).groupBy("_change_type").count().collect())
answer = {"added": kind["insert"], "gone": kind["delete"], "different": kind["update_postimage"]}
# task: 10-gold-up-to-date
add_once("gold.revenue", feed(switched_on + 1))
answer = spark.table("gold.revenue").where("sales <> 0").drop("upto")
# wrong: 10-gold-up-to-date gold as it was before Thursday
answer = spark.table("gold.revenue").drop("upto")
# wrong: 10-gold-up-to-date updates added without taking away the row before
only_plus = add_up(feed(thursday["version"]).where("_change_type <> 'update_preimage'")).drop("upto")
both_parts = spark.table("gold.revenue").drop("upto").unionByName(only_plus)
answer = both_parts.groupBy("region", "category").agg(F.sum("sales").alias("sales"), F.sum("revenue").alias("revenue"))
