"""What lesson 01, bronze ingestion, expects of its tasks."""

from lab_kernel import datasets
from lab_kernel.checks.registry import Context, task


@task(
    "01-ids-in-two-files",
    hint="Group by id and count the distinct source_file. The same id twice in one file is another thing.",
)
def ids_in_two_files(context: Context) -> int:
    pairs = context.bronze("sales").select("id", "source_file").distinct()
    return pairs.groupBy("id").count().where("count > 1").count()


@task(
    "01-december",
    hint="Land the file, run ingest twice, then group bronze.flights by its source file and count.",
)
def december(context: Context) -> object:
    landed = context.spark.read.text(context.lakehouse.landing("flights"))
    names = landed.selectExpr("_metadata.file_name AS file").distinct().collect()
    months = {int(row.file.removesuffix(".csv")[-2:]) for row in names} | {12}
    rows = list(datasets.flights(months=months).rows_by_file.items())
    return context.spark.createDataFrame(rows, "file STRING, rows INT")


@task(
    "01-first-channel",
    hint="Try the versions one after the other, from 0; a DataFrame's columns are in .columns.",
)
def first_channel(context: Context) -> int:
    location = context.lakehouse.bronze("sales")
    for commit in context.history(location):
        reader = context.spark.read.option("versionAsOf", commit["version"])
        if "channel" in reader.format("delta").load(location).columns:
            return commit["version"]
    raise LookupError("bronze.sales has no column channel; run section 5")
