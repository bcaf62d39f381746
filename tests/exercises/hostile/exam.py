"""One small exercise, and the ways to hand something in for it.

Invariant: the honest answer earns everything on every seed, the exercise as it was handed out nothing.
"""

import json
import random
from functools import cache
from pathlib import Path
from typing import Any

from exercises.runner.grading import Exercise
from exercises.runner.limits import MB

CRIMES = Path(__file__).parent / "crimes"
VISIBLE_SEED, HIDDEN_SEED = 1, 905_117
SECONDS = 20
POINTS = 10.0

CHECKS = '''
from exercises.checks import CheckFailed, check

@check("rows", points=4, message="The number of rows is wrong.")
def rows(result):
    found = len(result.table("silver", "numbers").rows())
    if found != result.facts["good"]:
        raise CheckFailed(f"silver.numbers has {found} rows.")

@check("the total", points=6, visible=False, message="the-hidden-total-is-wrong-7f3a")
def total(result):
    assert sum(row["amount"] for row in result.table("silver", "numbers").rows()) == result.facts["sum"]
'''


def cell(source: str, name: str, *, answer: bool = False) -> dict[str, Any]:
    told = {"grade_id": name, "solution": answer, "grade": False, "locked": not answer, "schema_version": 3}
    made = {"cell_type": "code", "id": name, "metadata": {"nbgrader": told}, "source": source}
    return {**made, "outputs": [], "execution_count": None}


def notebook(*cells: dict[str, Any]) -> dict[str, Any]:
    kernel = {"name": "dataflow-spark", "display_name": "Spark + Delta"}
    return {"cells": list(cells), "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


# Without Spark, so that a crime that needs none does not wait for it.
READ = cell(
    'import csv\n\nraw = [(int(row["id"]), int(row["amount"])) for row in csv.DictReader(open("data/numbers.csv"))]', "read"
)
HONEST = (
    "good = [row for row in raw if row[1] >= 0]\n"
    'spark.createDataFrame(good, "id INT, amount INT").write.format("delta").saveAsTable("silver.numbers")'
)


def handed_out() -> dict[str, Any]:
    return notebook(READ, cell("# your answer", "answer", answer=True))


def answered(source: str) -> dict[str, Any]:
    return notebook(READ, cell(source, "answer", answer=True))


def numbers(seed: int) -> list[tuple[int, int]]:
    chance = random.Random(seed)
    return [(number, chance.randint(-20, 100)) for number in range(300)]


def facts(seed: int) -> dict[str, int]:
    good = [amount for _, amount in numbers(seed) if amount >= 0]
    return {"good": len(good), "sum": sum(good)}


@cache
def exercise() -> Exercise:
    rows = "".join(f"{number},{amount}\n" for number, amount in numbers(HIDDEN_SEED))
    hidden = {"data/numbers.csv": ("id,amount\n" + rows).encode(), "facts.json": json.dumps(facts(HIDDEN_SEED)).encode()}
    return Exercise(handed_out(), CHECKS.encode(), hidden, seconds=SECONDS, memory=1536 * MB)


def crimes() -> dict[str, str]:
    """The answers in crimes/ by their names. What is known of the visible seed is known to whoever writes one."""
    visible = f"VISIBLE = {[row for row in numbers(VISIBLE_SEED) if row[1] >= 0]}\n"
    found = {path.stem: path.read_text(encoding="utf-8") for path in sorted(CRIMES.glob("*.py"))}
    return {name: (visible if "VISIBLE" in source else "") + source for name, source in found.items()}
