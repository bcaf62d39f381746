"""What lesson 20, landing zone, expects of its tasks: read from the files that arrived, with Python's JSON alone.

Invariant: of the lesson's tables only the paths of files are asked, so that an order that a table has lost or doubled is seen.
"""

import json
from collections import Counter
from datetime import datetime
from typing import Any

from lab_kernel.checks.registry import Context, task


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _order(text: str) -> dict[str, Any] | None:
    """A document as the till meant it; None for one that is not whole."""
    try:
        return json.loads(text)
    except ValueError:
        return None


def _received(context: Context) -> list[str]:
    """All documents that the lesson's till has sent."""
    from pyspark.sql import functions as F

    row = context.bronze("till_orders").select("file", "value").first()
    till = _order(row.value)["till"]
    files = context.spark.read.text(_folder(row.file), wholetext=True)
    return [found.value for found in files.where(F.col("value").contains(till)).collect()]


@task(
    "20-mended",
    hint="pick_up() returns two of the numbers. Nobody takes a document out of till_refused: it was received, and it was no JSON.",
    ordered=True,
)
def mended(context: Context) -> list[int]:
    orders = [_order(text) for text in _received(context)]
    known = Counter(order["order_id"] for order in orders if order)
    return [len(known), known.total() - len(known), orders.count(None)]


@task(
    "20-late",
    hint="Compare two times of one row: landing.arrived(name of its file) and placed_at of its document.",
)
def late(context: Context) -> set[str]:
    from lab_kernel import landing

    found = set()
    for row in context.bronze("till_orders").select("file", "value").collect():
        order = _order(row.value)
        waited = landing.arrived(row.file.rpartition("/")[2]) - datetime.fromisoformat(order["placed_at"])
        if waited.total_seconds() > 3600:
            found.add(order["order_id"])
    return found


@task(
    "20-generated",
    hint="Each line is an order, so without wholetext. Both runs share one checkpoint; to begin anew: lakehouse.reset.",
)
def generated(context: Context) -> Any:
    """Of all files up to the newest that the table knows: in a class, more have come since."""
    from pyspark.sql import functions as F

    newest = context.bronze("generated_orders").agg(F.max("file")).first()[0]
    if newest is None:
        raise LookupError("bronze.generated_orders has no rows yet, or none with the path of a file")
    lines = context.spark.read.text(_folder(newest)).where(F.col("_metadata.file_path") <= newest).select("value").collect()
    cities = Counter(_order(row.value)["city"] for row in lines)
    return context.spark.createDataFrame(list(cities.items()), "city STRING, orders BIGINT")
