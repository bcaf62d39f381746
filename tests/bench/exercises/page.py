"""The part of docs/benchmarks.md that is about exercises.

Invariant: it is the page's last part, whole, from one run; the rest of the page is other benches' and stays.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.bench.page import EXERCISES, PAGE
from tests.bench.table import HEADER, MISSED, Row, markdown
from tests.helpers.versions import ROOT

TEXT = """\
{heading}

{summary}

`make bench-exercises ARGS=--write` measures this part and writes it, in about eight minutes; \
`ARGS="--only exchange --students 20"` is a quick look.

{table}

Of the hostile submissions these gained points on stock: {gained}.

- **stock** is nbgrader in the lab's image, with the same kernel; its tests are cells behind the answer, one of them hidden, and \
ask what our checks ask. Its autograder has the graders' data, as ours has. Each submission is graded in a course and a home of \
its own, so that none gains by another.
- Most of the hostile submissions were written against our own judge and do nothing to another; six are against tests that run in \
the student's kernel. All are in `tests/exercises/hostile`.
- Release, fetch, submit and collect are nbgrader's commands with its exchange in a local folder, each with the start of Python \
that a person waits for. Five students type theirs; the rest of the class is laid into the exchange in the form that `submit` \
gives it.
- **ours** is the service over HTTP with a real hub: every student fetches and submits, {at_once} at a time, while grading runs. \
Release is the push without the trial of the laws, which nbgrader has not. Nothing has to be collected: the row is the \
instructor's download of all of it.

Measured on {date}, {processors}, {memory}, Docker {docker}.
"""

ALL_HELD = "All goals were held."
SOME_MISSED = "These goals were missed: {names}."


def render(about: Mapping[str, str], rows: Sequence[Row], gained: Mapping[str, float], at_once: int) -> str:
    missed = [row.name.strip() for row in rows if row.verdict == MISSED]
    summary = SOME_MISSED.format(names="; ".join(missed)) if missed else ALL_HELD
    table = markdown(HEADER, (row.cells() for row in rows))
    names = ", ".join(f"`{name}` {points:g}" for name, points in gained.items() if points) or "none"
    return TEXT.format(heading=EXERCISES, summary=summary, table=table, gained=names, at_once=at_once, **about)


def write(about: Mapping[str, str], rows: Sequence[Row], gained: Mapping[str, float], at_once: int, path: Path = PAGE) -> Path:
    before = path.read_text(encoding="utf-8").partition(EXERCISES)[0].rstrip()
    path.write_text(f"{before}\n\n{render(about, rows, gained, at_once)}", encoding="utf-8")
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
