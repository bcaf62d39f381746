"""Looks at silver.drivers_history, a group of drivers at a time.

Each group has drivers whose changes break one rule only, if that rule was forgotten; `facts` has the groups and each driver's rows.
What is_current says is a check of its own, and the others do not look at it.
"""

from exercises.checks import CheckFailed, check, some

COLUMNS = {"driver": "string", "depot": "string", "valid_from": "date", "valid_to": "date", "is_current": "boolean"}
FOREVER = "9999-12-31"


def histories(result):
    """The rows of each driver, by the day on which they begin."""
    table = result.table("silver", "drivers_history")
    table.must_have(**COLUMNS)
    found = {}
    for row in sorted(table.rows(), key=lambda row: (str(row["valid_from"]), str(row["valid_to"]))):
        found.setdefault(row["driver"], []).append(row)
    if not any(one in found for one in result.facts["new"]):
        raise CheckFailed("silver.drivers_history has nothing of the deliveries after the first one.")
    return found


def wrong(result, group):
    """The drivers of a group who do not have exactly the rows that they must."""
    found, wanted = histories(result), result.facts["rows"]
    rows = {one: [[row["depot"], str(row["valid_from"]), str(row["valid_to"])] for row in found.get(one, ())] for one in group}
    return [one for one in group if rows[one] != wanted[one]]


@check("one current row", points=2)
def current(result):
    found = histories(result)
    several = [one for one, rows in found.items() if sum(bool(row["is_current"]) for row in rows) > 1]
    if several:
        raise CheckFailed(f"{len(several)} drivers have more than one current row, such as {some(several)}.")
    odd = [one for one, rows in found.items() if any(bool(row["is_current"]) != (str(row["valid_to"]) == FOREVER) for row in rows)]
    if odd:
        raise CheckFailed(f"For {len(odd)} drivers is_current does not say what valid_to says, such as for {some(odd)}.")


@check("no gap and no overlap", points=3)
def intervals(result):
    found = histories(result)
    open_ended = [one for one, rows in found.items() if any(row["valid_from"] is None or row["valid_to"] is None for row in rows)]
    if open_ended:
        raise CheckFailed(f"{len(open_ended)} drivers have a row without valid_from or valid_to, such as {some(open_ended)}.")
    empty = [one for one, rows in found.items() if any(row["valid_from"] >= row["valid_to"] for row in rows)]
    if empty:
        raise CheckFailed(f"{len(empty)} drivers have a row that ends before it begins, or on the same day, such as {some(empty)}.")
    pairs = {one: list(zip(rows, rows[1:], strict=False)) for one, rows in found.items()}
    overlaps = [one for one, steps in pairs.items() if any(row["valid_to"] > after["valid_from"] for row, after in steps)]
    if overlaps:
        raise CheckFailed(f"{len(overlaps)} drivers have two rows that are true on the same day, such as {some(overlaps)}.")
    gaps = [one for one, steps in pairs.items() if any(row["valid_to"] < after["valid_from"] for row, after in steps)]
    gaps = set(gaps) - set(result.facts["back"])
    if gaps:
        raise CheckFailed(f"{len(gaps)} drivers have never left and have a gap between two rows, such as {some(gaps)}.")


@check("each move has its row", points=3)
def moves(result):
    found = wrong(result, result.facts["moved"] + result.facts["new"])
    if found:
        raise CheckFailed(
            f"{len(found)} drivers who moved once, or are new, do not have the rows that say so, such as {some(found)}."
        )


@check("nothing new, no new row", points=2, visible=False, message="A change that says nothing new has added a row.")
def same(result):
    found = wrong(result, result.facts["same"])
    if found:
        raise CheckFailed(f"{len(found)} drivers who did not move have other rows than the one that they had.")


@check("a late change splits a row", points=3, visible=False, message="Changes that came late are not where they belong.")
def late(result):
    found = wrong(result, result.facts["late"])
    if found:
        raise CheckFailed(f"{len(found)} drivers do not have the rows that follow from a change that came late.")


@check("who left", points=2, visible=False, message="Drivers who have left do not have a history that ends on that day.")
def left(result):
    found = wrong(result, result.facts["left"])
    if found:
        raise CheckFailed(f"{len(found)} drivers who have left do not have rows that end on the day on which they did.")


@check("who came back", points=2, visible=False, message="Drivers who left and came back do not have a row for each time.")
def back(result):
    found = wrong(result, result.facts["back"])
    if found:
        raise CheckFailed(f"{len(found)} drivers who left and came back do not have a row for each time.")


@check("a correction adds no row", points=2, visible=False, message="A correction has not changed the row that it is for.")
def corrected(result):
    found = wrong(result, result.facts["corrected"])
    if found:
        raise CheckFailed(f"{len(found)} drivers with a correction do not have one row with the corrected depot.")


@check("a delivery may come again", points=1, visible=False, message="Applying a delivery again has changed the history.")
def again(result):
    found = wrong(result, result.facts["again"])
    if found:
        raise CheckFailed(f"{len(found)} drivers have changed since the delivery that came again, and do not have their rows.")
