"""Tasks of the MLflow lesson: computed from the runs and from the two gold tables."""

from typing import Any

from lab_kernel.checks.registry import Context, task

EXPERIMENT = "flight-delays"
TOP = 1000
LATE = 0.5


@task(
    "04-best-honest-run",
    hint="filter_string=\"tags.honest = 'true'\" with order_by=[\"metrics.auc DESC\"]; the name is tags.mlflow.runName.",
)
def best_honest_run(context: Context) -> str:
    """The name of the run with the highest AUC among those tagged honest."""
    import mlflow

    found = mlflow.search_runs(
        experiment_names=[EXPERIMENT], filter_string="tags.honest = 'true'", order_by=["metrics.auc DESC"], max_results=1
    )
    return found["tags.mlflow.runName"].iloc[0]


@task(
    "04-top-thousand",
    hint="Order version 1 by probability (descending) and flight_key, limit, join with delay_features, average late.",
)
def top_thousand(context: Context) -> float:
    """The share of late flights among those that version 1 thought likeliest to be late."""
    first = context.gold("delay_predictions").where("model_version = 1")
    chosen = first.orderBy(first.probability.desc(), "flight_key").limit(TOP)
    joined = chosen.join(context.gold("delay_features"), "flight_key")
    return joined.agg({"late": "avg"}).first()[0]


@task(
    "04-changed-minds",
    hint="Join the two versions by flight_key: (a.probability >= 0.5) <> (b.probability >= 0.5).",
)
def changed_minds(context: Context) -> int:
    """Flights that version 1 calls late and version 2 not, or the other way round."""
    scored = _second_scoring(context)
    one = scored.where("model_version = 1").selectExpr("flight_key", f"probability >= {LATE} as late_by_one")
    two = scored.where("model_version = 2").selectExpr("flight_key", f"probability >= {LATE} as late_by_two")
    return one.join(two, "flight_key").where("late_by_one <> late_by_two").count()


def _second_scoring(context: Context) -> Any:
    """The predictions as they were after both versions had scored."""
    location = context.lakehouse.gold("delay_predictions")
    return context.spark.read.format("delta").option("versionAsOf", 1).load(location)
