"""What lesson 07, schema drift, expects of its tasks: read from the landed pages with Python's JSON alone.

Invariant: no table and no VARIANT is asked, so that a value that the lesson's table has lost or doubled is seen.
"""

import json
from collections.abc import Iterator
from typing import Any

from lab_kernel.checks.registry import Context, task

NAME = "orders"
TEXTS, INTS, MONEY = {"id", "customer", "city"}, {"number", "quantity"}, "amount"


def _orders(context: Context) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each landed order with its day."""
    pages = context.spark.read.option("wholetext", True).text(context.lakehouse.landing(NAME))
    for row in pages.selectExpr("_metadata.file_name AS file", "value").collect():
        day = int(row.file.split("-")[1])
        for order in json.loads(row.value)["orders"]:
            yield day, order


def _rescued(context: Context) -> Iterator[tuple[int, str]]:
    """Day and field of each value that the contract has no place for."""
    for day, order in _orders(context):
        for field, value in order.items():
            if value is not None and not _fits(field, value):
                yield day, field


def _fits(field: str, value: Any) -> bool:
    if field in INTS:
        return isinstance(value, int) and -(2**31) <= value < 2**31
    return field in TEXTS or field == MONEY


@task(
    "07-drift-report",
    hint="variant_explode gives one row for each field of an order; a value that does not fit its column is rescued too.",
)
def drift_report(context: Context) -> Any:
    days: dict[str, list[int]] = {}
    for day, field in _rescued(context):
        days.setdefault(field, []).append(day)
    rows = [(field, min(found), len(found)) for field, found in days.items()]
    return context.spark.createDataFrame(rows, "field STRING, first_day INT, orders BIGINT")


@task(
    "07-boxes",
    hint="Some quantities are in their column, the others are texts in rescued; split_part(…, ' ', 1) is the number of boxes.",
)
def boxes(context: Context) -> int:
    return sum(int(str(order["quantity"]).split()[0]) for _, order in _orders(context))


@task(
    "07-promote",
    hint="Together the numbers are all values that were rescued before. A map without a field: map_filter(m, (k, v) -> k <> …).",
    ordered=True,
)
def promote(context: Context) -> list[int]:
    fields = [field for _, field in _rescued(context)]
    moved = fields.count("channel")
    return [moved, len(fields) - moved]
