"""`make bench-exercises`: what hostile submissions gain on stock nbgrader and here, and handing out and collecting, there and here.

usage: python -m tests.bench.exercises [--students N] [--only hostile|exchange] [--write]
"""

import argparse
import signal
import sys
from collections.abc import Sequence

from tests.bench import machine
from tests.bench.exercises import exchange, hostile, page
from tests.bench.exercises.there import There
from tests.bench.table import Row, text
from tests.helpers.versions import read

STUDENTS = 300
HOSTILE, EXCHANGE = "hostile", "exchange"
STEPS = {
    "release": "release an assignment",
    "fetch": "  one student fetches it",
    "submit": "  one student submits",
    "collect": "collect {students} submissions",
}


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench-exercises", description="Exercises against stock nbgrader.")
    parser.add_argument("--students", type=int, default=STUDENTS)
    parser.add_argument("--only", choices=(HOSTILE, EXCHANGE), help="one half of it")
    parser.add_argument("--write", action="store_true", help="update docs/benchmarks.md too")
    options = parser.parse_args(arguments)
    if options.write and (options.only or options.students < STUDENTS):
        parser.error(f"--write needs both halves and {STUDENTS} students")
    # Whoever stops it, by `timeout` too, finds nothing left of it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    settings = read()
    rows: list[Row] = []
    gained: dict[str, float] = {}
    arm = There(settings)
    try:
        if options.only != EXCHANGE:
            gained = hostile.there(arm)
            say(f"stock: {sum(map(bool, gained.values()))} of {len(gained)} gained points")
            ours = hostile.here(settings["LAB_IMAGE"])
            say(f"ours: {sum(map(bool, ours.values()))} of {len(ours)} gained points")
            rows += _gains(ours, gained)
        if options.only != HOSTILE:
            hostile.prepare(arm)
            there = exchange.there(arm, options.students)
            say(f"stock: {there['collect'][0]:.1f} s to collect {options.students}")
            here = exchange.here(options.students)
            say(f"ours: {here['collect'][0]:.1f} s to download {options.students}")
            for step, name in STEPS.items():
                rows.append(Row(name.format(students=options.students), "s", tuple(here[step]), tuple(there[step])))
    finally:
        arm.close()
    print(text(rows))
    for name, points in gained.items():
        if points:
            say(f"stock gave {points:g} points to {name}")
    if options.write:
        say(f"wrote {page.write(machine.describe(), rows, gained, exchange.AT_ONCE)}")
    return 0


def _gains(ours: dict[str, float], stock: dict[str, float]) -> list[Row]:
    def count(points: dict[str, float]) -> tuple[float]:
        return (float(sum(map(bool, points.values()))),)

    return [
        Row(f"hostile submissions that gain points, of {len(ours)}", "", count(ours), goal=0.0),
        Row("  the same, on stock", "", count(stock)),
        Row("  points gained", "", (sum(ours.values()),), goal=0.0),
        Row("  points gained, on stock", "", (sum(stock.values()),)),
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
