"""Looks at silver.orders, bronze.orders_dead and the stream's checkpoint; a message is known by its partition and offset.

Each check looks at one thing only: a message that is nowhere is lost, and nothing else is asked of it.
"""

import base64
from decimal import Decimal

from exercises.checks import CheckFailed, check, repeated, some

NAME = {"partition": "integer", "offset": "long"}
GOOD = {**NAME, "id": "string", "event": "string", "customer": "string", "amount": "decimal(10,2)", "at": "timestamp"}
BATCHES = 3


def names(table):
    return [f"{row['partition']}/{row['offset']}" for row in table.rows()]


def silver(result):
    return result.table("silver", "orders")


def dead(result):
    return result.table("bronze", "orders_dead")


def letters(result):
    """The dead letters that have to be dead, by their name."""
    rows = {f"{row['partition']}/{row['offset']}": row for row in dead(result).rows()}
    found = {name: row for name, row in rows.items() if name in result.facts["bad"]}
    if not found:
        raise CheckFailed("bronze.orders_dead has none of the bad messages.")
    return found


@check("the columns and their types", points=2)
def types(result):
    silver(result).must_have(**GOOD)
    dead(result).must_have(**NAME, value="binary", reason="string")


@check("no message is lost", points=4)
def lost(result):
    missing = set(result.facts["names"]) - set(names(silver(result))) - set(names(dead(result)))
    if missing:
        raise CheckFailed(f"{len(missing)} messages are in neither of the tables, such as partition/offset {some(missing)}.")


@check("the stream remembers", points=2)
def remembers(result):
    stream = result.stream("orders")
    if stream.planned != stream.committed or len(stream.committed) != BATCHES:
        raise CheckFailed(
            f"The checkpoint knows {len(stream.planned)} batches and finished {len(stream.committed)}; there was one on each of "
            f"{BATCHES} evenings. A stream that remembers has one checkpoint from the first evening to the last."
        )
    stood = next(iter(stream.offsets(stream.planned[-1])[0].values()))
    if stood != result.facts["ends"]:
        raise CheckFailed(f"The stream stands at the offsets {stood}; the topic ends at {result.facts['ends']}.")


@check("each message once", points=4, visible=False, message="Some messages are there more than once.")
def once(result):
    both = names(silver(result)) + names(dead(result))
    if not both:
        raise CheckFailed("Both tables are empty.")
    twice = repeated(both)
    if twice:
        raise CheckFailed(f"{len(twice)} messages are there more than once, such as partition/offset {some(twice)}.")


@check("good ones as they were sent", points=3, visible=False, message="Good messages are not in silver.orders as they were sent.")
def good(result):
    wanted = result.facts["good"]
    rows = {f"{row['partition']}/{row['offset']}": row for row in silver(result).rows()}
    found = [name for name in wanted if name in rows]
    set_aside = [name for name in names(dead(result)) if name in wanted]
    if set_aside:
        raise CheckFailed(f"{len(set_aside)} good messages were set aside, such as partition/offset {some(set_aside)}.")
    if not found:
        raise CheckFailed("silver.orders has none of the good messages.")
    wrong = [name for name in found if told(rows[name]) != wanted[name]]
    if wrong:
        raise CheckFailed(f"{len(wrong)} good messages say something else than was sent, such as partition/offset {some(wrong)}.")


@check("bad ones stay out", points=3, visible=False, message="silver.orders has messages that should have been set aside.")
def out(result):
    found = names(silver(result))
    if not found:
        raise CheckFailed("silver.orders is empty.")
    let_in = [name for name in found if name in result.facts["bad"]]
    if let_in:
        raise CheckFailed(f"silver.orders has {len(let_in)} bad messages, such as partition/offset {some(let_in)}.")


@check("the reason", points=3, visible=False, message="Dead letters have another reason than they should.")
def reason(result):
    wanted = result.facts["bad"]
    wrong = [name for name, row in letters(result).items() if row["reason"] != wanted[name]["reason"]]
    if wrong:
        raise CheckFailed(f"{len(wrong)} dead letters have not the reason that they should, such as {some(wrong)}.")


@check("the bytes as they came", points=3, visible=False, message="Dead letters do not have the bytes that were sent.")
def sent(result):
    wanted = result.facts["bad"]
    wrong = [name for name, row in letters(result).items() if encoded(row["value"]) != wanted[name]["value"]]
    if wrong:
        raise CheckFailed(f"{len(wrong)} dead letters do not have the bytes that were sent, such as {some(wrong)}.")


def encoded(value):
    return None if value is None else base64.b64encode(value).decode()


def told(row):
    """What a row says, in the form of the facts."""
    at, amount = row["at"], row["amount"]
    texts = {column: row[column] for column in ("id", "event", "customer")}
    texts["amount"] = None if amount is None else f"{Decimal(str(amount)):.2f}"
    return {**texts, "at": None if at is None else f"{at:%Y-%m-%d %H:%M:%S}"}
