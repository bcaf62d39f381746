"""Days of a bicycle hire, candidates that learn from them, and what becomes of each candidate.

Invariant: the scores come from least squares in plain Python. The candidate with the campaign is the best of all on the days that
it learned from, and not on the days that are held out; no two candidates that differ are so near that rounding could decide.
"""

import csv
import json
import random
from datetime import date, timedelta
from pathlib import Path

COLUMNS = ("day", "part", "temperature", "rain", "wind", "weekend", "campaign", "rentals")
TRAIN, MORE, HELD_OUT = 90, 60, 40
# The candidates before the second delivery, and those after it.
FIRST, BEST, AGAIN = ("weekend",), ("temperature", "rain", "weekend"), "the best, once more"
BEFORE = {"weekend only": FIRST, "temperature only": ("temperature",), "wind only": ("wind",)}
AFTER = {
    "weather and weekend": BEST,
    AGAIN: BEST,
    "temperature and rain": ("temperature", "rain"),
    "with the campaign": (*BEST, "campaign"),
}
BEGIN = date(2013, 1, 1)


def make(directory: Path, seed: int) -> None:
    """Write the two deliveries of days, and the candidates of each."""
    for delivery, rows in enumerate(deliveries(seed), start=1):
        with open(directory / f"days-{delivery}.csv", "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    (directory / "candidates.json").write_text(json.dumps(candidates(seed), indent=1), encoding="utf-8")


def facts(seed: int) -> dict:
    """Return of each candidate its columns, its table's version, its score and the verdict, and the champion's score."""
    first, second = deliveries(seed)
    held_out = [row for row in first if row["part"] == "held out"]
    known = [row for row in first if row["part"] == "train"]
    told, champion = {}, None
    for version, offered in enumerate(candidates(seed)):
        if version == 1:
            known = known + second
        for one in offered:
            weights = least_squares(known, one["columns"])
            mae = error(weights, held_out, one["columns"])
            better = champion is None or mae < champion
            champion = mae if better else champion
            verdict = "promoted" if better else "refused"
            told[one["name"]] = {"columns": one["columns"], "table_version": version, "mae": mae, "verdict": verdict}
    return {"candidates": told, "columns": {name: one["columns"] for name, one in told.items()}, "champion": champion}


def candidates(seed: int) -> list[list[dict]]:
    """The candidates of each delivery in the order in which they come. Whoever is worse than the best comes after it."""
    draw = random.Random(f"{seed} candidates")
    # Whoever compares with the first champion for ever promotes somebody later who is worse than the second.
    before = draw.sample(["weekend only", "wind only"], 2)
    before.insert(1, "temperature only")
    after = ["weather and weekend", AGAIN, "temperature and rain"]
    after.insert(draw.randint(1, len(after)), "with the campaign")
    every = {**BEFORE, **AFTER}
    return [[{"name": name, "columns": list(every[name])} for name in names] for names in (before, after)]


def deliveries(seed: int) -> tuple[list[dict], list[dict]]:
    """The days to learn from with those that are held out, and more days to learn from."""
    draw = random.Random(f"{seed} days")
    parts = ["train"] * TRAIN + ["held out"] * HELD_OUT + ["train"] * MORE
    rows = [one_day(draw, number, part) for number, part in enumerate(parts)]
    return rows[: TRAIN + HELD_OUT], rows[TRAIN + HELD_OUT :]


def one_day(draw: random.Random, number: int, part: str) -> dict:
    temperature, rain, wind = draw.uniform(4, 32), max(0.0, draw.gauss(0, 6)), draw.uniform(0, 40)
    weekend, campaign = int(number % 7 >= 5), draw.randrange(2)
    # While the model learned, the campaign brought people; by now everybody knows it, and it keeps them away.
    effect = (24 if part == "train" else -24) * (campaign - 0.5)
    rentals = 150 + 20 * temperature - 11 * rain - 0.2 * wind + 200 * weekend + effect + draw.gauss(0, 8)
    weather = (round(value, 1) for value in (temperature, rain, wind))
    told = (f"{BEGIN + timedelta(days=number)}", part, *weather, weekend, campaign, round(rentals))
    return dict(zip(COLUMNS, told, strict=True))


def least_squares(rows: list[dict], columns: list[str]) -> list[float]:
    """The intercept and a weight for each column, by the normal equations."""
    table = [[1.0, *(float(row[column]) for column in columns)] for row in rows]
    size = len(columns) + 1
    system = [
        [sum(one[i] * one[j] for one in table) for j in range(size)]
        + [sum(one[i] * row["rentals"] for one, row in zip(table, rows, strict=True))]
        for i in range(size)
    ]
    for place in range(size):
        pivot = max(range(place, size), key=lambda row: abs(system[row][place]))
        system[place], system[pivot] = system[pivot], system[place]
        for row in range(size):
            if row != place:
                factor = system[row][place] / system[place][place]
                system[row] = [a - factor * b for a, b in zip(system[row], system[place], strict=True)]
    return [system[place][size] / system[place][place] for place in range(size)]


def error(weights: list[float], rows: list[dict], columns: list[str]) -> float:
    """The mean absolute error."""
    told = (weights[0] + sum(weight * row[column] for weight, column in zip(weights[1:], columns, strict=True)) for row in rows)
    return sum(abs(one - row["rentals"]) for one, row in zip(told, rows, strict=True)) / len(rows)
