"""What Spark remembers of the runs of plan(df, run=True), for those who were not there: checks.

Invariant: read from Spark's status store, which the pages and the REST API show too; nothing is run. Texts
and units are the store's own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lab_kernel.plan import messages
from lab_kernel.plan.details import SKEW_SUFFIX
from lab_kernel.plan.jvm import each

NEWEST = 200
_RUN = messages.RUN_NAME.partition("{")[0]


@dataclass(frozen=True)
class Step:
    """A node of a plan that has run: Spark's name and description, and its metrics as texts by name."""

    name: str
    description: str
    metrics: dict[str, str]

    @property
    def rows(self) -> int | None:
        """How many rows it gave, if Spark counts them."""
        text = self.metrics.get("number of output rows")
        return int(text.replace(",", "")) if text else None


@dataclass(frozen=True)
class Stage:
    """A stage that was executed: its number, tasks, bytes that it wrote to shuffles and read from them."""

    number: int
    attempt: int
    tasks: int
    shuffle_write_bytes: int
    shuffle_read_bytes: int


@dataclass(frozen=True)
class PastRun:
    """A run: its number on the SQL page, Spark's settings that were changed for it, its final plan, its stages."""

    execution: int
    settings: dict[str, str]
    steps: tuple[Step, ...]
    stages: tuple[Stage, ...]

    def named(self, name: str) -> list[Step]:
        """The steps of this name."""
        return [step for step in self.steps if step.name == name]

    def reads(self, table: str) -> bool:
        """True if a table of this name is read, by the name of its folder."""
        return any(f"/{table}]" in step.description or f"/{table}," in step.description for step in self.steps)


def runs(spark: Any) -> Iterator[PastRun]:
    """The runs of this Spark session, the newest first."""
    store = spark._jsparkSession.sharedState().statusStore()
    count = store.executionsCount()
    shown = list(each(store.executionsList(max(0, count - NEWEST), NEWEST)))
    for execution in sorted(shown, key=lambda one: -one.executionId()):
        text = execution.description()
        if text.startswith(_RUN) and execution.executionId() == execution.rootExecutionId():
            settings = {pair._1(): pair._2() for pair in each(execution.modifiedConfigs())}
            yield PastRun(execution.executionId(), settings, _steps(store, execution), _stages(spark, execution))


def rows_read(spark: Any, stage: Stage) -> list[int]:
    """How many rows each task of a stage has read from shuffles."""
    store = spark.sparkContext._jsc.sc().statusStore()
    tasks = each(store.taskList(stage.number, stage.attempt, stage.tasks))
    metrics = (task.taskMetrics() for task in tasks)
    return [found.get().shuffleReadMetrics().recordsRead() for found in metrics if found.isDefined()]


def _steps(store: Any, execution: Any) -> tuple[Step, ...]:
    values = {pair._1(): pair._2() for pair in each(store.executionMetrics(execution.executionId()))}
    steps = []
    for node in each(store.planGraph(execution.executionId()).allNodes()):
        metrics = {m.name(): values[m.accumulatorId()] for m in each(node.metrics()) if m.accumulatorId() in values}
        steps.append(Step(node.name().strip().removesuffix(SKEW_SUFFIX), node.desc(), metrics))
    return tuple(steps)


def _stages(spark: Any, execution: Any) -> tuple[Stage, ...]:
    store = spark.sparkContext._jsc.sc().statusStore()
    numbers = {n for job in each(execution.jobs().keys()) for n in each(store.job(job).stageIds())}
    found = (store.lastStageAttempt(number) for number in sorted(numbers))
    return tuple(
        Stage(stage.stageId(), stage.attemptId(), stage.numCompleteTasks(), stage.shuffleWriteBytes(), stage.shuffleReadBytes())
        for stage in found
        if stage.status().toString() == "COMPLETE"
    )
