"""What lesson 09, slowly changing dimensions, expects of its tasks.

Invariant: replayed in Python from the delivered changes in bronze, in the order of the days since when
they are true; the type 2 table that the lesson builds is never read.
"""

import bisect
import datetime
from collections import Counter
from decimal import Decimal
from typing import Any

from lab_kernel.checks.registry import Context, task

LATE, NEWEST = 4, 5


class Homes:
    """Where each customer lives from which day on; None once somebody has left."""

    def __init__(self, changes: list[Any], last_delivery: int) -> None:
        self._places: dict[str, dict[datetime.date, str | None]] = {}
        for row in changes:
            if row.delivery <= last_delivery:
                place = None if row.has_left else row.region
                self._places.setdefault(row.customer, {})[row.since] = place

    def customers(self) -> list[str]:
        return list(self._places)

    def on(self, customer: str, day: datetime.date) -> str | None:
        """The region of a customer on a day; None before the first one and after the end."""
        places = self._places.get(customer, {})
        days = sorted(places)
        begun = bisect.bisect_right(days, day)
        return places[days[begun - 1]] if begun else None


def _changes(context: Context) -> list[Any]:
    return context.bronze("customer_changes").collect()


@task(
    "09-on-that-day",
    hint="One row for each customer: valid_from <= that_day and that_day < valid_to, then group by region.",
)
def on_that_day(context: Context) -> Any:
    """Customers by region on the day of the earliest change of the late delivery."""
    changes = _changes(context)
    day = min(row.since for row in changes if row.delivery == LATE)
    homes = Homes(changes, LATE)
    counted = Counter(homes.on(customer, day) for customer in homes.customers())
    rows = [(region, count) for region, count in counted.items() if region is not None]
    return context.spark.createDataFrame(rows, "region STRING, customers INT")


@task(
    "09-restated",
    hint="Join each sale with both versions, by its day; sum the amounts of sales whose two regions differ.",
)
def restated(context: Context) -> Decimal:
    """Revenue whose region on the day of the sale is another one since the late delivery."""
    changes = _changes(context)
    before, after = Homes(changes, LATE - 1), Homes(changes, LATE)
    return sum(
        (
            sale.amount
            for sale in context.silver("customer_sales").collect()
            if before.on(sale.customer, sale.day) != after.on(sale.customer, sale.day)
        ),
        Decimal(0),
    )


@task(
    "09-delivery-5",
    hint="Changes that the table has already must not be staged, and a late change hits the row of its day, not the current row.",
)
def delivery_5(context: Context) -> dict[str, int]:
    """Rows that the newest delivery ends and adds in a table that has all earlier ones."""
    changes = _changes(context)
    homes = Homes(changes, NEWEST - 1)
    ended = added = 0
    for row in changes:
        if row.delivery != NEWEST:
            continue
        known = homes.on(row.customer, row.since)
        differs = row.has_left or known != row.region
        ended += known is not None and differs
        added += not row.has_left and differs
    return {"updated": ended, "inserted": added}
