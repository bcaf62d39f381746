"""Two nights of readings, and the rows that must still be there.

Invariant: every station reports on every day and the order of the rows is chance, so a file that is written as the rows come has
nearly all stations and all days; some readings are equal in all columns, and are readings nevertheless.
"""

import csv
import random
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

COLUMNS = ("station", "day", "sensor", "value")
NIGHTS, FILES, ROWS, EQUAL = 2, 24, 3600, 40
STATIONS, DAYS, SENSORS = 40, 40, 6
MOST_DAYS_LATER = 200
FIRST = date(2013, 1, 1)


def make(directory: Path, seed: int) -> None:
    """Write a file a night."""
    for number in range(NIGHTS):
        with open(directory / f"night-{number + 1}.csv", "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows(night(seed, number))


def facts(seed: int) -> dict:
    """Return how often each row must be there, and what there is to ask for."""
    rows = [row for number in range(NIGHTS) for row in night(seed, number)]
    counted = Counter("|".join(map(str, row)) for row in rows)
    return {"rows": dict(counted), "count": len(rows), "stations": stations(seed), "days": [f"{day}" for day in days(seed)]}


def stations(seed: int) -> list[str]:
    """Codes that say nothing of their order."""
    return sorted(f"S{number:04d}" for number in random.Random(f"{seed} stations").sample(range(10_000), STATIONS))


def days(seed: int) -> list[date]:
    first = FIRST + timedelta(days=random.Random(f"{seed} days").randrange(MOST_DAYS_LATER))
    return [first + timedelta(days=number) for number in range(DAYS)]


def night(seed: int, number: int) -> list[tuple[str, str, int, str]]:
    """A night's rows, in the order in which they come: late ones of all days are among them."""
    draw = random.Random(f"{seed} night {number}")
    known, dates = stations(seed), days(seed)
    rows = [
        (draw.choice(known), f"{draw.choice(dates)}", draw.randrange(1, SENSORS + 1), f"{draw.randrange(-500, 4500) / 100:.2f}")
        for _ in range(ROWS - EQUAL)
    ]
    rows += draw.sample(rows, EQUAL)
    draw.shuffle(rows)
    return rows
