"""`make bench`: measures stock against ours and prints one table.

Invariant: the arms alternate in one run (ABAB...), after one unmeasured pair that warms the host's
file cache for both; nothing is asserted about speed, only about results.

usage: python -m tests.bench [--json] [--write] [--rounds N] [--only PART...]
"""

import argparse
import json
import sys
from collections.abc import Iterable
from typing import Any

from tests.bench import image, machine, page, stack
from tests.bench.table import Row, text
from tests.helpers import lab
from tests.helpers.versions import read

ROUNDS = 5
SAMPLE_SECONDS = 400
ARMS = ("stock", "ours")

GOAL_START = 0.40
GOAL_MEMORY = 0.70
GOAL_IMAGE_GB = 2.0
GOAL_UP_SECONDS = 10.0

PROGRESS = "{arm}: {delta_seconds:.1f} s to the first Delta read-back, {memory_mb:.0f} MB idle"


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def sample(arm: str) -> dict[str, Any]:
    """Measure one arm once, in a fresh container with a lab's limits."""
    command = [lab.PYTHON, f"{lab.REPO}/tests/bench/kernel_arm.py", arm]
    run = lab.run(command, seconds=SAMPLE_SECONDS).raise_for_status()
    found = json.loads(next(x for x in run.log.splitlines() if x.startswith('{"arm"')))
    say(PROGRESS.format(**found))
    return found


def kernel_rows(rounds: int) -> Iterable[Row]:
    for arm in ARMS:
        sample(arm)
    samples: dict[str, list[dict[str, Any]]] = {arm: [] for arm in ARMS}
    for _ in range(rounds):
        for arm in ARMS:
            samples[arm].append(sample(arm))

    def values(arm: str, key: str) -> tuple[float, ...]:
        return tuple(round(found[key], 3) for found in samples[arm])

    def row(name: str, unit: str, key: str, goal: float | None) -> Row:
        return Row(name, unit, values("ours", key), values("stock", key), goal)

    yield row("kernel start → kernel answers", "s", "kernel_seconds", None)
    yield row("kernel start → first Delta write and read-back", "s", "delta_seconds", GOAL_START)
    yield row("idle Spark lab after that: kernel and JVM (PSS)", "MB", "memory_mb", GOAL_MEMORY)


def image_rows(_: int) -> Iterable[Row]:
    size = image.size_bytes(read()["LAB_IMAGE"]) / 1e9
    yield Row("lab image, uncompressed", "GB", (size,), goal=GOAL_IMAGE_GB)


def stack_rows(rounds: int) -> Iterable[Row]:
    found = stack.measure(rounds, say)
    yield Row("second `make up`", "s", tuple(found.again), goal=GOAL_UP_SECONDS)
    for name, values in found.click.items():
        yield Row(name, "s", tuple(values))


PARTS = {"kernel": kernel_rows, "image": image_rows, "stack": stack_rows}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench", description="Measure stock against ours.")
    parser.add_argument("--json", action="store_true", help="print JSON instead of the table")
    parser.add_argument("--write", action="store_true", help="update docs/benchmarks.md too")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="samples of each arm")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    options = parser.parse_args(arguments)
    if options.write and (options.rounds < ROUNDS or set(options.only) != set(PARTS)):
        parser.error(f"--write needs every part and at least {ROUNDS} rounds")
    rows = [row for part in options.only for row in PARTS[part](options.rounds)]
    space = [*image.parts(), *image.packages()] if "image" in options.only else []
    about = machine.describe()
    if options.json:
        data = {"machine": about, "rows": [row.data() for row in rows], "image_mb": dict(space)}
        print(json.dumps(data, indent=1))
    else:
        print(text(rows))
        for name, size in space:
            print(f"  {size:>6.0f} MB  {name}")
    if options.write:
        say(f"wrote {page.write(about, rows, image.parts(), image.packages())}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
