"""`plan(df)`: the physical plan of a query as a tree in which shuffles, broadcasts, scans and joins are marked.

Invariant: without `run=True` nothing is computed and no data are read (listing a table's files may ask
Delta for them); what is returned are plain values that lessons and checks can assert on.
"""

from typing import Any

from lab_kernel.plan import messages
from lab_kernel.plan.nodes import Node, Plan

__all__ = ["Node", "Plan", "PlanError", "plan"]


class PlanError(ValueError):
    """plan() was given something that has no plan to show; the message says what."""


def plan(df: Any, *, run: bool = False) -> Plan:
    """Returns the physical plan of a DataFrame.

    A DataFrame keeps the plan that it was given first, as `df.explain()` shows; after a change of settings
    build the query anew. With `run` it is always planned anew, and run (all its rows are computed and thrown
    away): the plan is the one that AQE has ended with, and nodes have the rows and bytes that Spark has
    counted. Raises PlanError for a stream or anything that is no DataFrame, and what Spark raises if the
    query fails.
    """
    frame = _checked(df)
    from lab_kernel.plan import read
    from lab_kernel.plan import run as runner

    if run:
        done = runner.run(frame)
        return Plan(read.tree(done.executed, True), read.finished(done.executed), done.seconds, done.execution)
    executed = frame._jdf.queryExecution().executedPlan()
    final = read.finished(executed)
    return Plan(read.tree(executed, final and read.adaptive(executed)), final)


def _checked(df: Any) -> Any:
    from lab_kernel.display import is_dataframe
    from lab_kernel.session import NoSpark

    if isinstance(df, NoSpark):
        df.fail()
    if not is_dataframe(df):
        raise PlanError(messages.NO_DATAFRAME.format(type=type(df).__name__))
    if "connect" in type(df).__module__:
        raise PlanError(messages.CONNECT)
    if df.isStreaming:
        raise PlanError(messages.STREAMING)
    return df
