"""What lesson 03, gold aggregations, expects of its tasks."""

from lab_kernel.checks.registry import Context, task


@task(
    "03-average-sale",
    hint="Add up revenue and sales of all months first, divide last. A mean of means is another number.",
    tolerance=1e-4,
)
def average_sale(context: Context) -> float:
    rows = context.silver("sales").where("region = 'Nordeste'").selectExpr("avg(amount)")
    return float(rows.first()[0])


@task(
    "03-undo",
    hint="The good version is the one before the UPDATE in DESCRIBE HISTORY gold.sales_monthly.",
)
def undo(context: Context) -> object:
    sales = context.silver("sales")
    return (
        sales.selectExpr("date(trunc(date, 'month')) AS month", "region", "cpf", "amount")
        .groupBy("month", "region")
        .agg(*_measures())
    )


@task(
    "03-top-category",
    hint="Sum by region and category, then number the rows of each region, the largest sum first.",
)
def top_category(context: Context) -> object:
    sums = context.silver("sales").groupBy("region", "category").sum("amount").collect()
    best = {}
    for region, category, revenue in sums:
        if region not in best or revenue > best[region][2]:
            best[region] = (region, category, revenue)
    columns = "region STRING, category STRING, revenue DECIMAL(22, 2)"
    return context.spark.createDataFrame(list(best.values()), columns)


def _measures() -> list:
    from pyspark.sql import functions as F

    return [
        F.count("*").alias("sales"),
        F.count_distinct("cpf").alias("customers"),
        F.sum("amount").alias("revenue"),
    ]
