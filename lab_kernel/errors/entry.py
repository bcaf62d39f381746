"""What is known of one kind of error.

Invariant: texts may use the fields of Facts and the named groups of their own pattern. `row` is the row of the
list of well-known breakages that the entry stands for; None for those beyond it.
"""

import re
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Entry:
    """One known error. `fact` must be true in Facts for it to match; without patterns, only that."""

    id: str
    row: int | None
    title: str
    why: str
    next: str
    patterns: tuple[str, ...] = ()
    fact: str | None = None
    compiled: tuple[re.Pattern, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        compiled = tuple(re.compile(pattern, re.DOTALL) for pattern in self.patterns)
        object.__setattr__(self, "compiled", compiled)
