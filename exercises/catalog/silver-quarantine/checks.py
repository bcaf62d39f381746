"""Looks at silver.sales and silver.sales_quarantine.

Each check looks at one thing only, and forgives what another one looks at, so that a student reads what is wrong and not what
follows from it.
"""

from collections import Counter
from decimal import Decimal

from exercises.checks import CheckFailed, check, repeated, some


@check("the columns and their types", points=3)
def types(result):
    sales = result.table("silver", "sales")
    sales.must_have(id="string", date="date", amount="decimal(12,2)", quantity="integer|long", region="string")
    result.table("silver", "sales_quarantine").must_have(id="string", amount="decimal(12,2)|double", reasons="array<string>")


@check("no sale is lost", points=4)
def lost(result):
    kept = set(result.table("silver", "sales").values("id")) | set(result.table("silver", "sales_quarantine").values("id"))
    missing = set(result.facts["received"]) - kept
    if missing:
        raise CheckFailed(f"{len(missing)} received sales are in neither table, such as {some(missing)}.")


@check("only good rows in silver", points=3, visible=False, message="There are rows in silver.sales that cannot be trusted.")
def good(result):
    bad = set(result.table("silver", "sales").values("id")) & set(result.facts["reasons"])
    if bad:
        found = Counter(reason for id in bad for reason in result.facts["reasons"][id])
        raise CheckFailed(f"{len(bad)} rows in silver.sales cannot be trusted ({', '.join(sorted(found))}).")


@check("each sale once", points=3, visible=False, message="Some sales are in silver.sales more than once.")
def once(result):
    twice = repeated(result.table("silver", "sales").values("id"))
    if twice:
        raise CheckFailed(f"{len(twice)} sales are in silver.sales more than once, such as {some(twice)}.")


@check("the money", points=3, visible=False, message="The amounts of the good sales do not add up.")
def money(result):
    amounts = {row["id"]: row["amount"] for row in result.table("silver", "sales").rows()}
    found = [amounts.get(id) for id in result.facts["valid"]]
    empty = sum(amount is None for amount in found)
    if empty:
        raise CheckFailed(f"{empty} good sales have no amount in silver.sales.")
    # A double has no cents; whether it should be one is another check.
    total = sum(Decimal(str(amount)).quantize(Decimal("0.01")) for amount in found)
    if total != Decimal(result.facts["amount"]):
        raise CheckFailed("The amounts of the good sales in silver.sales do not add up to what was delivered.")


@check("the dates", points=2, visible=False, message="The dates of the good sales are not those that were delivered.")
def dates(result):
    found = {row["id"]: row["date"] for row in result.table("silver", "sales").rows()}
    days = Counter(str(found[id]) for id in result.facts["valid"] if id in found)
    wrong = {day for day in days if days[day] > result.facts["days"].get(day, 0)}
    if wrong or not days:
        raise CheckFailed(f"On {len(wrong)} days there are more sales than were delivered for them, such as {some(wrong)}.")


@check("the reasons", points=2, visible=False, message="The reasons in silver.sales_quarantine are not complete or not right.")
def reasons(result):
    rows = result.table("silver", "sales_quarantine").rows()
    found = {row["id"]: sorted(row["reasons"] or ()) for row in rows if row["id"] in result.facts["reasons"]}
    if not found:
        raise CheckFailed("No refused row is in silver.sales_quarantine.")
    wrong = [id for id, told in found.items() if told != result.facts["reasons"][id]]
    if wrong:
        raise CheckFailed(f"{len(wrong)} rows in silver.sales_quarantine do not have exactly the reasons that apply to them.")
