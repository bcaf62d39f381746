"""Looks at what the three joins have written: the rows, and which of them lie in one file.

A task writes one file, so a table's files show how the work was divided, whatever the notebook says of it. Only gold.plans is the
notebook's own word, and worth two points of twenty.
"""

from collections import Counter

from exercises.checks import CheckFailed, check, repeated, some

TABLES = ("sales_broadcast", "sales_salted", "sales_adaptive")
MOST_SHARE = 0.4
# Of the shops that do not sell most, so many must lie in one file each. AQE splits whole partitions, with all shops in them.
TOGETHER, TOGETHER_ADAPTIVE = 0.9, 0.5


def written(result, name):
    files = result.table("silver", name).files
    if not any(file.rows for file in files):
        raise CheckFailed(f"silver.{name} is empty.")
    return files


def largest(result, name):
    """Which share of the rows the largest file has."""
    sizes = [len(file.rows) for file in written(result, name)]
    return max(sizes) / sum(sizes)


def together(result, name):
    """Of the shops that do not sell most, which share lies in one file each."""
    places = Counter(shop for file in written(result, name) for shop in {row["shop"] for row in file.rows})
    places.pop(result.facts["most"], None)
    return sum(count == 1 for count in places.values()) / max(1, len(places))


@check("every sale once, with its city", points=6)
def rows(result):
    wanted = result.facts["sales"]
    for name in TABLES:
        table = result.table("silver", name)
        table.must_have(id="long|integer", file="integer", shop="integer", city="string", amount="decimal(10,2)")
        twice = repeated(table.values("id"))
        if twice:
            raise CheckFailed(f"silver.{name} has {len(twice)} sales more than once, such as {some(twice)}.")
        found = {str(row["id"]): f"{row['shop']} {row['city']} {row['amount']}" for row in table.rows()}
        missing = wanted.keys() - found.keys()
        if missing:
            raise CheckFailed(f"silver.{name} lacks {len(missing)} sales, such as {some(missing)}.")
        wrong = [one for one, told in found.items() if wanted.get(one) != told]
        if wrong:
            raise CheckFailed(f"silver.{name} says something else than the sales did of {len(wrong)}, such as {some(wrong)}.")


@check("what the plans say", points=2)
def plans(result):
    told = {row["step"]: row for row in result.table("gold", "plans").rows()}
    right = {
        "broadcast": ("one broadcast and no shuffle", lambda row: (row["shuffles"], row["broadcasts"]) == (0, 1)),
        "salted": ("sort merge joins only", lambda row: (row["broadcasts"], row["joins"]) == (0, "sort merge")),
        "adaptive": ("a join that AQE has found skewed, and no broadcast", lambda row: row["broadcasts"] == 0 and row["skewed"]),
    }
    for step, (words, holds) in right.items():
        if step not in told or not holds(told[step]):
            raise CheckFailed(f"The plan of the step {step!r} in gold.plans is not that of its task, which has {words}.")


@check("nothing is moved for a small table", points=3, visible=False, message="In the first join sales were moved between tasks.")
def broadcast(result):
    files = written(result, "sales_broadcast")
    places = Counter(number for file in files for number in {row["file"] for row in file.rows})
    if len(files) < result.facts["files"] or set(places.values()) != {1}:
        raise CheckFailed("In the first join sales were moved: those that were read from one file were not written to one file.")


@check("the large shop is spread", points=4, visible=False, message="In the second join one task had most of the sales.")
def salted(result):
    share = largest(result, "sales_salted")
    if share > MOST_SHARE:
        raise CheckFailed(f"In the second join one task wrote {share:.0%} of all sales; {MOST_SHARE:.0%} is the most.")


@check("the other shops are not", points=3, visible=False, message="In the second join more than the large shop was spread.")
def others(result):
    share = together(result, "sales_salted")
    if share < TOGETHER:
        raise CheckFailed(f"In the second join only {share:.0%} of the other shops stayed together in one task each.")


@check("AQE splits what is large", points=2, visible=False, message="In the third join one task had most of the sales.")
def adaptive(result):
    share, kept = largest(result, "sales_adaptive"), together(result, "sales_adaptive")
    if share > MOST_SHARE:
        raise CheckFailed(f"In the third join one task wrote {share:.0%} of all sales; {MOST_SHARE:.0%} is the most.")
    if kept < TOGETHER_ADAPTIVE:
        raise CheckFailed(f"In the third join only {kept:.0%} of the other shops stayed together: no shuffle brought them there.")
