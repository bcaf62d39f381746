"""What lesson 08, constraints and MERGE, expects of its tasks.

Invariant: computed in Python from the lines in bronze alone, so neither the student's tables nor
their MERGE can make a wrong answer right.
"""

from typing import Any

from lab_kernel.checks.registry import Context, task

EARLIER, LATE, NEWEST = (1, 2, 3), 2, 4


def _lines(context: Context) -> list[Any]:
    return context.bronze("products").collect()


def _faulty(line: Any) -> bool:
    return line.sku is None or line.price is None or line.price <= 0 or line.stock is None


@task(
    "08-balance",
    hint="A line without a stock is faulty, and no filter with stock >= 0 finds it. Count the copies among valid lines.",
)
def balance(context: Context) -> dict[str, int]:
    """Valid products, faulty lines and further copies in the newest list."""
    lines = [line for line in _lines(context) if line.day == NEWEST]
    valid = [line for line in lines if not _faulty(line)]
    return {
        "valid": len(set(valid)),
        "quarantined": len(lines) - len(valid),
        "duplicates": len(valid) - len(set(valid)),
    }


@task(
    "08-day-4",
    hint="Only rows that are new, or newer than what silver has, are changes. RESTORE the version before, and look at upsert().",
)
def day_4(context: Context) -> dict[str, int]:
    """Rows of the newest list that silver did not have after day 3, in any or in this form."""
    known: dict[str, Any] = {}
    lines = [line for line in _lines(context) if not _faulty(line)]
    for line in lines:
        if line.day in EARLIER:
            known[line.sku] = max(known.get(line.sku, line.changed_at), line.changed_at)
    newest = {line.sku: line.changed_at for line in lines if line.day == NEWEST}
    return {
        "inserted": len(newest.keys() - known.keys()),
        "updated": sum(sku in known and at > known[sku] for sku, at in newest.items()),
    }


@task(
    "08-brought-back",
    hint="Read numTargetRowsInserted of the MERGE: to MERGE, a product that was deleted is a new product.",
)
def brought_back(context: Context) -> int:
    """Valid products of the late list that the list after it does not have."""
    lines = _lines(context)
    late = {line.sku for line in lines if line.day == LATE and not _faulty(line)}
    return len(late - {line.sku for line in lines if line.day == LATE + 1})
