"""Looks at gold.totals. What a check raises is read by the student: say what is wrong, not what is right."""

from exercises.checks import CheckFailed, check, repeated, some


@check("a row for each shop", points=4)
def shops(result):
    found = result.table("gold", "totals").values("shop")
    missing = set(result.facts["shops"]) - set(found)
    if missing:
        raise CheckFailed(f"gold.totals has no row for {some(missing)}.")
    if repeated(found):
        raise CheckFailed(f"gold.totals has several rows for {some(repeated(found))}.")


@check("the totals", points=6, visible=False, message="The totals are not right.")
def totals(result):
    found = {row["shop"]: row["total"] for row in result.table("gold", "totals").rows()}
    wrong = [shop for shop, total in result.facts["totals"].items() if found.get(shop) != total]
    if wrong:
        raise CheckFailed(f"The totals of {len(wrong)} shops are not right.")
