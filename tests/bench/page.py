"""docs/benchmarks.md, made from one run of the bench.

Invariant: the whole page is generated; what a goal misses is said in its first lines. The part about bursts is another run's.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tests.bench.table import HEADER, MISSED, Row, markdown
from tests.helpers.versions import ROOT

PAGE = ROOT / "docs" / "benchmarks.md"
# Where another bench's part begins (tests/bench/burst/page.py), which stays as it is.
BURST = "## Thirty at once"
# The page's last part is one more bench's (tests/bench/exercises/page.py).
EXERCISES = "## Exercises, against nbgrader"

TEXT = """\
# Measured

{summary}

`make bench` prints these figures for the machine it runs on; `make bench ARGS=--write` also \
writes this page. Nothing here is asserted by a test: machines differ. Each value is the median, \
with the smallest and the largest in brackets.

{table}

- **stock** is a plain IPython kernel in the same image, under the same limits, with the JVM's \
default flags and no AOT cache; Spark has the jars and the two Delta settings, and nothing else. \
**ours** is the lab's own kernel.
- The arms alternate in one run, each sample in a fresh container without network, after one \
unmeasured pair. Both run the same cell, whose result is checked.
- Memory is the proportional set size of the kernel and its JVM, some seconds after that cell.
- "click" is the request that a person's Start button makes, on a hub of its own; its parts follow.

## The machine

{machine}

## What takes the space in the lab image

{parts}

The largest Python packages:

{packages}
"""

ALL_HELD = "All goals were held on {date}."
SOME_MISSED = "On {date} these goals were missed: {names}."
# Why a goal is missed, for those rows of which it is known.
WHY = {
    "kernel start → first Delta write and read-back": (
        "Of our seconds, 0.6 are the kernel's own start and about 2 the session's; the rest is the first write and "
        "read-back itself: the AOT cache brings classes and profiles, and the JVM still compiles the code."
    ),
}


def render(
    about: Mapping[str, str],
    rows: Sequence[Row],
    parts: Iterable[tuple[str, float]],
    packages: Iterable[tuple[str, float]],
) -> str:
    missed = [row.name for row in rows if row.verdict == MISSED]
    summary = SOME_MISSED if missed else ALL_HELD
    why = "".join(f" {WHY[name]}" for name in missed if name in WHY)
    return TEXT.format(
        summary=summary.format(date=about["date"], names="; ".join(missed)) + why,
        table=markdown(HEADER, (row.cells() for row in rows)),
        machine=markdown(("", ""), about.items()),
        parts=markdown(("part", "MB"), _sizes(parts)),
        packages=markdown(("package", "MB"), _sizes(packages)),
    )


def write(*measured: object, path: Path = PAGE) -> Path:
    path.parent.mkdir(exist_ok=True)
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    others = min((place for heading in (BURST, EXERCISES) if (place := before.find(heading)) >= 0), default=len(before))
    path.write_text(render(*measured) + ("\n" + before[others:] if before[others:] else ""), encoding="utf-8")  # type: ignore[arg-type]
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path


def _sizes(pairs: Iterable[tuple[str, float]]) -> list[tuple[str, str]]:
    return [(name, f"{size:.0f}") for name, size in pairs]
