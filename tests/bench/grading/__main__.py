"""`make bench-grading`: grades silver submissions with both arms, in alternating blocks, and prints one table.

usage: python -m tests.bench.grading [--submissions N] [--blocks N]
"""

import argparse
import os
import sys

from tests.bench.grading.arms import Ours, Stock
from tests.bench.table import Row, text
from tests.helpers.versions import read

SUBMISSIONS, BLOCKS = 100, 5
# Stock's time divided by ours must be at least this.
GOAL = 1.5
# What a container costs a submission, seconds; of so many, one after the other.
GOAL_ISOLATION, ISOLATED = 1.0, 5


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench-grading", description="Submissions graded a minute, ours against nbgrader.")
    parser.add_argument("--submissions", type=int, default=SUBMISSIONS, help="of each arm, all blocks together")
    parser.add_argument("--blocks", type=int, default=BLOCKS)
    options = parser.parse_args(arguments)
    settings, workers = read(), os.cpu_count() or 1
    size = max(1, options.submissions // options.blocks)
    ours = Ours(settings, workers)
    stock = Stock(settings, ours)
    rates: dict[str, list[float]] = {"ours": [], "stock": []}
    try:
        for number in range(options.blocks):
            for name, arm in (("ours", ours), ("stock", stock)):
                seconds = arm.block(size)
                rates[name].append(60 * size / seconds)
                print(f"block {number + 1}, {name}: {size} in {seconds:.1f} s", file=sys.stderr, flush=True)
        costs = ours.isolation(ISOLATED)
    finally:
        ours.close()
        stock.close()
    row = Row("submissions graded a minute", "1/min", tuple(rates["ours"]), tuple(rates["stock"]))
    print(text([row, Row("isolation beyond the notebook's own time", "s", tuple(costs), goal=GOAL_ISOLATION)]))
    print(f"ratio {row.ratio:.2f}, goal at least {GOAL}: {'held' if row.ratio >= GOAL else 'missed'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
