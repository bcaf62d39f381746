"""What lesson 14, skew and partitioning, expects: from the tables it wrote and from what Spark remembers of the runs."""

from typing import Any

from lab_kernel.checks.registry import Context, task
from lab_kernel.plan import history

SALTS = 32
# Far below every answer: any is too high.
NOTHING_FITS = -(10**9)


@task("14-frequent-key", hint="Group by shop, count, sort by the count from the top. The answer is the shop, not the count.")
def frequent_key(context: Context) -> int:
    return context.silver("sales_by_month").selectExpr("mode(shop)").first()[0]


@task(
    "14-salt-one-key",
    hint="The newest run must join every sale once, read one row for each other shop and 32 for the web shop, and its largest task "
    "less than half of all rows. The salt of the other shops is 0 on both sides: F.when(...).otherwise(0), and "
    "F.explode(F.when(...).otherwise(F.array(F.lit(0)))).",
)
def salt_one_key(context: Context) -> int:
    """The largest task of the newest join that spread the one key, lost nothing and copied nothing else."""
    sales = context.silver("sales_by_month")
    rows, shops = sales.count(), sales.select("shop").distinct().count()
    for run in history.runs(context.spark):
        if not any(join.rows == rows for join in run.named("SortMergeJoin")):
            continue
        reads = history.rows_read(context.spark, run.stages[-1])
        if sum(reads) == rows + shops - 1 + SALTS and max(reads) < rows / 2:
            return max(reads)
    return NOTHING_FITS


@task(
    "14-tidy-files",
    hint="All rows of a shop have to be in one task before the write: repartition by the column, then partitionBy. Write with "
    'mode("overwrite") if the table is there already.',
)
def tidy_files(context: Context) -> Any:
    """One file for each shop, if the table's newest commit was one whole write of the same rows."""
    sales, location = context.silver("sales_by_month"), context.lakehouse.silver("sales_tidy")
    if not context.lakehouse.exists(location):
        return NOTHING_FITS
    shops = sales.select("shop").distinct().count()
    detail = context.spark.sql(f"DESCRIBE DETAIL delta.`{location}`").first()
    metrics = context.history(location)[-1]["operationMetrics"]
    whole = int(metrics.get("numOutputRows", 0)) == sales.count()
    same = context.silver("sales_tidy").selectExpr("sum(amount)").first()[0]
    close = abs(same - sales.selectExpr("sum(amount)").first()[0]) < 0.01
    tidy = list(detail.partitionColumns) == ["shop"] and detail.numFiles == shops
    return shops if whole and close and tidy else NOTHING_FITS
