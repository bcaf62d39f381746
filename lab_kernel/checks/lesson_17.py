"""Tasks of the lesson on the life of a model: computed from gold tables, their history and the registry."""

import json
from typing import Any

from lab_kernel.checks.registry import Context, task

NAME = "delay-lifecycle"
REFUSED = "2"
NO_SCORES = "gold.morning_scores has no row of version {version}; score the later month with it first"


@task(
    "17-knows-the-future",
    hint="Join both tables by flight_key for the flights of that one morning, and compare column by column with <=>.",
)
def knows_the_future(context: Context) -> set[str]:
    """Columns whose values on that morning are not those that the finished month gives."""
    from pyspark.sql import functions as F

    then = context.gold("candidates_that_morning")
    day = F.col("day") == F.lit(then.agg(F.min("day")).first()[0])
    rows_then, rows_today = (
        {row.flight_key: row.asDict() for row in table.where(day).collect()} for table in (then, context.gold("candidates_today"))
    )
    columns = [name for name in then.columns if name not in ("flight_key", "day")]
    return {name for name in columns for key, row in rows_then.items() if row[name] != rows_today[key][name]}


@task(
    "17-learned-wrongly",
    hint="client.get_model_version(name, 2).run_id leads to inputs and params; read that version of the table, join by flight_key.",
)
def learned_wrongly(context: Context) -> int:
    """Rows whose answer differs between the version that version 2 was trained on and the newest one."""
    from mlflow import MlflowClient

    client = MlflowClient()
    run = client.get_run(client.get_model_version(NAME, REFUSED).run_id)
    version = json.loads(run.inputs.dataset_inputs[0].dataset.source)["delta_table_version"]
    location = context.lakehouse.gold("morning_features")
    used = context.spark.read.format("delta").option("versionAsOf", version).load(location)
    months, below = json.loads(run.data.params["train_months"]), run.data.params["sample_below"]
    used = used.where(f"sample < {below} AND late IS NOT NULL").where(used.month.isin(months))
    return used.select("flight_key", "late").exceptAll(context.gold("morning_features").select("flight_key", "late")).count()


@task(
    "17-side-by-side",
    hint="A UDF of type array<double>, its element [1]; replaceWhere keeps the other version's rows; then sum by model_version.",
)
def side_by_side(context: Context) -> dict[int, float]:
    """The sum of the probabilities of both versions, from the models themselves and not from what was written."""
    import mlflow

    client = mlflow.MlflowClient()
    versions = [1, int(client.get_model_version_by_alias(NAME, "champion").version)]
    there = context.gold("morning_scores").groupBy("model_version", "month").count().collect()
    for version in versions:
        if version not in {row.model_version for row in there}:
            raise LookupError(NO_SCORES.format(version=version))
    (month,) = {row.month for row in there}
    flights = context.gold("morning_features").where(f"month = {month}").toPandas()
    return {version: _expected_late(mlflow.sklearn.load_model(f"models:/{NAME}/{version}"), flights) for version in versions}


def _expected_late(model: Any, flights: Any) -> float:
    return float(model.predict_proba(flights[list(model.feature_names_in_)])[:, 1].sum())
