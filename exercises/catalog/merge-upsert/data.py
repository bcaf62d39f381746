"""Four nights of changes, and the table that they must end in.

Invariant: each customer tests one rule only and the groups do not overlap, so that a broken rule shows in its own group. The facts
come from applying the rules to the changes one by one, in plain Python.
"""

import csv
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

COLUMNS = ("op", "customer", "name", "email", "city", "updated_at")
NIGHTS, RETRIED = 4, 1
FIRST = datetime(2013, 3, 1)
NAMES = ("Ana Souza", "Bruno Lima", "Carla Dias", "Davi Rocha", "Elisa Melo", "Fabio Reis", "Gil Pires", "Helena Cruz")
CITIES = ("Recife", "Manaus", "Curitiba", "Natal", "Salvador", "Santos", "Belo Horizonte", "Campinas", "Porto Alegre", "Goiania")
GROUPS = ("plain", "twice", "late", "left", "back", "email")
SIZE = 24


@dataclass(frozen=True)
class Change:
    night: int
    op: str
    customer: str
    name: str
    email: str
    city: str
    at: datetime


def make(directory: Path, seed: int) -> None:
    """Write a file a night."""
    for night in range(NIGHTS):
        with open(directory / f"changes-2013-03-{night + 1:02d}.csv", "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            for one in changes(seed):
                if one.night == night:
                    writer.writerow([one.op, one.customer, one.name, one.email, one.city, f"{one.at:%Y-%m-%d %H:%M:%S}"])


def facts(seed: int) -> dict:
    """Return the rows that must be there, and each group's customers."""
    rows: dict[str, dict] = {}
    all_of_them = changes(seed)
    for night in [*range(NIGHTS), RETRIED]:
        for one in sorted((one for one in all_of_them if one.night == night), key=lambda one: one.at):
            known = rows.get(one.customer)
            if known is not None and one.at.isoformat() <= known["updated_at"]:
                continue
            if one.op == "D" and known is not None:
                known |= {"active": False, "updated_at": one.at.isoformat()}
                continue
            email = one.email or (known or {}).get("email")
            told = {"name": one.name, "email": email, "city": one.city, "active": one.op != "D"}
            rows[one.customer] = {**told, "updated_at": one.at.isoformat()}
    groups = members(seed)
    newest = {one: rows[one]["updated_at"].replace("T", " ") for one in groups["twice"]}
    return {"customers": sorted(rows), "rows": rows, "newest_of_twice": newest, **groups}


def members(seed: int) -> dict[str, list[str]]:
    """The customers of each group; their codes say nothing about it."""
    codes = [f"C{number:04d}" for number in range(1, SIZE * len(GROUPS) + 1)]
    random.Random(f"{seed} codes").shuffle(codes)
    return {group: sorted(codes[place :: len(GROUPS)]) for place, group in enumerate(GROUPS)}


def changes(seed: int) -> list[Change]:
    """All changes, those of a night in the order of its file."""
    draw = random.Random(seed)
    found: list[Change] = []

    def add(customer: str, file: int, made: int, op: str = "U", email: bool = True) -> None:
        """A change that was made in the night `made` and comes in the file of the night `file`."""
        name = draw.choice(NAMES)
        at = FIRST + timedelta(days=made, seconds=draw.randrange(60_000))
        # Two changes at the same moment would leave open which one counts.
        while any(one.customer == customer and one.at == at for one in found):
            at += timedelta(seconds=1)
        used = {one.city for one in found if one.customer == customer}
        city = draw.choice([city for city in CITIES if city not in used])
        address = f"{name.split()[0].lower()}.{draw.randrange(1000)}@example.org" if email else ""
        found.append(Change(file, op, customer, name, address, city, at))

    groups = members(seed)
    for customer in groups["plain"]:
        for night in sorted(draw.sample(range(NIGHTS), 2)):
            add(customer, night, night)
    for customer in groups["twice"]:
        # The last change of all decides, and it is one of three in a file.
        add(customer, 0, 0)
        for _ in range(3):
            add(customer, 2, 2)
    for customer in groups["late"]:
        # The newer change is in the third file, the older one in the fourth.
        add(customer, 0, 0)
        add(customer, 2, 2)
        add(customer, 3, 1)
    for place, customer in enumerate(groups["left"]):
        # Half of them are in the file that is loaded again.
        add(customer, place % 2, place % 2)
        add(customer, 2 + place % 2, 2 + place % 2, op="D")
    for customer in groups["back"]:
        add(customer, 0, 0)
        add(customer, 2, 2, op="D")
        add(customer, 3, 3)
    for customer in groups["email"]:
        add(customer, 0, 0)
        add(customer, 2, 2, email=False)
    found = newest_anywhere(found, draw)
    return found


def newest_anywhere(found: list[Change], draw: random.Random) -> list[Change]:
    """Shuffle each file's lines, but never with the newest of a customer's changes as the last or the first of them."""
    draw.shuffle(found)
    ordered: list[Change] = []
    for night in range(NIGHTS):
        by_customer: dict[str, list[Change]] = {}
        for one in found:
            if one.night == night:
                by_customer.setdefault(one.customer, []).append(one)
        for changes_of in by_customer.values():
            changes_of.sort(key=lambda one: one.at)
            if len(changes_of) == 3:
                changes_of[1], changes_of[2] = changes_of[2], changes_of[1]
        rounds = max(map(len, by_customer.values()), default=0)
        for place in range(rounds):
            ordered += [changes_of[place] for changes_of in by_customer.values() if place < len(changes_of)]
    return ordered
