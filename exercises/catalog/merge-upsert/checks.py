"""Looks at silver.customers, a group of customers at a time.

Each group has customers whose changes break one rule only, if that rule was forgotten; `facts` has the groups and the rows that
must be there.
"""

from exercises.checks import CheckFailed, check, repeated, some

TEXTS = {"customer": "string", "name": "string", "email": "string", "city": "string"}
COLUMNS = {**TEXTS, "active": "boolean", "updated_at": "timestamp"}


def newest(result):
    """The row of each customer; of several the newest, because whether there are several is a check of its own."""
    table = result.table("silver", "customers")
    table.must_have(**COLUMNS)
    found = {}
    for row in sorted(table.rows(), key=lambda row: str(row["updated_at"])):
        found[row["customer"]] = row
    return found


def compare(result, group, columns, text):
    """Raise CheckFailed with `text` unless the group's rows have what they must in these columns."""
    found = newest(result)
    if not found:
        raise CheckFailed("silver.customers is empty.")
    wanted = result.facts["rows"]
    wrong = [one for one in group if any(found.get(one, {}).get(column) != wanted[one][column] for column in columns)]
    if wrong:
        raise CheckFailed(text.format(count=len(wrong), such=some(wrong)))


@check("one row for each customer", points=3)
def once(result):
    codes = result.table("silver", "customers").values("customer")
    if not codes:
        raise CheckFailed("silver.customers is empty.")
    twice = repeated(codes)
    if twice:
        raise CheckFailed(f"{len(twice)} customers have more than one row, such as {some(twice)}.")


@check("nobody is lost", points=3)
def lost(result):
    missing = set(result.facts["customers"]) - set(newest(result))
    if missing:
        raise CheckFailed(f"{len(missing)} customers were in the files and have no row, such as {some(missing)}.")


@check("the newest of a file counts", points=3)
def newest_counts(result):
    group = result.facts["twice"]
    found = newest(result)
    wrong = [one for one in group if str(found.get(one, {}).get("updated_at"))[:19] != result.facts["newest_of_twice"][one]]
    if wrong:
        raise CheckFailed(f"{len(wrong)} customers do not have the newest of several changes in one file, such as {some(wrong)}.")


@check("a late change undoes nothing", points=3, visible=False, message="A change that came late has replaced a newer one.")
def late(result):
    compare(result, result.facts["late"], ("city",), "For {count} customers a change that came late has replaced a newer one.")


@check("who left stays away", points=4, visible=False, message="Customers who have left are still active, or active again.")
def left(result):
    compare(result, result.facts["left"], ("active",), "{count} customers who have left are active, or have no row that says so.")


@check("an empty email changes nothing", points=2, visible=False, message="An empty email has replaced a known one.")
def email(result):
    compare(result, result.facts["email"], ("email",), "For {count} customers an empty email has replaced the known one.")


@check("who came back is back", points=2, visible=False, message="Customers who left and came back are not active.")
def back(result):
    compare(result, result.facts["back"], ("active",), "{count} customers who left and came back are not active.")
