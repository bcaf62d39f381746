"""What each kind of node has to say: its kind, its facts and a line for people.

Invariant: a node that is not known here is OTHER, without facts; one that is known in name but has
changed inside (another Spark) loses its detail, never the whole plan.
"""

from collections.abc import Callable
from typing import Any

from py4j.protocol import Py4JError

from lab_kernel.plan import messages, nodes
from lab_kernel.plan.jvm import class_of, each, split_list, texts, words

Facts = dict[str, Any]
Described = tuple[Facts, str]

# By class: how a join is done.
JOINS = {
    "BroadcastHashJoinExec": "broadcast hash",
    "SortMergeJoinExec": "sort merge",
    "ShuffledHashJoinExec": "shuffled hash",
    "BroadcastNestedLoopJoinExec": "broadcast nested loop",
    "CartesianProductExec": "cartesian",
}
FILE_SCANS = {"FileSourceScanExec"}
SOURCES = {"LocalTableScanExec", "RDDScanExec", "ExternalRDDScanExec", "RangeExec", "BatchScanExec", "RowDataSourceScanExec"}
# What Spark adds to the name of such a join; it is a fact here.
SKEW_SUFFIX = "(skew=true)"
# What AQE leaves where it has found pruning not worth it.
NO_PRUNING = "dynamicpruningexpression(true)"
_PYTHON = ("Python", "Pandas", "InArrow")


def describe(plan: Any, kind_of: str) -> tuple[str, Facts, str]:
    """Returns kind, facts and detail of a node of this class."""
    kind = kind_for(kind_of)
    reader = _READERS.get(kind) or _OTHERS.get(kind_of)
    if reader is None:
        return kind, {}, ""
    try:
        facts, detail = reader(plan, kind_of)
    except (Py4JError, TypeError):
        return kind, {}, ""
    return kind, facts, detail


def kind_for(kind_of: str) -> str:
    """Returns the kind of a class of nodes."""
    if kind_of == "ShuffleExchangeExec":
        return nodes.EXCHANGE
    if kind_of == "BroadcastExchangeExec":
        return nodes.BROADCAST
    if kind_of == "ReusedExchangeExec":
        return nodes.REUSED
    if kind_of == "AQEShuffleReadExec":
        return nodes.SHUFFLE_READ
    if kind_of == "InMemoryTableScanExec":
        return nodes.CACHE
    if kind_of in JOINS:
        return nodes.JOIN
    if kind_of in FILE_SCANS or kind_of in SOURCES:
        return nodes.SCAN
    return nodes.PYTHON if any(word in kind_of for word in _PYTHON) else nodes.OTHER


def after_run(kind: str, measured: dict[str, int]) -> Facts:
    """Facts that only a run knows, from Spark's metrics of the node."""
    if kind == nodes.EXCHANGE:
        return {"bytes": measured.get("shuffleBytesWritten")}
    if kind == nodes.BROADCAST:
        return {"bytes": measured.get("dataSize")}
    if kind == nodes.SCAN and "numFiles" in measured:
        # Partitions only of a partitioned table; files as pruned while running.
        found = {"files": measured["numFiles"], "bytes": measured.get("filesSize")}
        return found | ({"partitions": measured["numPartitions"]} if "numPartitions" in measured else {})
    return {}


def scan_text(facts: Facts) -> str:
    """The detail of a scan of files; again after a run, which knows better how many files it read."""
    parts = []
    if "files" in facts:
        parts.append(_many(facts["files"], messages.FILES_ONE, messages.FILES.format(files=facts["files"])))
    if "partitions" in facts:
        many = messages.TABLE_PARTITIONS.format(partitions=facts["partitions"])
        parts.append(_many(facts["partitions"], messages.TABLE_PARTITIONS_ONE, many))
    said = [", ".join(parts)] if parts else []
    if facts.get("columns"):
        said.append(messages.SCAN_COLUMNS.format(columns=", ".join(facts["columns"])))
    if facts.get("partition_filters"):
        said.append(messages.PARTITION_FILTERS.format(filters=", ".join(facts["partition_filters"])))
    if facts.get("pushed_filters"):
        said.append(messages.PUSHED_FILTERS.format(filters=", ".join(facts["pushed_filters"])))
    return "; ".join(said)


def _many(number: int, one: str, many: str) -> str:
    return one if number == 1 else many


def _exchange(plan: Any, _: str) -> Described:
    partitioning = plan.outputPartitioning()
    name, number = class_of(partitioning), partitioning.numPartitions()
    if name == "SinglePartition":
        return {"partitioning": "single", "by": [], "partitions": 1}, messages.SINGLE
    if name == "RoundRobinPartitioning":
        text = messages.ROUND_ROBIN.format(partitions=number)
        return {"partitioning": "round robin", "by": [], "partitions": number}, text
    if name == "RangePartitioning":
        by = [words(order.child()) for order in each(partitioning.ordering())]
        text = messages.RANGE.format(by=", ".join(by), partitions=number)
        return {"partitioning": "range", "by": by, "partitions": number}, text
    if name == "HashPartitioning":
        by = texts(partitioning.expressions())
        text = messages.HASH.format(by=", ".join(by), partitions=number)
        return {"partitioning": "hash", "by": by, "partitions": number}, text
    text = messages.OTHER_EXCHANGE.format(partitioning=name, partitions=number)
    return {"partitioning": name, "by": [], "partitions": number}, text


def _broadcast(plan: Any, _: str) -> Described:
    return {}, messages.TO_EVERY_TASK


def _reused(plan: Any, _: str) -> Described:
    kind, facts, detail = describe(plan.child(), class_of(plan.child()))
    return {"of": kind, **facts}, detail


def _join(plan: Any, kind_of: str) -> Described:
    how = JOINS[kind_of]
    kind = words(plan.joinType()) if kind_of != "CartesianProductExec" else "Cross"
    skewed = bool(plan.isSkewJoin()) if kind_of in ("SortMergeJoinExec", "ShuffledHashJoinExec") else False
    keys: list[str] = []
    if "Hash" in kind_of or "Merge" in kind_of:
        pairs = zip(texts(plan.leftKeys()), texts(plan.rightKeys()), strict=True)
        keys = [left if left == right else f"{left} = {right}" for left, right in pairs]
    facts = {"how": how, "type": kind, "keys": keys, "skewed": skewed}
    on = messages.JOIN_ON.format(type=kind, keys=", ".join(keys))
    text = on if keys else messages.JOIN_WITHOUT_KEYS.format(type=kind)
    return facts, f"{text}; {messages.SKEWED}" if skewed else text


def _scan(plan: Any, kind_of: str) -> Described:
    if kind_of not in FILE_SCANS:
        columns = [attribute.name() for attribute in each(plan.output())]
        return {"columns": columns}, messages.SCAN_COLUMNS.format(columns=", ".join(columns))
    listed = plan.selectedPartitions()
    pushed = plan.metadata().get("PushedFilters")
    facts: Facts = {
        "columns": list(plan.requiredSchema().fieldNames()),
        "files": listed.totalNumberOfFiles(),
        "bytes": listed.totalFileSize(),
        "partition_filters": [text for text in texts(plan.partitionFilters()) if text != NO_PRUNING],
        "pushed_filters": split_list(pushed.get()) if pushed.isDefined() else [],
    }
    if not plan.relation().partitionSchema().isEmpty():
        facts["partitions"] = listed.partitionCount()
    return facts, scan_text(facts)


def _shuffle_read(plan: Any, _: str) -> Described:
    facts = {
        "partitions": plan.partitionSpecs().size(),
        "coalesced": bool(plan.hasCoalescedPartition()),
        "skewed": bool(plan.hasSkewedPartition()),
        "local": bool(plan.isLocalRead()),
    }
    said = {"coalesced": messages.COALESCED, "skewed": messages.READ_SKEWED, "local": messages.READ_LOCAL}
    parts = [_many(facts["partitions"], messages.READ_ONE, messages.READ.format(partitions=facts["partitions"]))]
    return facts, ", ".join(parts + [text for fact, text in said.items() if facts[fact]])


def _cache(plan: Any, _: str) -> Described:
    filled = bool(plan.relation().cacheBuilder().isCachedColumnBuffersLoaded())
    return {"filled": filled}, messages.CACHE_FILLED if filled else messages.CACHE_EMPTY


def _python(plan: Any, kind_of: str) -> Described:
    return ({"functions": texts(plan.udfs())}, "") if "Eval" in kind_of else ({}, "")


def _filter(plan: Any, _: str) -> Described:
    return {}, words(plan.condition())


def _project(plan: Any, _: str) -> Described:
    return {}, ", ".join(texts(plan.projectList()))


def _sort(plan: Any, _: str) -> Described:
    return {}, messages.KEYS.format(by=", ".join(texts(plan.sortOrder())))


def _aggregate(plan: Any, _: str) -> Described:
    by = texts(plan.groupingExpressions())
    functions = ", ".join(texts(plan.aggregateExpressions()))
    head = messages.KEYS.format(by=", ".join(by)) if by else messages.NO_KEYS
    return {}, f"{head}: {functions}" if functions else head


def _window(plan: Any, _: str) -> Described:
    by = texts(plan.partitionSpec())
    return {}, messages.KEYS.format(by=", ".join(by)) if by else messages.NO_KEYS


_READERS: dict[str, Callable[[Any, str], Described]] = {
    nodes.EXCHANGE: _exchange,
    nodes.BROADCAST: _broadcast,
    nodes.REUSED: _reused,
    nodes.JOIN: _join,
    nodes.SCAN: _scan,
    nodes.SHUFFLE_READ: _shuffle_read,
    nodes.CACHE: _cache,
    nodes.PYTHON: _python,
}
_OTHERS: dict[str, Callable[[Any, str], Described]] = {
    "FilterExec": _filter,
    "ProjectExec": _project,
    "SortExec": _sort,
    "HashAggregateExec": _aggregate,
    "SortAggregateExec": _aggregate,
    "ObjectHashAggregateExec": _aggregate,
    "WindowExec": _window,
}
