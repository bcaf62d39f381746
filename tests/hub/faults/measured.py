"""How long each fault took, and the page that says so.

Invariant: the table between the marks of docs/reliability.md is made from the registry and from what test runs have seen; a row
that a run did not do keeps what was seen before. A test run writes it only when asked to: `make test-hub WRITE=1`.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from tests.helpers.versions import ROOT
from tests.hub.faults.registry import BY_NAME, FAULTS, Fault

PAGE = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- faults: made by make test-hub WRITE=1 -->", "<!-- /faults -->"
HEADER = ("fault", "what holds", "over when", "bound", "seen", "somebody has to", "test")
NOT_SEEN = "–"
_SEEN = re.compile(r"(\d+\.\d) s(?:, the longest of (\d+))?")
LATE = "{name}: {until} after {seconds:.1f} s, and the bound is {bound:g} s"
NO_TABLE = f"{PAGE.name} has no {BEGIN} and {END}"


class Measured:
    """What this run has seen: for each fault the seconds of each time that it was done."""

    def __init__(self) -> None:
        self.seen: dict[str, list[float]] = {}

    def recovered(self, name: str, seconds: float) -> None:
        """Note that this fault was over after so long; fail if that is longer than its bound."""
        fault = BY_NAME[name]
        print(f"{name}: {seconds:.2f} s of {fault.seconds:g} s")
        assert seconds <= fault.seconds, LATE.format(name=name, until=fault.until, seconds=seconds, bound=fault.seconds)
        self.seen.setdefault(name, []).append(seconds)

    def texts(self) -> dict[str, str]:
        """Return what the page says of each fault that was done."""
        made = {}
        for name, seconds in self.seen.items():
            many = f", the longest of {len(seconds)}" if len(seconds) > 1 else ""
            made[name] = f"{max(seconds):.1f} s{many}"
        return made

    def write_if_asked(self) -> None:
        if os.environ.get("WRITE") and self.seen:
            write(self.texts())


def row(fault: Fault, seen: str) -> str:
    name, _, test = fault.test.partition("::")
    cells = (fault.what, fault.holds, fault.until, f"{fault.seconds:g} s", seen, fault.step, f"`{name}` `{test}`")
    return "| " + " | ".join(cells) + " |"


def table(seen: Mapping[str, str]) -> str:
    lines = [f"| {' | '.join(HEADER)} |", "|---" * len(HEADER) + "|"]
    return "\n".join(lines + [row(fault, seen.get(fault.name, NOT_SEEN)) for fault in FAULTS])


def split(page: str) -> tuple[str, str, str]:
    """Return what is before, between and after the marks. Raises ValueError without them."""
    before, begin, rest = page.partition(BEGIN)
    between, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(NO_TABLE)
    return before, between.strip(), after


def read(page: str) -> dict[str, str]:
    """Return what the page says was seen, by fault; a row is known by its first cell."""
    by_what = {fault.what: fault.name for fault in FAULTS}
    rows = [line.strip("| ").split(" | ") for line in split(page)[1].splitlines()[2:]]
    return {by_what[cells[0]]: cells[HEADER.index("seen")] for cells in rows if cells[0] in by_what}


def longest(seen: str) -> float:
    """Return the seconds of a cell. Raises ValueError when there are none."""
    found = _SEEN.fullmatch(seen)
    if found is None:
        raise ValueError(seen)
    return float(found[1])


def write(seen: Mapping[str, str], path: Path = PAGE) -> None:
    page = path.read_text(encoding="utf-8")
    before, _, after = split(page)
    path.write_text(f"{before}{BEGIN}\n{table({**read(page), **seen})}\n{END}{after}", encoding="utf-8")
