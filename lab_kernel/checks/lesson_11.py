"""What lesson 11, star schema, expects of its tasks.

Invariant: computed from the rows of the tables in Python, not with the window functions that the lesson teaches; the task that
changes the fact is judged by the fact's history too.
"""

from collections import Counter, defaultdict
from datetime import timedelta
from typing import Any

from lab_kernel.checks.registry import CannotCheck, Context, task

FACT = "fact_flights"
NOT_IN_LIST = -2
# What may change single rows of a table. Anything else writes all of it anew.
ROWWISE = {"MERGE", "UPDATE", "RESTORE", "OPTIMIZE"}

WRITTEN_ANEW = (
    "gold.fact_flights was written anew in version {version} ({operation}); restore version 0 and change only the rows concerned"
)
NOT_ONE = "gold.dim_plane has {count} rows for {tailnum}; one is asked for"


@task(
    "11-late-plane",
    hint="Two steps: insert the plane without a key, then look its key up and update the facts with its tail number. "
    "All other keys stay as they were.",
)
def late_plane(context: Context) -> Any:
    """Flights of each plane key as they were first written, those of the late plane under its new key."""
    location = context.lakehouse.gold(FACT)
    for commit in context.history(location)[1:]:
        if commit["operation"] not in ROWWISE:
            raise CannotCheck(WRITTEN_ANEW.format(**commit))
    first = context.spark.read.option("versionAsOf", 0).format("delta").load(location)
    counts = {(row.plane_key, row.tailnum): row["count"] for row in first.groupBy("plane_key", "tailnum").count().collect()}
    unknown = {tailnum: count for (key, tailnum), count in counts.items() if key == NOT_IN_LIST}
    late = min(unknown, key=lambda tailnum: (-unknown[tailnum], tailnum))
    members = [row.plane_key for row in context.gold("dim_plane").where(f"tailnum = '{late}'").select("plane_key").collect()]
    if len(members) != 1:
        raise CannotCheck(NOT_ONE.format(count=len(members), tailnum=late))
    flights: Counter = Counter()
    for (key, tailnum), count in counts.items():
        flights[members[0] if tailnum == late else key] += count
    return context.spark.createDataFrame(list(flights.items()), "plane_key BIGINT, flights BIGINT")


@task(
    "11-three-highest",
    hint="Count distinct carriers by origin and dest, then filter with QUALIFY. Which of the three functions gives equals the same "
    "number and leaves none out?",
)
def three_highest(context: Context) -> Any:
    """Destinations whose number of carriers is one of the three highest numbers of their origin."""
    carriers = defaultdict(set)
    for origin, dest, carrier in context.silver("flights").select("origin", "dest", "carrier").distinct().collect():
        carriers[origin, dest].add(carrier)
    numbers = defaultdict(set)
    for (origin, _), names in carriers.items():
        numbers[origin].add(len(names))
    rows = [(origin, dest, len(names)) for (origin, dest), names in carriers.items() if len(names) in sorted(numbers[origin])[-3:]]
    return context.spark.createDataFrame(rows, "origin STRING, dest STRING, carriers BIGINT")


@task(
    "11-tours",
    hint="One row for each aircraft and day first. A day begins a tour if the day before it is not there; count the beginnings.",
)
def tours(context: Context) -> int:
    """Days on which an aircraft leaves and had not left the day before."""
    days = defaultdict(set)
    rows = context.silver("flights").where("tailnum IS NOT NULL").selectExpr("tailnum", "date(scheduled) AS date")
    for tailnum, date in rows.distinct().collect():
        days[tailnum].add(date)
    return sum(date - timedelta(days=1) not in dates for dates in days.values() for date in dates)
