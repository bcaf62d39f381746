"""Errors that students meet, in plain words: what happened, why, what to do next.

Invariant: an explanation is added above an error and never replaces it; the exception still propagates,
so a cell that failed has failed for every tool that runs notebooks.
"""

from lab_kernel.errors.table import ENTRIES, Entry
from lab_kernel.errors.translate import Explanation, Facts, translate

__all__ = ["ENTRIES", "Entry", "Explanation", "Facts", "translate"]
