"""Seeded choices that are the same on every Python.

Invariant: only `Random.random()` is used, the one method whose sequence Python promises to keep, and
everything after it is integer arithmetic, so neither a new Python nor another C library changes a bit.
"""

import bisect
import itertools
import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Draw:
    """One stream of choices for a seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed).random

    def below(self, limit: int) -> int:
        """A whole number from 0 to limit - 1."""
        return int(self._random() * limit)

    def one_of(self, choices: Sequence[T]) -> T:
        return choices[self.below(len(choices))]

    def sample(self, choices: Sequence[T], count: int) -> list[T]:
        """`count` different places of a sequence, in drawn order."""
        left = list(choices)
        for place in range(count):
            other = place + self.below(len(left) - place)
            left[place], left[other] = left[other], left[place]
        return left[:count]


class Weighted:
    """A choice in which each option has a whole-number weight."""

    def __init__(self, weights: dict[T, int]) -> None:
        self._options = list(weights)
        self._sums = list(itertools.accumulate(weights.values()))

    def pick(self, draw: Draw) -> T:
        return self._options[bisect.bisect_right(self._sums, draw.below(self._sums[-1]))]
