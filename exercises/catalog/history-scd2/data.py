"""Three deliveries of who drives from which depot since when, and the history that must come of them.

Invariant: each driver belongs to one group and breaks one rule only, if that rule was forgotten; codes, places and days say nothing
about the group. The facts come from sorting each driver's changes by day, in plain Python, and not from the rules for a delivery.
"""

import csv
import random
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

COLUMNS = ("op", "driver", "depot", "since")
DELIVERIES = 3
BEGIN, FOREVER = date(2013, 1, 1), date(9999, 12, 31)
DEPOTS = ("Recife", "Manaus", "Curitiba", "Natal", "Salvador", "Santos", "Olinda", "Campinas")
GROUPS = ("moved", "new", "same", "late", "left", "back", "corrected", "again")
SIZE = 12


@dataclass(frozen=True)
class Change:
    delivery: int
    op: str
    driver: str
    depot: str
    since: date


def make(directory: Path, seed: int) -> None:
    """Write a file for each delivery."""
    for delivery in range(1, DELIVERIES + 1):
        with open(directory / f"drivers-{delivery}.csv", "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows((one.op, one.driver, one.depot, one.since) for one in changes(seed) if one.delivery == delivery)


def facts(seed: int) -> dict:
    """Return each driver's rows as they must be in the end (depot, from, to), and the drivers of each group."""
    told: dict[str, dict[date, str | None]] = {}
    for one in changes(seed):
        told.setdefault(one.driver, {})[one.since] = one.depot or None
    return {"rows": {driver: history(days) for driver, days in told.items()}, **members(seed)}


def history(days: dict[date, str | None]) -> list[list[str]]:
    """The rows that follow from a depot for each day on which it changes; None is a driver who has left."""
    rows: list[list] = []
    before = None
    for day in sorted(days):
        if days[day] == before:
            continue
        if before is not None:
            rows[-1][2] = day
        if days[day] is not None:
            rows.append([days[day], day, FOREVER])
        before = days[day]
    return [[depot, first.isoformat(), last.isoformat()] for depot, first, last in rows]


def members(seed: int) -> dict[str, list[str]]:
    """The drivers of each group."""
    codes = [f"D{number}" for number in random.Random(f"{seed} codes").sample(range(1000, 10_000), SIZE * len(GROUPS))]
    return {group: codes[place :: len(GROUPS)] for place, group in enumerate(GROUPS)}


def changes(seed: int) -> list[Change]:
    """All changes by delivery, shuffled within each. A driver is in a delivery once at most."""
    draw = random.Random(seed)
    found: list[Change] = []

    def day(first: int, last: int) -> date:
        return BEGIN + timedelta(days=draw.randrange(first, last))

    for group, drivers in members(seed).items():
        for place, driver in enumerate(drivers):
            depots = draw.sample(DEPOTS, 4)
            start = Change(1, "U", driver, depots[0], day(0, 20))
            second, third = 2 + place % 2, 3 - place % 2
            if group == "moved":
                made = [start, Change(second, "U", driver, depots[1], day(40, 120))]
            elif group == "new":
                made = [Change(second, "U", driver, depots[0], day(40, 120))]
            elif group == "same":
                made = [start, Change(second, "U", driver, depots[0], day(40, 120))]
            elif group == "late":
                # The newer change comes first. The late one brings another depot, or the one that was true on that day.
                between = depots[0] if place % 3 == 0 else depots[2]
                made = [start, Change(2, "U", driver, depots[1], day(90, 120)), Change(3, "U", driver, between, day(40, 80))]
            elif group == "left":
                made = [start, Change(second, "D", driver, "", day(40, 80))]
                if second == 2 and place % 4 == 0:
                    # Who has left leaves once more.
                    made.append(Change(3, "D", driver, "", day(90, 120)))
            elif group == "back":
                # To the old depot, or to another one.
                made = [start, Change(2, "D", driver, "", day(40, 80)), Change(3, "U", driver, depots[place % 2], day(90, 120))]
            elif group == "corrected":
                made = [start, Change(3, "U", driver, depots[1], start.since)]
            else:
                last = ("D", "") if third == 2 else ("U", depots[2])
                made = [start, Change(2, "U", driver, depots[1], day(40, 80)), Change(3, last[0], driver, last[1], day(90, 120))]
            found += made
    draw.shuffle(found)
    return sorted(found, key=lambda one: one.delivery)
