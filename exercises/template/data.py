"""The input. `make` writes what a notebook finds in data/, `facts` returns what checks may expect; another seed, other numbers."""

import csv
import random
from collections import Counter
from pathlib import Path

SHOPS = ("Centre", "Harbour", "Station")
SALES = 60


def make(directory: Path, seed: int) -> None:
    with open(directory / "sales.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "shop", "amount"))
        writer.writerows(sales(seed))


def facts(seed: int) -> dict:
    totals = Counter()
    for _, shop, amount in sales(seed):
        totals[shop] += amount
    return {"shops": sorted(totals), "totals": dict(totals)}


def sales(seed: int) -> list[tuple[str, str, int]]:
    draw = random.Random(seed)
    return [(f"S{number:03d}", draw.choice(SHOPS), draw.randint(1, 100)) for number in range(SALES)]
