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
products_4, sent_4 = list_4.selectExpr("count(DISTINCT if(price > 0 AND stock >= 0, sku, NULL))", "count(*)").first()
answer = {"valid": products_4, "quarantined": sent_4 - products_4, "duplicates": 0}
# wrong: 08-balance lines without a stock are in neither part
fit_4, bad_4 = list_4.selectExpr("count_if(price > 0 AND stock >= 0)", "count_if(NOT (price > 0 AND stock >= 0))").first()
answer = {"valid": products_4, "quarantined": bad_4, "duplicates": fit_4 - products_4}
# task: 08-day-4
answer = upsert("day 4", route(4).select(COLUMNS))
answer = {"inserted": answer["inserted"], "updated": answer["updated"]}
# wrong: 08-day-4 a plain upsert, which updates what did not change
valid_4 = list_4.where("sku IS NOT NULL AND price > 0 AND stock >= 0").select("sku").distinct()
matches = valid_4.join(spark.table("silver.products").selectExpr("sku", "true AS known"), "sku", "left")
inserted, updated = matches.selectExpr("count_if(known IS NULL)", "count_if(known)").first()
answer = {"inserted": inserted, "updated": updated}
# task: 08-brought-back
answer = upsert("late", day_2)["inserted"]
# wrong: 08-brought-back trusting that an older row never gets in
answer = 0
