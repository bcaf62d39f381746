"""The part of docs/benchmarks.md that is about a class that starts at once.

Invariant: it is one part of the page, whole, from one run; the rest of the page is other benches' and stays.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.bench.page import BURST, EXERCISES, PAGE
from tests.bench.table import HEADER, MISSED, Row, markdown
from tests.helpers.versions import ROOT

TEXT = """\
{heading}

{summary}

`make bench-burst ARGS=--write` measures this part and writes it; `make bench-burst ARGS="--students 8"` is a quick look.

{table}

- All press at the same moment; a student's time ends when a cell of a new kernel has answered, through the proxy. \
Who sees an error presses again, after a second; every such error is counted.
- **stock** is JupyterHub with DockerSpawner and their defaults, in the place of our hub: the same machine, engine, \
proxy, networks, image and limits, and `jupyterhub-singleuser` as the image's command. It brings no course into the \
home. **ours** is the class as `make up` starts it, with newcomers.
- After the burst, labs write a table with Spark one after the other, until so many have it at the same time as were asked for \
(`--spark`) or one more would leave less of the machine's memory than one lab may need.
- A prepared lab is the student's own, started by `make prepare` before the click; its memory is what it uses until then.

Measured on {date}, {processors}, {memory}, Docker {docker}.
"""

ALL_HELD = "All goals were held."
SOME_MISSED = "These goals were missed: {names}."


def render(about: Mapping[str, str], rows: Sequence[Row]) -> str:
    missed = [row.name.strip() for row in rows if row.verdict == MISSED]
    summary = SOME_MISSED.format(names="; ".join(missed)) if missed else ALL_HELD
    return TEXT.format(heading=BURST, summary=summary, table=markdown(HEADER, (row.cells() for row in rows)), **about)


def write(about: Mapping[str, str], rows: Sequence[Row], path: Path = PAGE) -> Path:
    before, heading, after = path.read_text(encoding="utf-8").partition(EXERCISES)
    before = before.partition(BURST)[0].rstrip()
    path.write_text(f"{before}\n\n{render(about, rows)}" + (f"\n{heading}{after}" if heading else ""), encoding="utf-8")
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
