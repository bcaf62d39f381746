"""Three files of payments, the evenings on which they arrive, and when the power fails.

Invariant: every power cut comes after something was written and before the stream has noted that, so that a batch is run again; one
of them is in the middle of a batch, one at its end. Each file has payments that are equal in everything but their id.
"""

import csv
import json
import random
from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

COLUMNS = ("id", "shop", "at", "amount")
SHOPS = ("Aurora", "Bela Vista", "Central", "Docas", "Estrela")
FILES, ROWS, EQUAL = 3, 40, 3
FIRST = datetime(2013, 3, 1, 9)
CUTS = ("after the payments", "after the totals")


def make(directory: Path, seed: int) -> None:
    """Write the files, and evenings.json: which files arrive on an evening, and where the power fails, if it does."""
    for number in range(FILES):
        with open(directory / name(number), "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows(payments(seed, number))
    (directory / "evenings.json").write_text(json.dumps(evenings(seed), indent=1), encoding="utf-8")


def facts(seed: int) -> dict:
    """Return what must be in the tables, and how many batches the stream has to know."""
    rows = [row for number in range(FILES) for row in payments(seed, number)]
    counts, totals = Counter(), Counter()
    for _, shop, _, amount in rows:
        counts[shop] += 1
        totals[shop] += Decimal(amount)
    return {
        "ids": sorted(row[0] for row in rows),
        "batches": FILES,
        "totals": {shop: [counts[shop], str(totals[shop])] for shop in counts},
    }


def evenings(seed: int) -> list[dict]:
    """A calm evening, two on which the power fails, and one that makes up for them.

    `in_batch` counts the evening's batches from 1: on the third evening, the first is the one that the second did not finish.
    """
    first, second = random.Random(f"{seed} cuts").sample(CUTS, 2)
    return [
        {"files": [name(0)], "power_fails": None, "in_batch": 0},
        {"files": [name(1)], "power_fails": first, "in_batch": 1},
        {"files": [name(2)], "power_fails": second, "in_batch": 2},
        {"files": [], "power_fails": None, "in_batch": 0},
    ]


def payments(seed: int, number: int) -> list[tuple[str, str, str, str]]:
    """The lines of one file; their ids say nothing about where they are."""
    draw = random.Random(f"{seed} file {number}")
    found = []
    for _ in range(ROWS - EQUAL):
        at = FIRST + timedelta(days=number, minutes=draw.randrange(600))
        amount = Decimal(draw.randrange(100, 20_000)) / 100
        found.append((draw.choice(SHOPS), f"{at:%Y-%m-%d %H:%M:%S}", f"{amount:.2f}"))
    # Two customers who pay the same at the same minute are two customers.
    found += draw.sample(found, EQUAL)
    draw.shuffle(found)
    codes = [f"P{code:06d}" for code in draw.sample(range(100_000), ROWS)]
    return [(f"{code}-{number}", *row) for code, row in zip(codes, found, strict=True)]


def name(number: int) -> str:
    return f"payments-2013-03-{number + 1:02d}.csv"
