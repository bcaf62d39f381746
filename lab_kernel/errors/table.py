"""The table: which words in an error mean what.

Invariant: the first entry that matches is the explanation, so special cases come before general ones: first that Spark is gone,
because then every other word in the error is only what it said last.
"""

from lab_kernel.errors.entries import limits, lost, parts, services, start, streams, tables
from lab_kernel.errors.entry import Entry

GROUPS = (lost, start, parts, services, streams, limits, tables)
ENTRIES: tuple[Entry, ...] = tuple(entry for group in GROUPS for entry in group.ENTRIES)
