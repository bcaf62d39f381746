"""Four days of bookings whose fields come, go, change their names and their types, and where each value must be in the end.

Invariant: each record belongs to one group and breaks one rule only, if that rule was forgotten; its id and place say nothing about
the group. The facts come from the rules, field by field, in plain Python; no value is left over.
"""

import json
import random
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path

DAYS = 4
CONTRACT = (
    {"name": "id", "type": "string", "also": []},
    {"name": "day", "type": "date", "also": ["date"]},
    {"name": "city", "type": "string", "also": ["town"]},
    {"name": "guests", "type": "int", "also": ["persons"]},
    {"name": "amount", "type": "decimal(10,2)", "also": ["price", "total"]},
)
LATER = {"name": "rating", "type": "int", "also": ["stars"]}
CITIES = ("Recife", "Manaus", "Curitiba", "Natal", "Salvador", "Santos", "São Paulo", "Olinda")
WORDS = ("web", "phone", "agency", "partner", "desk")
GROUPS = ("plain", "missing", "renamed", "extra", "unfit", "both", "rated", "unrated")
SIZE = 20


def make(directory: Path, seed: int) -> None:
    """Write the contract, the column that is agreed later, and a file of records for each day."""
    (directory / "contract.json").write_text(json.dumps(CONTRACT, indent=1), encoding="utf-8")
    (directory / "later.json").write_text(json.dumps(LATER, indent=1), encoding="utf-8")
    for number, records in enumerate(days(seed), start=1):
        lines = [json.dumps(record, ensure_ascii=False, separators=(",", ":")) for record in records]
        (directory / f"bookings-{number}.jsonl").write_text("\n".join([*lines, ""]), encoding="utf-8")


def facts(seed: int) -> dict:
    """Return what each record must have in the agreed columns and what is kept aside, and the ids of each group."""
    rows, aside = {}, {}
    for record in (record for day in days(seed) for record in day):
        sent = {name: text(value) for name, value in record.items() if value is not None}
        row: dict[str, str | None] = {}
        for column in (*CONTRACT, LATER):
            names = [name for name in (column["name"], *column["also"]) if name in sent and fits(sent[name], column["type"])]
            row[column["name"]] = sent.pop(names[0]) if names else None
        rows[record["id"]], aside[record["id"]] = row, sent
    return {"rows": rows, "aside": aside, **members(seed)}


def text(value: object) -> str:
    """A JSON value as text: a text as it is, anything else as JSON has it."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def fits(found: str, kind: str) -> bool:
    """Whether a value is one of this type without a loss."""
    if kind == "string":
        return True
    try:
        if kind == "date":
            return len(found) == 10 and bool(date.fromisoformat(found))
        number = Decimal(found)
    except (ValueError, InvalidOperation):
        return False
    if kind == "int":
        return number == int(number) and abs(number) < 2**31
    return number == round(number, 2) and abs(number) < 10**8


def members(seed: int) -> dict[str, list[str]]:
    """The ids of each group."""
    codes = [f"B{number}" for number in random.Random(f"{seed} codes").sample(range(10_000, 100_000), SIZE * len(GROUPS))]
    return {group: codes[place :: len(GROUPS)] for place, group in enumerate(GROUPS)}


def days(seed: int) -> list[list[dict]]:
    """The records of each day, shuffled; every group has some on each day."""
    draw = random.Random(seed)
    found: list[list[dict]] = [[] for _ in range(DAYS)]
    for group, codes in members(seed).items():
        for place, code in enumerate(codes):
            number = place % DAYS
            # Within a group the cases take turns, and each case comes on several days.
            found[number].append(record(draw, group, place + place // DAYS, {"id": code, **usual(draw, number)}))
    for records in found:
        draw.shuffle(records)
    return found


def usual(draw: random.Random, number: int) -> dict:
    day = date(2013, 3, 1) + timedelta(days=number)
    amount = draw.randrange(100, 90_000) / 100
    return {"day": day.isoformat(), "city": draw.choice(CITIES), "guests": draw.randrange(1, 9), "amount": amount}


def record(draw: random.Random, group: str, case: int, made: dict) -> dict:
    """The record as a member of its group sends it."""
    if group == "missing":
        gone = ("city", "guests", "amount", "day")[case % 4]
        # No field at all, or one without a value, is the same.
        made = {name: value for name, value in made.items() if name != gone} if draw.random() < 0.5 else {**made, gone: None}
    elif group == "renamed":
        new = ({"city": "town"}, {"guests": "persons"}, {"amount": "price"}, {"amount": "total"}, {"day": "date"})[case % 5]
        made = {new.get(name, name): value for name, value in made.items()}
    elif group == "extra":
        address = {"street": draw.choice(CITIES), "number": draw.randrange(1, 999)}
        wishes, paid = draw.sample(WORDS, 2), draw.random() < 0.5
        made |= ({"channel": draw.choice(WORDS)}, {"address": address}, {"wishes": wishes}, {"paid": paid})[case % 4]
    elif group == "unfit":
        made |= (
            {"guests": f"{draw.randrange(2, 9)} persons"},
            {"guests": draw.randrange(2, 9) + 0.5},
            {"amount": draw.randrange(100, 900) + 0.125},
            {"day": f"{made['day']} {draw.randrange(10, 24)}:30"},
            {"amount": f"{draw.randrange(100, 900)},50"},
            {"guests": 3_000_000_000 + draw.randrange(9_000)},
        )[case % 6]
    elif group == "both":
        other = ({"town": "Belém"}, {"persons": made["guests"] + 10}, {"price": round(made["amount"] + 1.5, 2)})[case % 3]
        made |= other
        if case % 3 == 1:
            # The agreed name has nothing that fits, so the other one counts.
            made["guests"] = "a family"
    elif group == "rated":
        made[draw.choice(("rating", "stars"))] = draw.randrange(1, 6)
    elif group == "unrated":
        made["rating"] = draw.choice(("n/a", "good", "3 of 5"))
    # The order of the fields says nothing.
    names = list(made)
    draw.shuffle(names)
    return {name: made[name] for name in names}
