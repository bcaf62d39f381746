"""The table: which words in an error mean what.

Invariant: the first entry that matches is the explanation, so special cases come before general ones: first that the class's
cluster or this lab's Spark is gone, because then every other word in the error is only what it said last; the class's own storage
and Kafka before servers of their kind.
"""

from lab_kernel.errors.entries import cluster, kafka, limits, lost, parts, services, start, storage, streams, tables
from lab_kernel.errors.entry import Entry

GROUPS = (cluster, lost, start, parts, storage, kafka, services, streams, limits, tables)
ENTRIES: tuple[Entry, ...] = tuple(entry for group in GROUPS for entry in group.ENTRIES)
