"""What lesson 00, the medallion architecture, expects of its tasks."""

import json

from lab_kernel.checks.registry import Context, task


@task("00-log-rows", hint="Take the row of version 1 that has an add, and read its stats as JSON.")
def log_rows(context: Context) -> int:
    log = f"{context.lakehouse.bronze('sales')}/_delta_log/{1:020d}.json"
    lines = [json.loads(row.value) for row in context.spark.read.text(log).collect()]
    return sum(json.loads(line["add"]["stats"])["numRecords"] for line in lines if "add" in line)


@task("00-top-category", hint="Sum the amounts for each category, then sort by the sum.")
def top_category(context: Context) -> str:
    sums = context.silver("sales").groupBy("category").sum("amount")
    return max(sums.collect(), key=lambda row: row[1])[0]


@task(
    "00-cancelled-by-carrier",
    hint="cancelled is a boolean: count_if(cancelled) counts it. HAVING filters after grouping.",
)
def cancelled_by_carrier(context: Context) -> object:
    flights = context.silver("flights")
    counted = flights.selectExpr("carrier", "int(cancelled) AS cancelled").groupBy("carrier")
    table = counted.agg({"*": "count", "cancelled": "sum"})
    return table.selectExpr(
        "carrier", "`count(1)` AS flights", "`sum(cancelled)` AS cancelled"
    ).where("cancelled > 0")
