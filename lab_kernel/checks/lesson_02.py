"""What lesson 02, silver processing, expects of its tasks."""

from lab_kernel.checks.registry import Context, task


@task(
    "02-quarantine-share", hint="Rows of silver.sales_quarantine, divided by rows of bronze.sales."
)
def quarantine_share(context: Context) -> float:
    return context.silver("sales_quarantine").count() / context.bronze("sales").count()


@task(
    "02-rescued-regions",
    hint="Only means: size(reasons) = 1 and it is this one. left(id, 2) is the state of the store.",
)
def rescued_regions(context: Context) -> object:
    spark = context.spark
    states = spark.read.option("header", True).csv(context.lakehouse.landing("states"))
    only = "size(reasons) = 1 AND reasons[0] = 'unknown_region'"
    waiting = context.silver("sales_quarantine").where(only).selectExpr("left(id, 2) AS state")
    counted = waiting.join(states, "state").groupBy("region").count()
    return counted.withColumnRenamed("count", "rows")


@task(
    "02-equal-digits",
    hint="replace(replace(cpf, '.', ''), '-', '') leaves the digits; repeat(left(…, 1), 11) helps.",
)
def equal_digits(context: Context) -> int:
    rows = context.silver("sales_quarantine").select("cpf").collect()
    numbers = [[sign for sign in row.cpf if sign.isdigit()] for row in rows]
    return sum(len(digits) == 11 and len(set(digits)) == 1 for digits in numbers)
