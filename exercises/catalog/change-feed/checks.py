"""Looks at gold.orders_by_shop, a group of shops at a time.

Each group has shops with changes of one kind; `facts` has the groups and each shop's figures. The history of gold is read as it was
left: it tells how honest work was done. What proves that the feed was read is that gold knows what silver does not.
"""

from decimal import Decimal

from exercises.checks import CheckFailed, check, repeated, some

COLUMNS = {
    "shop": "string",
    "orders": "long|integer",
    "corrected": "long|integer",
    "cancelled": "long|integer",
    "upto": "long|integer",
}


def rows(result):
    """The row of each shop; of several any, because whether there are several is a check of its own."""
    table = result.table("gold", "orders_by_shop")
    table.must_have(**COLUMNS)
    found = {row["shop"]: row for row in table.rows()}
    if not found or table.version < 1:
        raise CheckFailed("gold.orders_by_shop is as it was before the first evening.")
    return found


def wrong(result, group):
    """The shops of a group that have another number of orders, or another revenue. Who has no row is another check's matter."""
    found, wanted = rows(result), result.facts["rows"]
    there = [shop for shop in group if shop in found]
    if not there:
        raise CheckFailed("gold.orders_by_shop has none of the shops that this check looks at.")
    return [
        shop
        for shop in there
        if (found[shop]["orders"], money(found[shop]["revenue"])) != (wanted[shop][0], money(wanted[shop][1]))
    ]


def money(amount):
    return None if amount is None else Decimal(str(amount)).quantize(Decimal("0.01"))


@check("each shop has one row", points=3)
def shops(result):
    names = result.table("gold", "orders_by_shop").values("shop")
    if repeated(names):
        raise CheckFailed(f"{len(repeated(names))} shops have more than one row, such as {some(repeated(names))}.")
    missing = set(result.facts["rows"]) - set(names)
    if missing:
        raise CheckFailed(f"{len(missing)} shops have, or had, orders and no row, such as {some(missing)}.")


@check("new orders", points=2)
def new_orders(result):
    new = result.facts["new"]
    found = wrong(result, new + result.facts["quiet"]) + [shop for shop in new if shop not in rows(result)]
    if found:
        raise CheckFailed(f"{len(found)} shops that are new, or without any change, have wrong figures, such as {some(found)}.")


@check("gold knows where it stopped", points=2)
def upto(result):
    seen = [row["upto"] for row in rows(result).values() if row["upto"] is not None]
    newest = result.table("silver", "orders").version
    if not seen or max(seen) != newest:
        raise CheckFailed(
            f"The newest version of silver.orders is {newest}; the largest upto in gold is {max(seen, default=None)}."
        )


@check("gold is not computed anew", points=1)
def not_anew(result):
    table = result.table("gold", "orders_by_shop")
    if table.version < 1:
        raise CheckFailed("gold.orders_by_shop is as it was before the first evening.")
    for commit in table.history()[1:]:
        told, how = str(commit.get("operation")), commit.get("operationParameters")
        how = how if isinstance(how, dict) else {}
        # With a predicate only the rows are replaced for which it holds.
        whole = how.get("mode") == "Overwrite" and not how.get("predicate")
        if "REPLACE" in told.upper() or whole:
            raise CheckFailed(f"Version {commit['version']} of gold.orders_by_shop has written the whole table ({told[:40]}).")


@check(
    "a correction takes the old amount away",
    points=3,
    visible=False,
    message="Corrected orders do not count with their new amount alone.",
)
def corrected(result):
    found = wrong(result, result.facts["corrected"])
    if found:
        raise CheckFailed(f"In {len(found)} shops corrected orders do not count with their new amount alone.")


@check("an order may move", points=2, visible=False, message="Orders that moved to another shop are not where they belong.")
def moved(result):
    found = wrong(result, result.facts["moved"])
    if found:
        raise CheckFailed(f"{len(found)} shops from or to which orders have moved have wrong figures.")


@check("cancelled orders", points=2, visible=False, message="Cancelled orders still count.")
def cancelled(result):
    found = wrong(result, result.facts["cancelled"] + result.facts["emptied"])
    if found:
        raise CheckFailed(f"In {len(found)} shops cancelled orders still count, or count wrongly.")


@check("each change once", points=3, visible=False, message="Changes were counted twice, or not at all.")
def once(result):
    found = wrong(result, result.facts["grown"])
    if found:
        raise CheckFailed(f"{len(found)} shops that had new orders in several versions have wrong figures: a change counts once.")


@check("what only the feed tells", points=2, visible=False, message="The numbers of corrected and cancelled orders are not right.")
def told(result):
    found, wanted = rows(result), result.facts["rows"]
    groups = ("corrected", "moved", "cancelled", "quiet")
    there = [shop for group in groups for shop in result.facts[group] if shop in found]
    bad = [shop for shop in there if [found[shop]["corrected"], found[shop]["cancelled"]] != wanted[shop][2:]]
    if bad or not there:
        raise CheckFailed(f"In {len(bad)} shops the numbers of corrected and cancelled orders are not what the feed tells.")
