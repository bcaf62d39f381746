"""Twenty hostile submissions, and an honest one, through both graders.

Invariant: the text of an answer is the same in both. An arm that does not give full marks to the honest answer, or any to what was
handed out, stops the bench. Stock has the tests that the exercise has as checks, and grades on the same data.
"""

import copy
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from exercises.runner.grading import Grader
from exercises.runner.sandbox import Sandbox
from tests.bench.exercises.there import There
from tests.exercises.hostile import exam, forged

OWNER = "dataflow-bench-hostile"
AT_ONCE = 2
# Those that were written against our own judge and still say something to another, and, below, those against tests in the kernel.
CRIMES = (
    "answers_for_the_kernel",
    "copies_the_visible_seed",
    "ends_the_kernel",
    "hunts_for_the_hidden_checks",
    "leaves_a_mark_for_the_next",
    "leaves_by_sys_exit",
    "lies_in_its_error",
    "looks_for_the_mark_of_another",
    "patches_the_readers",
    "prints_what_is_no_text",
    "raises_what_cannot_be_told",
    "writes_the_verdict",
    "builds_the_table_from_the_test",
    "empties_the_cells_that_follow",
    "is_equal_to_everything",
    "pays_itself_in_the_grade_book",
    "swallows_every_error",
    "takes_the_asserts_out",
)
FORGED = (forged.forged_outputs, forged.forged_metadata)
HONEST, UNTOUCHED = "honest", "untouched"
ROWS = """
import csv
rows = [int(row["amount"]) for row in csv.DictReader(open("data/numbers.csv"))]
assert spark.table("silver.numbers").count() == len([amount for amount in rows if amount >= 0])
"""
TOTAL = """
### BEGIN HIDDEN TESTS
total = sum(row["amount"] for row in spark.table("silver.numbers").collect())
assert total == {total}
### END HIDDEN TESTS
"""

UNFAIR = "the {arm} arm gave {points:g} points to {name}, so what it gives to others says nothing"


class Unfair(AssertionError):
    """An arm does not grade honest work as it should."""


def submissions() -> dict[str, dict[str, Any]]:
    """Return the notebooks by their names, the honest one and the untouched one among them."""
    known = exam.crimes()
    made = {name: exam.answered(known[name]) for name in CRIMES} | {make.__name__: make() for make in FORGED}
    return {**made, HONEST: exam.answered(exam.HONEST), UNTOUCHED: exam.handed_out()}


def here(image: str) -> dict[str, float]:
    """Return the points of each by the runner's own grader."""
    sandbox = Sandbox(image, owner=OWNER)
    sandbox.sweep()
    grader, wanted = Grader(sandbox), submissions()
    try:
        with ThreadPoolExecutor(AT_ONCE) as threads:
            verdicts = threads.map(lambda one: grader.grade(exam.exercise(), one).points, wanted.values())
            return fair("our", dict(zip(wanted, verdicts, strict=True)))
    finally:
        sandbox.sweep()


def prepare(arm: There) -> None:
    """Lay out what the stock arm makes its course of."""
    arm.put("/tmp/assignment.ipynb", json.dumps(assignment()).encode())
    for name, seed in (("visible", exam.VISIBLE_SEED), ("hidden", exam.HIDDEN_SEED)):
        rows = "".join(f"{number},{amount}\n" for number, amount in exam.numbers(seed))
        arm.put(f"/tmp/{name}.csv", f"id,amount\n{rows}".encode())


def there(arm: There) -> dict[str, float]:
    """Return the points of each by nbgrader's autograder."""
    prepare(arm)
    for name, one in submissions().items():
        arm.put(f"/tmp/hostile/{name}.ipynb", json.dumps(with_tests(one)).encode())
    return fair("stock", arm.run("grade", "/tmp/hostile"))


def fair(arm: str, points: dict[str, float]) -> dict[str, float]:
    """Return the points of the hostile ones. Raises Unfair."""
    for name, wanted in ((HONEST, exam.POINTS), (UNTOUCHED, 0.0)):
        if (given := points.pop(name)) != wanted:
            raise Unfair(UNFAIR.format(arm=arm, points=given, name=name))
    return points


def assignment() -> dict[str, Any]:
    """The exercise as an instructor writes it for nbgrader: the tests are cells behind the answer."""
    made = copy.deepcopy(exam.handed_out())
    for one in made["cells"]:
        one["metadata"]["nbgrader"] |= {"task": False, "cell_type": "code"}
    return {**made, "cells": made["cells"] + tests()}


def tests() -> list[dict[str, Any]]:
    total = exam.facts(exam.HIDDEN_SEED)["sum"]
    found = []
    for name, points, source in (("rows", 4, ROWS), ("total", 6, TOTAL.format(total=total))):
        one = exam.cell(source.strip("\n"), name)
        one["metadata"]["nbgrader"] |= {"grade": True, "points": points, "task": False, "cell_type": "code"}
        found.append(one)
    return found


def with_tests(submitted: dict[str, Any]) -> dict[str, Any]:
    """A submission as a student of that course hands it in: with the test cells, as they were released."""
    made = copy.deepcopy(submitted)
    released = tests()
    released[1]["source"] = ""
    return {**made, "cells": [*made["cells"], *released]}
