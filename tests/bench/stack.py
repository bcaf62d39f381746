"""What a person waits for: a second `make up`, and from the click to the first answered cell.

Invariant: measured on a class of its own, made and forgotten here; images have been built before.
"""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Found:
    """Seconds, one for each round."""

    again: list[float] = field(default_factory=list)
    click: dict[str, list[float]] = field(default_factory=dict)


def measure(rounds: int, say: Callable[[str], None]) -> Found:
    raise SystemExit("not yet")
