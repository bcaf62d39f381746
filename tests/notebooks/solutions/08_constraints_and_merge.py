# other data: {"seed": 7, "rows": 1500}
"""Answers to the tasks of lesson 08."""

# task: 08-balance
balance = spark.sql("""
    SELECT count_if(fit) AS fit_lines, count_if(NOT fit) AS faulty_lines, count(DISTINCT if(fit, sku, NULL)) AS products
    FROM (SELECT sku, coalesce(sku IS NOT NULL AND price > 0 AND stock >= 0, false) AS fit FROM bronze.products WHERE day = 4)
""").first()
answer = {
    "valid": balance.products,
    "quarantined": balance.faulty_lines,
    "duplicates": balance.fit_lines - balance.products,
}
# wrong: 08-balance everything that is not a valid product counted as faulty
list_4 = spark.table("bronze.products").where("day = 4")
products_4 = list_4.where("sku IS NOT NULL AND price > 0 AND stock >= 0").select("sku").distinct().count()
answer = {"valid": products_4, "quarantined": list_4.count() - products_4, "duplicates": 0}
# wrong: 08-balance lines without a stock are in neither part
list_4 = spark.table("bronze.products").where("day = 4")
fit_4 = list_4.where("price > 0 AND stock >= 0")
answer = {
    "valid": fit_4.distinct().count(),
    "quarantined": list_4.where("NOT (price > 0 AND stock >= 0)").count(),
    "duplicates": fit_4.count() - fit_4.distinct().count(),
}
# task: 08-day-4
answer = upsert("day 4", route(4).select(COLUMNS))
answer = {"inserted": answer["inserted"], "updated": answer["updated"]}
# wrong: 08-day-4 a plain upsert, which updates what did not change
spark.table("silver.products").write.format("delta").mode("overwrite").saveAsTable("silver.products_copy")
plain_4 = merge("wrong", "silver.products_copy", route(4).select(COLUMNS), PLAIN)
answer = {"inserted": plain_4["inserted"], "updated": plain_4["updated"]}
# task: 08-brought-back
answer = upsert("late", day_2)["inserted"]
# wrong: 08-brought-back trusting that an older row never gets in
answer = 0
