"""A plan as plain values: what lessons and checks assert on.

Invariant: nothing here refers to Spark, so a plan stays readable after its Spark has ended; children
are what a node reads from, in Spark's order.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lab_kernel.plan import messages

EXCHANGE, BROADCAST, REUSED = "exchange", "broadcast", "reused"
SCAN, JOIN, PYTHON, CACHE, SHUFFLE_READ = "scan", "join", "python", "cache", "shuffle_read"
OTHER = "other"


@dataclass(frozen=True)
class Node:
    """One step of a plan.

    `name` is Spark's, `kind` one of this module's, `detail` a text for people. `rows` is how many rows
    it gave, as Spark has counted them, or None. `facts` has what `detail` says as values:

    exchange: partitioning (hash, range, single, round robin), by, partitions; after a run bytes
    broadcast: after a run bytes
    scan: columns, files, bytes, partitions, partition_filters, pushed_filters (what the source knows)
    join: how (broadcast hash, sort merge, …), type, keys, skewed
    shuffle_read: partitions, coalesced, skewed, local
    cache: filled
    """

    name: str
    kind: str = OTHER
    detail: str = ""
    rows: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    children: "tuple[Node, ...]" = ()
    subquery: bool = False

    def __getitem__(self, fact: str) -> Any:
        """A fact by its name; KeyError says which there are."""
        if fact not in self.facts:
            known = ", ".join(self.facts) or "nothing"
            raise KeyError(messages.NO_FACT.format(node=self.name, fact=fact, known=known))
        return self.facts[fact]

    def walk(self) -> "Iterator[Node]":
        """This node and all below it, in the order in which the tree is printed."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, repr=False)
class Plan:
    """The plan of one query. As a cell's last value it shows itself as a tree.

    `final` is True if it cannot change any more: AQE has finished it, or takes no part in it. After
    `plan(df, run=True)`, `seconds` is how long the run took and `execution` its number on Spark's SQL
    page and in its REST API (sql/<number>); both are None otherwise.
    """

    root: Node
    final: bool
    seconds: float | None = None
    execution: int | None = None

    @property
    def nodes(self) -> list[Node]:
        """All nodes, from the result down to the sources."""
        return list(self.root.walk())

    @property
    def exchanges(self) -> list[Node]:
        """The shuffles. One that is reused counts once."""
        return self._of(EXCHANGE)

    @property
    def broadcasts(self) -> list[Node]:
        """Tables that are sent to every task. One that is reused counts once."""
        return self._of(BROADCAST)

    @property
    def scans(self) -> list[Node]:
        """Where rows come from: files, ranges, local rows."""
        return self._of(SCAN)

    @property
    def joins(self) -> list[Node]:
        return self._of(JOIN)

    @property
    def shuffle_reads(self) -> list[Node]:
        """Where AQE has changed how the partitions of a shuffle are read."""
        return self._of(SHUFFLE_READ)

    @property
    def pythons(self) -> list[Node]:
        """Where rows travel to Python and back."""
        return self._of(PYTHON)

    @property
    def caches(self) -> list[Node]:
        """Where rows come from the cache; what made them is not part of this plan."""
        return self._of(CACHE)

    def named(self, name: str) -> list[Node]:
        """The nodes of this name, such as Filter; upper and lower case are the same."""
        return [node for node in self.nodes if node.name.casefold() == name.casefold()]

    def _of(self, kind: str) -> list[Node]:
        return [node for node in self.nodes if node.kind == kind]

    def __repr__(self) -> str:
        from lab_kernel.plan import show

        return show.text(self)

    def _repr_html_(self) -> str:
        from lab_kernel.plan import show

        return show.page(self)
