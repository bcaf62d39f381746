"""Looks at silver.payments, gold.totals_by_shop and the stream's checkpoint.

Each check looks at one thing only, and forgives what another one looks at, so that a student reads what is wrong and not what
follows from it.
"""

from collections import Counter
from decimal import Decimal

from exercises.checks import CheckFailed, check, repeated, some

CENT = Decimal("0.01")


def ids(result):
    return result.table("silver", "payments").values("id")


@check("the columns and their types", points=2)
def types(result):
    result.table("silver", "payments").must_have(id="string", shop="string", at="timestamp", amount="decimal(10,2)")
    totals = result.table("gold", "totals_by_shop")
    totals.must_have(shop="string", payments="long|integer")
    total = totals.types.get("total", "missing")
    if not (total.startswith("decimal") and total.endswith(",2)")):
        raise CheckFailed(f"gold.totals_by_shop: the column total should be a decimal with two places, and is {total}.")


@check("no payment is lost", points=5)
def lost(result):
    missing = set(result.facts["ids"]) - set(ids(result))
    if missing:
        raise CheckFailed(f"{len(missing)} payments are not in silver.payments, such as {some(missing)}.")


@check("the stream remembers", points=4)
def remembers(result):
    stream = result.stream("payments")
    if stream.planned != stream.committed:
        raise CheckFailed("The stream has begun a batch and has not finished it.")
    if len(stream.committed) != result.facts["batches"]:
        raise CheckFailed(
            f"The checkpoint knows {len(stream.committed)} batches; {result.facts['batches']} files came, one in each batch. "
            "A stream that remembers has one checkpoint from the first evening to the last."
        )


@check("each payment once", points=5, visible=False, message="Some payments are in silver.payments more than once.")
def once(result):
    found = ids(result)
    twice = repeated(found)
    if not found:
        raise CheckFailed("silver.payments is empty.")
    if twice:
        raise CheckFailed(f"{len(twice)} payments are in silver.payments more than once, such as {some(twice)}.")


@check("the totals", points=4, visible=False, message="gold.totals_by_shop does not have the right totals.")
def totals(result):
    table = result.table("gold", "totals_by_shop")
    shops = table.values("shop")
    if repeated(shops):
        raise CheckFailed(f"gold.totals_by_shop has several rows for {some(repeated(shops))}.")
    found = {row["shop"]: (row["payments"], cents(row["total"])) for row in table.rows()}
    right = {shop: (count, cents(total)) for shop, (count, total) in result.facts["totals"].items()}
    # What is wrong in silver.payments is wrong here too; that is another check's matter.
    if found not in (right, added_up(result)):
        wrong = [shop for shop in right if found.get(shop) != right[shop]]
        raise CheckFailed(f"The totals of {len(wrong)} shops are not right, such as {some(wrong)}.")


def added_up(result):
    """The totals of the payments that are there."""
    counts, sums = Counter(), Counter()
    for row in result.table("silver", "payments").rows():
        counts[row["shop"]] += 1
        sums[row["shop"]] += row["amount"]
    return {shop: (counts[shop], cents(sums[shop])) for shop in counts}


def cents(amount):
    return None if amount is None else Decimal(str(amount)).quantize(CENT)
