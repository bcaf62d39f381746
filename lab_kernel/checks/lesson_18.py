"""What lesson 18, tested pipelines, expects of its tasks.

Invariant: plain Python on collected rows and landed files; neither the lesson's modules nor pandera are asked.
"""

import csv
import io
from collections import Counter, defaultdict
from datetime import datetime
from zoneinfo import ZoneInfo

from lab_kernel.checks.registry import Context, task

NEW_YORK = ZoneInfo("America/New_York")
LATE_MINUTES = 15
ORIGINS = ("EWR", "JFK", "LGA")
KEY = ("time_hour", "carrier", "flight", "origin")

NOT_LOADED = "gold.departures_daily has no commit of {delivery}: run the step for it and load its result"
LOADED_ONCE = "gold.departures_daily has one commit of {delivery}: load its result once more"


@task(
    "18-late-share",
    hint="Try 14, 15, 16 and NULL: the first is on time, the next two are late, the last one is in neither number.",
)
def late_share(context: Context) -> object:
    rows = context.silver("departures").selectExpr("unix_seconds(scheduled) AS at", "dep_delay")
    delays = defaultdict(list)
    for row in rows.collect():
        if row.dep_delay is not None:
            delays[datetime.fromtimestamp(row.at, NEW_YORK).date()].append(row.dep_delay)
    shares = [(day, sum(delay >= LATE_MINUTES for delay in left) / len(left)) for day, left in delays.items()]
    return context.spark.createDataFrame(shares, "local_day DATE, late_share DOUBLE")


@task(
    "18-broken-rows",
    hint="failure_cases has a line for each failure; its column index says which row of the delivery it was.",
)
def broken_rows(context: Context) -> int:
    rows = _landed(context, "second.csv")
    keys = Counter(tuple(row[name] for name in KEY) for row in rows)
    return sum(_broken(row) or keys[tuple(row[name] for name in KEY)] > 1 for row in rows)


@task(
    "18-run-twice",
    hint="load replaces what a delivery has brought before; sum the flights of this delivery only.",
)
def run_twice(context: Context) -> int:
    """The flights of the delivery that was loaded last, counted in its file."""
    history = context.history(context.lakehouse.gold("departures_daily"))
    loaded = [commit["userMetadata"] for commit in history if commit["userMetadata"]]
    done = Counter(loaded)
    waiting = [name for name in _files(context) if name.startswith("departures-") and done[name.removesuffix(".csv")] == 0]
    if waiting:
        raise LookupError(NOT_LOADED.format(delivery=waiting[0]))
    if done[loaded[-1]] < 2:
        raise LookupError(LOADED_ONCE.format(delivery=loaded[-1]))
    return len(_landed(context, f"{loaded[-1]}.csv"))


def _broken(row: dict[str, str]) -> bool:
    """Whether a row breaks a rule that can be seen in it alone."""
    delay = row["dep_delay"]
    return (
        len(row["carrier"]) != 2
        or int(row["flight"]) <= 0
        or row["origin"] not in ORIGINS
        or len(row["dest"]) != 3
        or (delay != "NA" and not -60 <= float(delay) <= 1800)
    )


def _files(context: Context) -> list[str]:
    landed = context.spark.read.text(context.lakehouse.landing("departures"))
    return [row.file for row in landed.selectExpr("_metadata.file_name AS file").distinct().collect()]


def _landed(context: Context, name: str) -> list[dict[str, str]]:
    """The rows of a landed file, as texts."""
    location = f"{context.lakehouse.landing('departures')}/{name}"
    lines = [row.value for row in context.spark.read.text(location, wholetext=True).collect()]
    return list(csv.DictReader(io.StringIO(lines[0])))
