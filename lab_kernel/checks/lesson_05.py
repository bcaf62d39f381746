"""Tasks of the streaming lesson: computed from the two tables that its streams have written."""

from typing import Any

from lab_kernel.checks.registry import Context, task

NAME = "flights_live"
SCHEMA = "scheduled timestamp, origin string"


def _flights(context: Context) -> Any:
    """Every flight of the bronze table, parsed."""
    from pyspark.sql import functions as F

    event = F.from_json("value", SCHEMA).alias("event")
    return context.bronze(NAME).select(event).select("event.*")


@task(
    "05-lost-flights",
    hint="Leave out the hours that gold has not finished: keep flights whose hour is not after gold's newest hour.",
)
def lost_flights(context: Context) -> Any:
    """Flights of finished hours that bronze has and gold has not, for each airport."""
    from pyspark.sql import functions as F

    gold = context.gold(NAME)
    newest = gold.agg(F.max("hour")).first()[0]
    finished = _flights(context).where(F.date_trunc("hour", "scheduled") <= F.lit(newest))
    received = {row.origin: row["count"] for row in finished.groupBy("origin").count().collect()}
    counted = {row.origin: row[1] for row in gold.groupBy("origin").agg(F.sum("flights")).collect()}
    return {origin: number - counted.get(origin, 0) for origin, number in received.items()}


@task(
    "05-without-memory",
    hint="Each checkpoint starts at the topic's first offset: how often does each record arrive in the table?",
)
def without_memory(context: Context) -> int:
    """A copy under each of two checkpoints: every record of the topic twice."""
    return 2 * context.bronze(NAME).count()


@task(
    "05-busiest-window",
    hint="Two groupings at once, the sliding window and origin; late messages count, the bronze table has them.",
)
def busiest_window(context: Context) -> int:
    """Flights in the fullest two hours of one airport, windows beginning at every full hour."""
    from pyspark.sql import functions as F

    window = F.window("scheduled", "2 hours", "1 hour")
    counts = _flights(context).groupBy(window, "origin").count()
    return counts.agg(F.max("count")).first()[0]
