"""Reads Spark's own plan objects, through py4j, into nodes.

Invariant: the tree is walked, its text is not parsed; what only wraps other nodes (code generation,
query stages, AQE itself) is left out, and a shuffle or broadcast that is used twice is read once.
"""

from collections.abc import Iterator
from typing import Any

from lab_kernel.plan import details, nodes
from lab_kernel.plan.jvm import class_of, each, metrics
from lab_kernel.plan.nodes import Node

ADAPTIVE = "AdaptiveSparkPlanExec"
STAGE = "QueryStageExec"
# They change the form of the rows, not the rows.
WRAPPERS = {"WholeStageCodegenExec", "InputAdapter", "ColumnarToRowExec", "RowToColumnarExec"}
# A filter that waits for the other side of a join; only the final plan says whether there is one.
PLACEHOLDER = "SubqueryAdaptiveBroadcastExec"
ROWS = ("numOutputRows", "shuffleRecordsWritten")


def finished(executed: Any) -> bool:
    """True if AQE has nothing left to decide in this plan, or takes no part in it."""
    if class_of(executed) == ADAPTIVE:
        return bool(executed.isFinalPlan())
    return all(finished(child) for child in each(executed.children()))


def adaptive(executed: Any) -> bool:
    """True if AQE takes part."""
    return class_of(executed) == ADAPTIVE or any(adaptive(child) for child in each(executed.children()))


def tree(executed: Any, ran: bool) -> Node:
    """Returns a SparkPlan and all below it; with rows and bytes if it `ran`."""
    plan = unwrapped(executed)
    name = class_of(plan)
    kind, facts, detail = details.describe(plan, name)
    rows = None
    if ran:
        measured = metrics(plan)
        rows = next((measured[count] for count in ROWS if count in measured), None)
        facts |= details.after_run(kind, measured)
        if name in details.FILE_SCANS:
            detail = details.scan_text(facts)
    children = [tree(child, ran) for child in each(plan.children())]
    children += list(_subqueries(plan, ran))
    return Node(_title(plan, name), kind, detail, rows, facts, tuple(children))


def unwrapped(plan: Any) -> Any:
    """The first node from here down that is more than a wrapper."""
    while True:
        name = class_of(plan)
        if name == ADAPTIVE:
            plan = plan.executedPlan()
        elif name.endswith(STAGE):
            plan = plan.plan()
        elif name in WRAPPERS:
            plan = plan.children().head()
        else:
            return plan


def _subqueries(plan: Any, ran: bool) -> Iterator[Node]:
    for hidden in each(plan.subqueries()):
        name = class_of(hidden)
        if name == PLACEHOLDER:
            continue
        if name == "ReusedSubqueryExec":
            yield Node("ReusedSubquery", nodes.REUSED, subquery=True)
            continue
        below = tuple(tree(child, ran) for child in each(hidden.children()))
        yield Node(name.removesuffix("Exec"), children=below, subquery=True)


def _title(plan: Any, name: str) -> str:
    """Spark's name of a node; of a scan with its format or table."""
    return " ".join(plan.nodeName().split()).removesuffix(details.SKEW_SUFFIX) or name.removesuffix("Exec")
