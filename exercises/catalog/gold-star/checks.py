"""Looks at gold.fact_sales and gold.dim_product, a group of lines at a time.

Each check forgives what another one looks at: who has a line twice is asked for any of the two, who lost one is not asked for it.
"""

from decimal import Decimal

from exercises.checks import CheckFailed, check, repeated, some

FACT = {"order": "string", "line": "integer", "product_key": "long", "shop_key": "long", "quantity": "integer"}
VERSIONS = {"product_key": "long", "product": "string", "valid_from": "timestamp", "valid_to": "timestamp"}
NONE, OTHER = -1, -2


def money(table, column):
    kind = table.types.get(column, "missing")
    if not (kind.startswith("decimal") and kind.endswith(",2)")):
        raise CheckFailed(f"{table.name}: the column {column} should be a decimal with two places, and is {kind}.")


def moment(value):
    return None if value is None else f"{value:%Y-%m-%d %H:%M:%S}"


def facts(result):
    """The rows of the fact table by their line."""
    found = {}
    for row in result.table("gold", "fact_sales").rows():
        found.setdefault(f"{row['order']}/{row['line']}", []).append(row)
    if not found:
        raise CheckFailed("gold.fact_sales is empty.")
    return found


def members(result):
    """Product and beginning of each version by its key."""
    rows = result.table("gold", "dim_product").rows()
    return {row["product_key"]: (row["product"], moment(row["valid_from"])) for row in rows}


def ask(result, lines, right, text):
    """Raise CheckFailed with `text` unless each of these lines has a row that is right, if it has any."""
    found, wanted = facts(result), result.facts["lines"]
    there = [line for line in lines if line in found]
    if not there:
        raise CheckFailed("gold.fact_sales has none of the lines that this is about.")
    wrong = [line for line in there if not any(right(row, wanted[line]) for row in found[line])]
    if wrong:
        raise CheckFailed(text.format(count=len(wrong), such=some(wrong)))


@check("the columns and their types", points=2)
def types(result):
    fact = result.table("gold", "fact_sales")
    fact.must_have(**FACT)
    money(fact, "amount")
    money(fact, "fee")
    result.table("gold", "dim_product").must_have(**VERSIONS)


@check("a row for each version of a product", points=3)
def versions(result):
    # Since when a member is valid that stands for what nobody knows, nobody has said.
    known = [row for row in result.table("gold", "dim_product").rows() if row["product_key"] not in (NONE, OTHER)]
    rows = [row for row in known if row["valid_from"] is not None]
    twice = repeated(row["product_key"] for row in rows)
    if twice:
        raise CheckFailed(f"gold.dim_product has several rows with one product_key, such as {some(twice)}.")
    if any(row["product_key"] is None for row in rows):
        raise CheckFailed("gold.dim_product has rows without a product_key.")
    told = [f"{row['product']} {moment(row['valid_from'])}" for row in rows]
    wanted = result.facts["versions"]
    if repeated(told) or set(told) != set(wanted):
        raise CheckFailed(f"gold.dim_product has {len(told)} versions of products; the list has {len(wanted)}, each once.")
    open_ended = [one for one, row in zip(told, rows, strict=True) if moment(row["valid_to"]) != wanted[one]]
    if open_ended:
        raise CheckFailed(f"{len(open_ended)} versions do not end as the list says, such as that of {some(open_ended, 1)}.")


@check("no line is lost", points=3)
def lost(result):
    missing = set(result.facts["keys"]) - set(facts(result))
    if missing:
        raise CheckFailed(f"{len(missing)} lines are not in gold.fact_sales, such as {some(missing)}.")


@check("each line once", points=4)
def once(result):
    twice = [line for line, rows in facts(result).items() if len(rows) > 1]
    if twice:
        raise CheckFailed(f"{len(twice)} lines are in gold.fact_sales more than once, such as {some(twice)}.")


@check("the version of that moment", points=4, visible=False, message="Lines point to a version that was not valid then.")
def version(result):
    known, groups = members(result), result.facts["groups"]

    def right(row, line):
        return known.get(row["product_key"]) == (line["product"], line["valid_from"])

    text = "{count} lines point to a version of their product that was not valid at their moment, such as {such}."
    ask(result, groups["versions"] + groups["border"] + groups["closed"], right, text)


@check("unknown members", points=3, visible=False, message="What nobody knows does not point to the right member.")
def unknown(result):
    there = [key for key, _ in members(result).items() if key in (NONE, OTHER)]
    if len(there) < 2:
        raise CheckFailed(f"gold.dim_product has no row with the keys {NONE} and {OTHER}.")
    found = facts(result)
    groups = result.facts["groups"]
    if not any(line in found for line in groups["none"] + groups["other"]):
        raise CheckFailed("Lines whose product or shop nobody knows are missing from gold.fact_sales.")

    def right(row, line):
        product, shop = (line[column] in (NONE, OTHER) for column in ("product", "shop"))
        return (not product or row["product_key"] == line["product"]) and (not shop or row["shop_key"] == line["shop"])

    text = "{count} lines without a product or shop that is known have another key than they should, such as {such}."
    ask(result, groups["none"] + groups["other"], right, text)


@check("a key is given once", points=3, visible=False, message="Lines of the first delivery belong to another product now.")
def keys(result):
    known = members(result)

    def right(row, line):
        return known.get(row["product_key"], (None,))[0] == line["product"]

    text = "After the second delivery {count} lines of the first one belong to another product, such as {such}."
    ask(result, result.facts["groups"]["first"], right, text)


@check("what can be added up", points=2, visible=False, message="Adding up amounts or fees gives another sum than it should.")
def measures(result):
    def right(row, line):
        return all(row[column] is not None and cents(row[column]) == Decimal(line[column]) for column in ("amount", "fee"))

    text = "For {count} lines adding up would give another sum: the amount or the share of the fee is not right, such as {such}."
    ask(result, result.facts["keys"], right, text)


def cents(amount):
    return Decimal(str(amount)).quantize(Decimal("0.01"))
