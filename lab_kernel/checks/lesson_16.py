"""What lesson 16, crash recovery, expects of its tasks: computed from Kafka's records and the letters' bytes, without Spark."""

import json
from collections import Counter

from lab_kernel import kafka
from lab_kernel.checks.registry import CannotCheck, Context, task

FIRST, LAST = 120, 220


def _payments() -> dict[int, dict]:
    """The payments of the topic by offset, as Kafka's own client reads them."""
    broker = kafka.running()
    if broker is None:
        raise CannotCheck("No Kafka is running. Next: run the lesson's first cells, then this one again.")
    return {record.offset: json.loads(record.value) for record in broker.read("payments")}


@task(
    "16-totals",
    hint="Adding to a row is not idempotent: the repeated batch is added twice. Keep the sums of each batch, with its number.",
)
def totals(context: Context) -> object:
    payments, cents = Counter(), Counter()
    for payment in _payments().values():
        payments[payment["account"]] += 1
        cents[payment["account"]] += payment["cents"]
    rows = [(account, payments[account], cents[account]) for account in payments]
    return context.spark.createDataFrame(rows, "account string, payments long, cents long")


@task("16-replay", hint="The end of a replay is exclusive: which number is the first one that you do not want?")
def replay(context: Context) -> int:
    return sum(payment["cents"] for offset, payment in _payments().items() if FIRST <= offset <= LAST)


@task("16-waiting", hint="The table keeps repaired letters, too. The offset of such a letter is in silver.payments_raw.")
def waiting(context: Context) -> dict[str, int]:
    letters = context.bronze("payments_dead").select("value").collect()
    return dict(Counter(filter(None, (_reason(letter.value) for letter in letters))))


def _reason(value: bytes | None) -> str | None:
    """Why a letter can still not be read, or None for the two kinds that the repair reads."""
    if value is None:
        return "no value"
    try:
        message = json.loads(bytes(value).decode("latin-1"))
    except ValueError:
        return "not JSON"
    return None if "account" in message else "no account"
