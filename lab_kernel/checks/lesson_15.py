"""What lesson 15, event time, expects of its tasks: computed from the landed files in plain Python, without Spark's windows."""

from datetime import datetime, timedelta
from itertools import groupby
from math import ceil

from lab_kernel.checks.registry import Context, task

VISIT_ENDS = timedelta(minutes=10)
LONG_VISIT = 5
PAY_WITHIN = timedelta(minutes=15)
JOIN_WAITS = timedelta(minutes=10)


def _landed(context: Context, name: str, schema: str) -> list:
    """The rows of a landing folder, in the order of their files."""
    rows = context.spark.read.schema(schema).json(context.lakehouse.landing(name))
    return rows.selectExpr("*", "_metadata.file_name AS file").orderBy("file").collect()


def _events(context: Context) -> list:
    return _landed(context, "app_events", "id int, customer int, at timestamp")


@task(
    "15-delay",
    hint="For each file take the newest event time of all earlier files; how far behind it is the file's oldest message?",
)
def delay(context: Context) -> int:
    newest, behind = datetime.min, timedelta(0)
    for _, file in groupby(_events(context), key=lambda row: row.file):
        times = [row.at for row in file]
        behind = max(behind, newest - min(times))
        newest = max(newest, *times)
    return ceil(behind.total_seconds() / 60)


@task(
    "15-visits",
    hint="Drop the second copy of each id first. Whose visit is it? A group needs the customer and session_window.",
)
def visits(context: Context) -> int:
    once = {row.id: row for row in _events(context)}
    long = 0
    for _, looks in groupby(sorted(once.values(), key=lambda row: (row.customer, row.at)), key=lambda row: row.customer):
        length, last = 0, None
        for look in looks:
            if last is not None and look.at - last > VISIT_ENDS:
                long += length >= LONG_VISIT
                length = 0
            length, last = length + 1, look.at
        long += length >= LONG_VISIT
    return long


@task(
    "15-unpaid",
    hint="A left outer join of the two streams, 15 minutes in its condition; keep the rows whose paid_at is empty.",
)
def unpaid(context: Context) -> object:
    orders = _landed(context, "app_orders", "order_id int, ordered_at timestamp")
    payments = _landed(context, "app_payments", "paid_for int, paid_at timestamp")
    slower = min(max(row.ordered_at for row in orders), max(row.paid_at for row in payments))
    paid_at = {row.paid_for: row.paid_at for row in payments}
    over = [
        (order.order_id, order.ordered_at)
        for order in orders
        if order.ordered_at + PAY_WITHIN < slower - JOIN_WAITS
        and not order.ordered_at <= paid_at.get(order.order_id, datetime.max) <= order.ordered_at + PAY_WITHIN
    ]
    return context.spark.createDataFrame(over, "order_id int, ordered_at timestamp")
