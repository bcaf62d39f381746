"""What lesson 10, change data feed, expects of its tasks.

Invariant: what can be seen by comparing versions of silver is computed from versions of silver, in
Python; only what needs each single step is computed from the feed.
"""

from collections import Counter
from decimal import Decimal
from typing import Any

from lab_kernel.checks.registry import Context, task

SALES, GOLD = "shop_sales", "revenue"
SWITCH = "delta.enableChangeDataFeed"
REWRITTEN = "the newest commit of gold.revenue is {operation}: bring it up to date with a MERGE of changes"


def _switched_on(context: Context) -> int:
    """The version in which the feed of silver was switched on."""
    for commit in context.history(context.lakehouse.silver(SALES)):
        if SWITCH in str(commit["operationParameters"].get("properties", "")):
            return commit["version"]
    raise LookupError("the feed of silver.shop_sales is not switched on; run section 1")


def _reader(context: Context) -> Any:
    return context.spark.read.format("delta")


@task(
    "10-region-corrected",
    hint="Join update_preimage with update_postimage by id and _commit_version, and compare the two regions.",
)
def region_corrected(context: Context) -> int:
    """Updates in the feed whose row after has another region than the row before."""
    changes = _reader(context).option("readChangeFeed", True)
    changes = changes.option("startingVersion", _switched_on(context) + 1)
    regions: dict[tuple[int, str], set[str]] = {}
    for row in changes.load(context.lakehouse.silver(SALES)).collect():
        if row._change_type.startswith("update"):
            regions.setdefault((row._commit_version, row.id), set()).add(row.region)
    return sum(len(found) == 2 for found in regions.values())


@task(
    "10-net",
    hint="A full outer join of two versions by id: only in the new one, only in the old one, in both and different.",
)
def net(context: Context) -> dict[str, int]:
    """Sales added, gone and different between the switch and today."""
    location = context.lakehouse.silver(SALES)
    reader = _reader(context).option("versionAsOf", _switched_on(context))
    old = {row.id: row for row in reader.load(location).collect()}
    new = {row.id: row for row in context.silver(SALES).collect()}
    return {
        "added": len(new.keys() - old.keys()),
        "gone": len(old.keys() - new.keys()),
        "different": sum(new[id] != old[id] for id in new.keys() & old.keys()),
    }


@task(
    "10-gold-up-to-date",
    hint="add_once() takes the changes that a group has not seen; it does not matter if you give it more.",
)
def gold_up_to_date(context: Context) -> Any:
    """Sales and revenue by region and category, from silver; gold must have got there by a MERGE."""
    operation = context.history(context.lakehouse.gold(GOLD))[-1]["operation"]
    if operation != "MERGE":
        raise LookupError(REWRITTEN.format(operation=operation))
    sales: Counter[tuple[str, str]] = Counter()
    revenue: dict[tuple[str, str], Decimal] = {}
    for row in context.silver(SALES).collect():
        group = (row.region, row.category)
        sales[group] += 1
        revenue[group] = revenue.get(group, Decimal(0)) + row.amount
    rows = [(*group, sales[group], revenue[group]) for group in sales]
    schema = "region STRING, category STRING, sales LONG, revenue DECIMAL(18,2)"
    return context.spark.createDataFrame(rows, schema)
