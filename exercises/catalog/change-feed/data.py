"""Orders of some shops and what became of them, and what must be known of each shop in the end.

Invariant: each shop belongs to one group and has changes of one kind only, so that a broken rule shows in its own group; a shop's
name says nothing about it. Only the group `grown` has changes in the versions where gold stops. The facts come from
following each order, in plain Python.
"""

import csv
import random
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

COLUMNS = ("op", "id", "shop", "amount")
GROUPS = {"grown": 4, "new": 3, "corrected": 4, "moved": 4, "cancelled": 4, "emptied": 2, "quiet": 3}
ORDERS = 8


@dataclass(frozen=True)
class Line:
    delivery: int
    op: str
    id: str
    shop: str
    amount: Decimal


def make(directory: Path, seed: int) -> None:
    """Write the orders that are there (0), and a file for each delivery of changes."""
    for delivery in range(4):
        with open(directory / f"orders-{delivery}.csv", "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows((one.op, one.id, one.shop, f"{one.amount:.2f}") for one in lines(seed) if one.delivery == delivery)


def facts(seed: int) -> dict:
    """Return for each shop: orders, revenue, corrected, cancelled; and the shops of each group."""
    known: dict[str, Line] = {}
    corrected, cancelled, shops = {}, {}, set()
    for one in lines(seed):
        shops.add(one.shop)
        if one.op == "D":
            cancelled[one.shop] = cancelled.get(one.shop, 0) + 1
            del known[one.id]
            continue
        if one.op == "U":
            corrected[one.shop] = corrected.get(one.shop, 0) + 1
        known[one.id] = one
    mine = {shop: [one.amount for one in known.values() if one.shop == shop] for shop in shops}
    rows = {
        shop: [len(found), f"{sum(found, Decimal(0)):.2f}", corrected.get(shop, 0), cancelled.get(shop, 0)]
        for shop, found in mine.items()
    }
    return {"rows": rows, **members(seed)}


def members(seed: int) -> dict[str, list[str]]:
    """The shops of each group."""
    numbers = random.Random(f"{seed} shops").sample(range(100, 1000), sum(GROUPS.values()))
    names = [f"shop {number}" for number in numbers]
    return {group: [names.pop() for _ in range(count)] for group, count in GROUPS.items()}


def lines(seed: int) -> list[Line]:
    """All lines by delivery, shuffled within each: the orders that are there, one delivery of changes, two of new orders."""
    draw = random.Random(seed)
    codes = iter(draw.sample(range(10_000, 100_000), 1000))
    groups = members(seed)

    def amount() -> Decimal:
        return Decimal(draw.randrange(500, 40_000)) / 100

    def order(delivery: int, shop: str) -> Line:
        return Line(delivery, "I", f"O{next(codes)}", shop, amount())

    def change(one: Line, op: str, shop: str, new: Decimal) -> Line:
        return Line(1, op, one.id, shop, new)

    there = {
        shop: [order(0, shop) for _ in range(draw.randrange(ORDERS - 3, ORDERS))]
        for group, shops in groups.items()
        for shop in shops
        if group != "new"
    }
    found = [one for orders in there.values() for one in orders]
    for shop in groups["new"]:
        found += [order(1, shop) for _ in range(3)]
    for shop in groups["corrected"]:
        found += [change(one, "U", shop, one.amount + amount()) for one in draw.sample(there[shop], 3)]
    for place, shop in enumerate(groups["moved"]):
        to = groups["moved"][place - 1]
        found += [change(one, "U", to, one.amount) for one in draw.sample(there[shop], 1 + place % 2)]
    for shop in groups["cancelled"]:
        found += [change(one, "D", shop, one.amount) for one in draw.sample(there[shop], 2)]
    for shop in groups["emptied"]:
        found += [change(one, "D", shop, one.amount) for one in there[shop]]
    for shop in groups["grown"]:
        found += [order(delivery, shop) for delivery in (2, 3) for _ in range(2)]
    draw.shuffle(found)
    return sorted(found, key=lambda one: one.delivery)
