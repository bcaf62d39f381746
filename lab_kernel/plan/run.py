"""Runs a query for its plan: every row is computed and none is kept.

Invariant: the query is written to Spark's noop sink, as `df.write.format("noop")` does, so its plan is
the one that a write of it would have; when `run` returns, Spark's status pages know the whole run.
"""

import itertools
import time
from dataclasses import dataclass
from typing import Any

from lab_kernel.plan import messages
from lab_kernel.plan.jvm import each, scala_object

DESCRIPTION = "spark.job.description"
# Delta asks its log with queries of its own while a query is planned.
NEWEST = 50

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Run:
    """What a run leaves: the executed SparkPlan, wall seconds, the number of the SQL execution."""

    executed: Any
    seconds: float
    execution: int | None


def run(frame: Any) -> Run:
    """Runs a DataFrame's query to its end. Raises what Spark raises."""
    session, context = frame.sparkSession, frame.sparkSession.sparkContext
    jvm = context._jvm
    sql = jvm.org.apache.spark.sql
    sink = scala_object(jvm, "org.apache.spark.sql.execution.datasources.noop.NoopTable")
    nothing = jvm.scala.Option.empty()
    relation = sql.execution.datasources.v2.DataSourceV2Relation.create(sink, nothing, nothing)
    options = scala_object(jvm, "scala.collection.immutable.Map").empty()
    # What a command has returned is not computed again.
    query = frame._jdf.queryExecution().commandExecuted()
    command = sql.catalyst.plans.logical.AppendData.byPosition(relation, query, options, False)
    mode = scala_object(jvm, "org.apache.spark.sql.execution.CommandExecutionMode").ALL()
    execution = session._jsparkSession.sessionState().executePlan(command, mode)
    before = context.getLocalProperty(DESCRIPTION)
    description = messages.RUN_NAME.format(number=next(_numbers))
    context.setLocalProperty(DESCRIPTION, description)
    try:
        began = time.perf_counter()
        result = execution.commandExecuted()
        seconds = time.perf_counter() - began
    finally:
        context.setLocalProperty(DESCRIPTION, before)
    context._jsc.sc().listenerBus().waitUntilEmpty()
    executed = result.commandPhysicalPlan().children().head()
    return Run(executed, seconds, _number(session, description))


def _number(session: Any, description: str) -> int | None:
    """The number of the newest SQL execution of this description that no other one has started."""
    store = session._jsparkSession.sharedState().statusStore()
    count = store.executionsCount()
    found = [
        shown.executionId()
        for shown in each(store.executionsList(max(0, count - NEWEST), NEWEST))
        if shown.description() == description and shown.rootExecutionId() == shown.executionId()
    ]
    return max(found, default=None)
