"""`make bench-burst`: a class that starts at once, and labs that were prepared, stock against ours.

Invariant: both arms run one after the other in one class that is made and forgotten here, after one unmeasured start of each;
nothing is asserted about speed, only about answers; errors are counted and shown.

usage: python -m tests.bench.burst [--students N] [--prepared N] [--spark N] [--rounds N] [--json] [--write]
"""

import argparse
import json
import signal
import sys
import time
import uuid
from collections.abc import Sequence

from lab_kernel import memory
from tests.bench import machine
from tests.bench.burst import arms, page
from tests.bench.burst.students import Burst, first_cell, press, with_spark
from tests.bench.stack import own_class
from tests.bench.table import Row, text
from tests.helpers.hub_client import Person
from tests.helpers.stack import Stack

STUDENTS, PREPARED, ROUNDS = 30, 5, 1
GOAL_BURST, GOAL_PREPARED, GOAL_ERRORS = 0.6, 0.2, 0.0
COURSE = "bench"
# So many use Spark after the burst, all at the same time in the end, and their memory is measured.
SPARK_LABS = 3


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def names(arm: str, count: int) -> list[str]:
    return [f"{arm}{uuid.uuid4().hex[:6]}" for _ in range(count)]


class Found:
    """What one arm gave."""

    def __init__(self) -> None:
        self.bursts: list[Burst] = []
        self.clicks: list[float] = []
        self.memory: list[float] = []
        self.spark: list[float] = []
        # How many used Spark in the end, and what the machine had left then.
        self.together: list[float] = []
        self.left: list[float] = []
        self.class_itself: list[float] = []

    def burst(self, arm: str, people: Sequence[Person]) -> None:
        say(f"{arm}: {len(people)} press Start")
        burst = press(people, say)
        say(f"{arm}: the last kernel ran after {burst.last:.1f} s, {len(burst.errors)} error(s)")
        self.bursts.append(burst)

    def close(self) -> None:
        for kernel in self.bursts[-1].kernels:
            kernel.close()

    def click(self, arm: str, person: Person) -> None:
        began = time.monotonic()
        first_cell(person).close()
        self.clicks.append(time.monotonic() - began)
        say(f"{arm}: click to first cell {self.clicks[-1]:.2f} s")


def stock_round(of: Stack, found: Found, students: int, clicks: int) -> None:
    with arms.stock_hub(of):
        people = arms.stock_people(of, names("stock", 1 + clicks + students))
        first_cell(people[0]).close()
        for person in people[1 : 1 + clicks]:
            found.click("stock", person)
        arms.end_labs(of, "stock-")
        found.burst("stock", people[1 + clicks :])
        found.memory += arms.lab_memory_mb(of, "stock-")
        found.close()
        # Its hub forgets them with its database.
        arms.end_labs(of, "stock-")


def our_round(of: Stack, found: Found, prepared: Found, students: int, clicks: int, spark: int) -> None:
    people = arms.our_people(of, names("ours", 1 + clicks + students))
    first_cell(people[0]).close()
    people[0].stop()
    for person in people[1 : 1 + clicks]:
        found.click("ours, cold", person)
        person.stop()
    ready = people[1 : 1 + clicks]
    of.script("member", COURSE, " ".join(person.name for person in ready), "student")
    say(of.script("prepared", COURSE, " ".join(person.name for person in ready), seconds=1200))
    prepared.memory += arms.lab_memory_mb(of, "lab-")
    for person in ready:
        prepared.click("ours, prepared", person)
    for person in ready:
        person.stop()
    found.burst("ours", people[1 + clicks :])
    found.memory += arms.lab_memory_mb(of, "lab-")
    found.class_itself.append(arms.class_memory_mb(of))
    using = with_spark(found.bursts[-1].kernels[:spark], say)
    for kernel in using:
        found.spark += arms.lab_memory_mb(of, f"lab-{kernel.lab.person.name}")
    say(f"ours: labs with Spark use {min(found.spark, default=0):.0f} to {max(found.spark, default=0):.0f} MB each")
    found.together.append(float(len(using)))
    found.left.append((memory.available() or 0) / 2**20)
    found.close()
    for person in people[1 + clicks :]:
        person.stop()


def rows(students: int, stock: Found, ours: Found, prepared: Found) -> list[Row]:
    def per_burst(found: Found, value) -> tuple[float, ...]:
        return tuple(value(burst) for burst in found.bursts)

    def typical(burst: Burst) -> float:
        ordered = sorted(burst.seconds) or [float("nan")]
        return ordered[len(ordered) // 2]

    made = [
        Row(f"{students} press at once → last running kernel", "s", per_burst(ours, lambda burst: burst.last),
            per_burst(stock, lambda burst: burst.last), GOAL_BURST),
        Row("  the median student", "s", per_burst(ours, typical), per_burst(stock, typical)),
        Row("  errors that students saw", "", per_burst(ours, lambda burst: float(len(burst.errors))), goal=GOAL_ERRORS),
        Row("  errors that students saw, stock", "", per_burst(stock, lambda burst: float(len(burst.errors)))),
        Row("  one lab after it, a kernel in it", "MB", tuple(ours.memory), tuple(stock.memory)),
        Row("  one lab, a table written with Spark", "MB", tuple(ours.spark)),
        Row("  so many wrote one, beside Spark that was started ahead", "", tuple(ours.together)),
        Row("  what the machine had left then", "MB", tuple(ours.left)),
        Row("  the class itself, without its labs", "MB", tuple(ours.class_itself)),
    ]
    if prepared.clicks:
        made += [
            Row("click → first cell, lab prepared", "s", tuple(prepared.clicks), tuple(stock.clicks), GOAL_PREPARED),
            Row("click → first cell, cold", "s", tuple(ours.clicks), tuple(stock.clicks)),
            Row("  one prepared lab, before the click", "MB", tuple(prepared.memory)),
        ]
    return made


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench-burst", description="A class that starts at once, stock against ours.")
    parser.add_argument("--students", type=int, default=STUDENTS)
    parser.add_argument("--prepared", type=int, default=PREPARED, help="labs that are prepared, and cold clicks of each arm")
    parser.add_argument("--spark", type=int, default=SPARK_LABS, help="labs that use Spark after the burst, as memory allows")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="bursts of each arm")
    parser.add_argument("--json", action="store_true", help="print JSON instead of the table")
    parser.add_argument("--write", action="store_true", help="update docs/benchmarks.md too")
    options = parser.parse_args(arguments)
    if options.write and options.students < STUDENTS:
        parser.error(f"--write needs {STUDENTS} students")
    # Whoever stops it, by `timeout` too, finds nothing left of its class.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    stock, ours, prepared = Found(), Found(), Found()
    with own_class() as made:
        for number in range(options.rounds):
            # Whoever goes first finds a colder machine: it changes with the round.
            order = [
                lambda: our_round(made, ours, prepared, options.students, options.prepared, options.spark),
                lambda: stock_round(made, stock, options.students, options.prepared),
            ]
            for arm in order if number % 2 == 0 else reversed(order):
                arm()
    table = rows(options.students, stock, ours, prepared)
    if options.json:
        print(json.dumps({"machine": machine.describe(), "rows": [row.data() for row in table]}, indent=1))
    else:
        print(text(table))
    for error in [*stock.bursts[0].errors][:3]:
        say(f"stock, as an example: {error}")
    if options.write:
        say(f"wrote {page.write(machine.describe(), table)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
