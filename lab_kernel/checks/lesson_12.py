"""What lesson 12, table maintenance, expects of its tasks.

Invariant: computed from the landed flights, from the log's own entries and from the files in a table's folder; no query plan and no
time travel is used, because those are what the student is to use.
"""

import json
from typing import Any

from lab_kernel.checks.registry import CannotCheck, Context, task

LOST_ROWS = "gold.forgotten has {found} rows, but {wanted} should have stayed; make the table again and delete only the aircraft's"
NO_LAYOUT = "gold.departures has no version with its rows in an order; run section 3"


@task(
    "12-forgotten",
    hint="Three commands. After the first the rows are still in the files that count, after the second still in the folder.",
)
def forgotten(context: Context) -> int:
    """Rows that stay: all departures with a tail number but those of the busiest aircraft."""
    flights = _landed(context)
    wanted = flights.where(f"tailnum <> '{_busiest(flights)}'").count()
    found = context.gold("forgotten").count()
    if found not in (wanted, flights.count()):
        raise CannotCheck(LOST_ROWS.format(found=found, wanted=wanted))
    return wanted


@task(
    "12-readable",
    hint="Try all of them. A version can be read as long as each of its files is in the folder.",
)
def readable(context: Context) -> int:
    """Versions whose files are all in the folder, by replaying the log."""
    location = context.lakehouse.gold("erasable")
    files = context.spark.read.format("binaryFile").option("pathGlobFilter", "*.parquet").load(location)
    there = {row.path.rsplit("/", 1)[-1] for row in files.select("path").collect()}
    alive: set[str] = set()
    count = 0
    for _, actions in sorted(_log(context, location).items()):
        # A file may be removed and added in one commit, with another deletion vector.
        alive -= {action["remove"]["path"] for action in actions if "remove" in action}
        alive |= {action["add"]["path"] for action in actions if "add" in action}
        count += alive <= there
    return count


@task(
    "12-left-out",
    hint="plan(query).scans[0] knows how many files are read; the others of that version are left out.",
)
def left_out(context: Context) -> int:
    """Files of the Z-ordered version whose smallest and largest values exclude the aircraft or the day."""
    log = _log(context, context.lakehouse.gold("departures"))
    layouts = [version for version, actions in log.items() if _operation(actions) in ("WRITE", "CREATE OR REPLACE TABLE AS SELECT")]
    stats = [json.loads(action["add"]["stats"]) for action in log[max(layouts, default=0)] if "add" in action]
    if not layouts or len(stats) < 2:
        raise CannotCheck(NO_LAYOUT)
    flights = _landed(context)
    tail = _busiest(flights)
    day = flights.selectExpr("concat(year, '-', lpad(month, 2, '0'), '-15')").first()[0]
    read = sum(_within(one, "tailnum", tail) and _within(one, "date", day) for one in stats)
    return len(stats) - read


def _landed(context: Context) -> Any:
    """The month's departures as they were received, those with a tail number."""
    landed = context.lakehouse.landing("flights")
    return context.spark.read.csv(landed, header=True, nullValue="NA").where("tailnum IS NOT NULL")


def _busiest(flights: Any) -> str:
    counts = {row.tailnum: row["count"] for row in flights.groupBy("tailnum").count().collect()}
    return min(counts, key=lambda tailnum: (-counts[tailnum], tailnum))


def _log(context: Context, location: str) -> dict[int, list[dict[str, Any]]]:
    """The actions of each commit of a table, by version."""
    lines = context.spark.read.text(location + "/_delta_log/*.json").selectExpr("_metadata.file_name AS file", "value")
    commits: dict[int, list[dict[str, Any]]] = {}
    for row in lines.collect():
        commits.setdefault(int(row.file.split(".")[0]), []).append(json.loads(row.value))
    return commits


def _operation(actions: list[dict[str, Any]]) -> str:
    return next((action["commitInfo"]["operation"] for action in actions if "commitInfo" in action), "")


def _within(stats: dict[str, Any], column: str, value: str) -> bool:
    return stats["minValues"][column] <= value <= stats["maxValues"][column]
