"""Looks at bronze.bookings, a group of records at a time.

Each group has records that show one rule only; `facts` has the groups, what each record must have in its columns, and what must be
kept aside. Each check forgives what another one looks at.
"""

from decimal import Decimal, InvalidOperation

from exercises.checks import CheckFailed, check, repeated, some

COLUMNS = {"id": "string", "day": "date", "city": "string", "guests": "integer", "amount": "decimal(10,2)", "rating": "integer"}
MORE = {"rescued": "map<string,string>", "source_file": "string"}


def bookings(result):
    """The row of each booking; of several any, because whether there are several is a check of its own."""
    table = result.table("bronze", "bookings")
    table.must_have(id="string", rescued="map<string,string>")
    found = {row["id"]: row for row in table.rows()}
    if not found:
        raise CheckFailed("bronze.bookings is empty.")
    return found


def aside(row):
    """What a row keeps aside, without what has no value."""
    return {name: value for name, value in (row["rescued"] or ()) if value is not None}


def same(found, wanted):
    """Whether a value of the table is the one that was sent."""
    if found is None or wanted is None or not isinstance(found, int | Decimal):
        return (None if found is None else str(found)) == wanted
    try:
        return Decimal(found) == Decimal(wanted)
    except InvalidOperation:
        return False


def wrong_columns(result, group):
    """Those of a group's bookings that have another value in a column than they must. Who is missing is another check's matter."""
    found, rows = bookings(result), result.facts["rows"]
    there = [one for one in group if one in found]
    if not there:
        raise CheckFailed("bronze.bookings has none of the bookings that this check looks at.")
    return [one for one in there if not all(same(found[one].get(column), rows[one][column]) for column in rows[one])]


def not_kept(result, group):
    """Those of a group's bookings of which a value is neither in its column nor kept aside."""
    found, wanted = bookings(result), result.facts["aside"]
    there = [one for one in group if one in found]
    if not there:
        raise CheckFailed("bronze.bookings has none of the bookings that this check looks at.")
    return [one for one in there if not wanted[one].items() <= aside(found[one]).items()]


@check("the table is as agreed", points=2)
def types(result):
    table = result.table("bronze", "bookings")
    table.must_have(**COLUMNS, **MORE)
    more = set(table.columns) - {*COLUMNS, *MORE}
    if more:
        raise CheckFailed(f"bronze.bookings has columns that nobody has agreed on: {some(more)}.")


@check("no booking is lost", points=3)
def lost(result):
    codes = result.table("bronze", "bookings").values("id")
    missing = set(result.facts["rows"]) - set(codes)
    if missing:
        raise CheckFailed(f"{len(missing)} bookings came and have no row, such as {some(missing)}.")
    if repeated(codes):
        raise CheckFailed(f"{len(repeated(codes))} bookings have more than one row, such as {some(repeated(codes))}.")


@check("the columns have their values", points=3)
def plain(result):
    wrong = wrong_columns(result, result.facts["plain"] + result.facts["missing"])
    if wrong:
        raise CheckFailed(f"{len(wrong)} bookings with nothing odd do not have their values in the columns, such as {some(wrong)}.")


@check("other names of a column", points=2, visible=False, message="Values that came under another name are not in their column.")
def renamed(result):
    wrong = wrong_columns(result, result.facts["renamed"])
    if wrong:
        raise CheckFailed(f"{len(wrong)} bookings with another name for a column do not have the value in that column.")


@check("fields that nobody knows", points=3, visible=False, message="Fields that are not in the contract are not kept.")
def extra(result):
    wrong = not_kept(result, result.facts["extra"])
    if wrong:
        raise CheckFailed(f"{len(wrong)} bookings have fields that are not in the contract and are not in rescued as they came.")


@check("what does not fit is kept", points=3, visible=False, message="Values that do not fit their column are lost, or changed.")
def unfit(result):
    group = result.facts["unfit"]
    wrong = {*wrong_columns(result, group), *not_kept(result, group)}
    if wrong:
        raise CheckFailed(f"{len(wrong)} bookings have a value that does not fit its column, and is not in rescued alone.")


@check("two names in one record", points=2, visible=False, message="Of two names, one value is lost or the wrong one counts.")
def both(result):
    group = result.facts["both"]
    wrong = {*wrong_columns(result, group), *not_kept(result, group)}
    if wrong:
        raise CheckFailed(f"{len(wrong)} bookings have two names for a column, and not one value in it and the other in rescued.")


@check("a column that was agreed on later", points=1, visible=False, message="The new column does not have all values that fit it.")
def later(result):
    group = result.facts["rated"] + result.facts["unrated"]
    wrong = wrong_columns(result, group)
    if wrong:
        raise CheckFailed(f"{len(wrong)} bookings do not have in rating what they must.")
    gone = not_kept(result, group)
    if gone:
        raise CheckFailed(f"{len(gone)} bookings had a rating that does not fit; it is not in rescued any more.")


@check("nothing is there twice", points=1, visible=False, message="Values that are in a column are in rescued, too.")
def once(result):
    found, wanted = bookings(result), result.facts["aside"]
    wrong = [one for one, row in found.items() if one in wanted and set(aside(row)) - set(wanted[one])]
    taken = [one for one in wrong if not wrong_columns(result, [one])]
    if taken:
        raise CheckFailed(f"{len(taken)} bookings have in rescued what is in a column already.")
