"""Two deliveries of a chain's order lines and of its product list, and what the star must hold afterwards.

Invariant: each line tests one rule only, and its codes say nothing of which. The first delivery's lines are there for the keys
alone; the second's for versions, borders and what nobody knows. Only one group's lines have the moment at which a version begins.
"""

import csv
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

NONE, OTHER = -1, -2
SHOPS = ("Recife", "Manaus", "Curitiba", "Natal", "Santos", "Goiania")
THINGS, KINDS = ("Bag", "Belt", "Boots", "Coat", "Gloves", "Hat", "Scarf", "Shirt"), ("travel", "town", "garden")
EARLY = datetime(2012, 1, 1)
BEGIN, MIDDLE, END = datetime(2013, 3, 1), datetime(2013, 3, 16), datetime(2013, 4, 1)
# Products by their history: one version; two, both known at first; two, the second in the second list; new in the second list.
ONE, TWO, CHANGED, NEW = "one", "two", "changed", "new"
COUNTS = {ONE: 16, TWO: 12, CHANGED: 12, NEW: 8}
ORDERS = 60
LINE_COLUMNS = ("order", "line", "at", "shop", "product", "quantity", "unit_price", "discount", "shipping")
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Version:
    product: str
    name: str
    category: str
    begin: datetime
    end: datetime | None
    delivery: int


@dataclass(frozen=True)
class Line:
    delivery: int
    order: str
    number: int
    at: datetime
    shop: str
    product: str
    quantity: int
    price: Decimal
    discount: int
    shipping: Decimal
    group: str


def make(directory: Path, seed: int) -> None:
    """Write the shops, and for each delivery its lines and the product list as it was on that day."""
    _write(directory / "shops.csv", ("shop", "city"), shops(seed))
    for delivery in (1, 2):
        listed = [(one.product, one.name, one.category, _text(one.begin), _text(end)) for one, end in known(seed, delivery)]
        random.Random(f"{seed} list {delivery}").shuffle(listed)
        _write(directory / f"products-{delivery}.csv", ("product", "name", "category", "valid_from", "valid_to"), listed)
        rows = [
            (one.order, one.number, _text(one.at), one.shop, one.product, one.quantity, one.price, one.discount, one.shipping)
            for one in lines(seed)
            if one.delivery == delivery
        ]
        _write(directory / f"lines-{delivery}.csv", LINE_COLUMNS, rows)


def facts(seed: int) -> dict:
    """Return each line's member of both dimensions and its measures, the lines of each group, and the versions of the list."""
    wanted, groups = {}, {}
    cities = dict(shops(seed))
    versions = [(one, end) for one, end in known(seed, 2)]
    for one in lines(seed):
        key = f"{one.order}/{one.number}"
        valid = [v for v, end in versions if v.product == one.product and v.begin <= one.at and (end is None or one.at < end)]
        amount = one.quantity * one.price * (100 - one.discount) / 100
        wanted[key] = {
            "product": valid[0].product if valid else (OTHER if one.product else NONE),
            "valid_from": _text(valid[0].begin) if valid else None,
            "shop": one.shop if one.shop in cities else (OTHER if one.shop else NONE),
            "amount": str(amount.quantize(CENT, ROUND_HALF_UP)),
            "fee": str(one.shipping if one.number == 1 else Decimal("0.00")),
        }
        groups.setdefault(one.group, []).append(key)
    told = {f"{one.product} {_text(one.begin)}": _text(end) or None for one, end in versions}
    return {"lines": wanted, "keys": list(wanted), "groups": groups, "versions": told}


def shops(seed: int) -> list[tuple[str, str]]:
    draw = random.Random(f"{seed} shops")
    return list(zip((f"F{number:03d}" for number in draw.sample(range(1000), len(SHOPS))), SHOPS, strict=True))


def histories(seed: int) -> dict[str, list[str]]:
    """The products of each kind of history; their codes say nothing about it."""
    draw = random.Random(f"{seed} products")
    codes = [f"P{number:04d}" for number in draw.sample(range(10_000), sum(COUNTS.values()))]
    return {kind: [codes.pop() for _ in range(count)] for kind, count in COUNTS.items()}


def known(seed: int, delivery: int) -> list[tuple[Version, datetime | None]]:
    """The versions in the list of a delivery, each with its end as that list has it."""
    draw = random.Random(f"{seed} versions")
    found: list[tuple[Version, datetime | None]] = []
    for kind, products in histories(seed).items():
        for product in products:
            border = _moment(draw, BEGIN, MIDDLE) if kind == TWO else _moment(draw, MIDDLE, END)
            name = draw.choice(THINGS)
            before, after = draw.sample(KINDS, 2)
            if kind in (ONE, NEW):
                found.append((Version(product, name, before, EARLY, None, 2 if kind == NEW else 1), None))
                continue
            later = 2 if kind == CHANGED else 1
            # What ends its first version is not known before the second one is.
            found.append((Version(product, name, before, EARLY, border, 1), border if delivery >= later else None))
            found.append((Version(product, name, after, border, None, later), None))
    return [(one, end) for one, end in found if one.delivery <= delivery]


def lines(seed: int) -> list[Line]:
    """All lines, those of a delivery in the order of its file."""
    draw = random.Random(f"{seed} lines")
    kinds, cities = histories(seed), [shop for shop, _ in shops(seed)]
    borders = {one.product: one.begin for one, _ in known(seed, 2) if one.begin != EARLY}
    unlisted = [f"P{number:04d}" for number in range(10_000) if not any(f"P{number:04d}" in codes for codes in kinds.values())]
    closed = [f"F{number:03d}" for number in range(1000) if f"F{number:03d}" not in cities]

    def one(group: str) -> tuple[datetime, str, str]:
        """A line's moment, shop and product."""
        product, shop = draw.choice(kinds[ONE]), draw.choice(cities)
        at = _moment(draw, MIDDLE, END)
        if group == "first":
            return _moment(draw, BEGIN, MIDDLE), shop, draw.choice(kinds[ONE] + kinds[CHANGED])
        if group == "versions":
            product = draw.choice(kinds[TWO] + kinds[CHANGED])
            at = _moment(draw, BEGIN, borders[product]) if draw.random() < 0.6 else _moment(draw, borders[product], END)
        elif group == "border":
            product = draw.choice(kinds[TWO])
            at = borders[product]
        elif group == "closed":
            product = draw.choice(kinds[CHANGED])
            at = _moment(draw, borders[product], END + timedelta(days=1))
        elif group == "none":
            shop, product = (shop, "") if draw.random() < 0.5 else ("", product)
        elif group == "other":
            shop, product = (shop, draw.choice(unlisted)) if draw.random() < 0.5 else (draw.choice(closed), product)
        elif draw.random() < 0.3:
            product = draw.choice(kinds[NEW])
        return at, shop, product

    found = []
    codes = draw.sample(range(100_000), 2 * ORDERS)
    groups = ("plain", "versions", "border", "closed", "none", "other")
    for place, code in enumerate(codes):
        delivery = 1 + (place >= ORDERS)
        shipping = Decimal(draw.randrange(290, 1990)) / 100
        for number in range(1, draw.randint(2, 5)):
            group = "first" if delivery == 1 else groups[len(found) % len(groups)]
            price = Decimal(draw.randrange(299, 19_999)) / 100
            told = (draw.randint(1, 6), price, draw.choice((0, 0, 5, 15, 33)), shipping)
            found.append(Line(delivery, f"O{code:05d}", number, *one(group), *told, group))
    draw.shuffle(found)
    return found


def _moment(draw: random.Random, begin: datetime, end: datetime) -> datetime:
    """A moment between the two, neither of them."""
    return begin + timedelta(seconds=draw.randrange(1, max(2, int((end - begin).total_seconds()))))


def _text(at: datetime | None) -> str:
    return "" if at is None else f"{at:%Y-%m-%d %H:%M:%S}"


def _write(path: Path, columns: tuple, rows: list) -> None:
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
