"""Measurements as rows, and rows as text.

Invariant: pure. A ratio is ours divided by stock of the medians of one interleaved run; a goal is
held when the value is at most the goal.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

HELD, MISSED, NO_GOAL = "held", "missed", ""

HEADER = ("measure", "unit", "stock", "ours", "ratio", "goal", "")


@dataclass(frozen=True)
class Row:
    """One measure. ``goal`` is an upper limit, of the ratio if there is a stock value, else of
    the value itself."""

    name: str
    unit: str
    ours: tuple[float, ...]
    stock: tuple[float, ...] = ()
    goal: float | None = None

    @property
    def value(self) -> float:
        return median(self.ours)

    @property
    def ratio(self) -> float | None:
        return self.value / median(self.stock) if self.stock else None

    @property
    def verdict(self) -> str:
        if self.goal is None:
            return NO_GOAL
        compared = self.value if self.ratio is None else self.ratio
        return HELD if compared <= self.goal else MISSED

    def cells(self) -> tuple[str, ...]:
        stock = spread(self.stock) if self.stock else "–"
        ratio = "–" if self.ratio is None else f"{self.ratio:.2f}"
        goal = "–" if self.goal is None else f"≤ {self.goal:.2f}"
        return (self.name, self.unit, stock, spread(self.ours), ratio, goal, self.verdict)

    def data(self) -> dict[str, Any]:
        return {**asdict(self), "ratio": self.ratio, "verdict": self.verdict}


def spread(values: Sequence[float]) -> str:
    """Return the median, with the smallest and largest value when there are several."""
    middle = f"{median(values):.2f}"
    return middle if len(values) == 1 else f"{middle} ({min(values):.2f}–{max(values):.2f})"


def text(rows: Iterable[Row]) -> str:
    """Return a table for a terminal."""
    lines = [HEADER, *(row.cells() for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEADER))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def markdown(header: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """Return a table for a page."""
    rule = ["---"] * len(header)
    return "\n".join("| " + " | ".join(line) + " |" for line in [header, rule, *lines])
