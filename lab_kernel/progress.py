"""Progress of the jobs that the running cell has started.

Invariant: one display for a cell, updated in place, shown only once a job has run for a while; jobs of
streams that other cells started never appear; when the cell ends, one short line remains.
"""

import re
import threading
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from lab_kernel import cluster, messages
from lab_kernel.html import FAINT
from lab_kernel.kernel_io import Cell

POLL_SECONDS = 0.2
MAX_STAGES = 4
_CALL_SITE = re.compile(r"\s+at\s+\S+$")


@dataclass(frozen=True)
class Stage:
    """One stage that runs now."""

    id: int
    name: str
    done: int
    total: int
    failed: int = 0


@dataclass(frozen=True)
class Snapshot:
    """What the cell's jobs look like at one moment."""

    jobs: int
    active_jobs: int
    stages: tuple[Stage, ...]
    tasks: int = 0
    failed: int = 0
    # Jobs on a cluster that has not given this notebook an executor yet.
    waiting: bool = False


def running(snapshot: Snapshot, seconds: float) -> dict[str, str]:
    """Returns what is shown while jobs run."""
    head = messages.PROGRESS_HEAD.format(jobs=_jobs(snapshot.jobs), seconds=seconds)
    shown = snapshot.stages[:MAX_STAGES]
    lines, bars = [head], [f'<div style="{FAINT}">{escape(head)}</div>']
    for stage in shown:
        label = f"{messages.PROGRESS_STAGE.format(stage=stage.id)} {stage.name}".rstrip()
        count = messages.PROGRESS_JOB.format(done=stage.done, total=stage.total)
        if stage.failed:
            count += f", {messages.PROGRESS_FAILED.format(failed=stage.failed)}"
        share = stage.done / stage.total if stage.total else 0.0
        filled = round(20 * share)
        lines.append(f"[{'#' * filled}{'.' * (20 - filled)}] {label}: {count}")
        bars.append(_bar(share, f"{label}: {count}"))
    if snapshot.waiting:
        lines.append(messages.CLUSTER_WAITING)
        bars.append(f'<div style="{FAINT}">{escape(messages.CLUSTER_WAITING)}</div>')
    if len(snapshot.stages) > MAX_STAGES:
        more = messages.PROGRESS_MORE.format(more=len(snapshot.stages) - MAX_STAGES)
        lines.append(more)
        bars.append(f'<div style="{FAINT}">{escape(more)}</div>')
    return {
        "text/plain": "\n".join(lines),
        "text/html": f'<div class="dataflow-progress">{"".join(bars)}</div>',
    }


def finished(snapshot: Snapshot, seconds: float) -> dict[str, str]:
    """Returns the line that remains."""
    text = messages.PROGRESS_DONE.format(
        jobs=_jobs(snapshot.jobs), tasks=snapshot.tasks, seconds=seconds
    )
    if snapshot.failed:
        text += f", {messages.PROGRESS_FAILED.format(failed=snapshot.failed)}"
    html = f'<div class="dataflow-progress" style="{FAINT};font-size:90%">{escape(text)}</div>'
    return {"text/plain": text, "text/html": html}


def read(tracker: Any, groups: Sequence[str]) -> Snapshot:
    """Returns the state of all jobs of these groups, by Spark's status tracker."""
    jobs = active = tasks = failed = 0
    stages = []
    for job_id in sorted(i for group in groups for i in tracker.getJobIdsForGroup(group)):
        job = tracker.getJobInfo(job_id)
        if job is None:
            continue
        jobs += 1
        is_active = job.status == "RUNNING"
        active += is_active
        for stage_id in sorted(job.stageIds):
            info = tracker.getStageInfo(stage_id)
            if info is None:
                continue
            tasks += info.numCompletedTasks
            failed += info.numFailedTasks
            if is_active and info.numActiveTasks:
                name = _CALL_SITE.sub("", info.name)
                stages.append(
                    Stage(
                        stage_id, name, info.numCompletedTasks, info.numTasks, info.numFailedTasks
                    )
                )
    return Snapshot(jobs, active, tuple(stages), tasks, failed)


class Watch:
    """Follows one cell from its start to its end."""

    def __init__(
        self, spark: Any, cell: Cell, after: float | None, old_runs: frozenset[str]
    ) -> None:
        self.spark, self._cell, self._after, self._old_runs = spark, cell, after, old_runs
        self.group = f"cell-{uuid.uuid4().hex[:12]}"
        self.runs: set[str] = set()
        self._stop = threading.Event()
        self._display: str | None = None
        self._first_active: float | None = None
        self._began = time.monotonic()
        self._thread = threading.Thread(target=self._follow, name="spark-progress", daemon=True)

    def begin(self, description: str) -> None:
        """Marks the jobs of the current thread as this cell's, and begins to look at them."""
        context = self.spark.sparkContext
        context.setLocalProperty("spark.jobGroup.id", self.group)
        context.setLocalProperty("spark.job.description", description)
        if self._after is not None:
            self._thread.start()

    def end(self, *, interrupted: bool = False) -> None:
        """Ends looking; cancels the cell's jobs if the student interrupted it."""
        if interrupted:
            _drop_connection(self.spark)
            # The session was not started in the main thread, so pyspark does not do it.
            self.spark.sparkContext.cancelJobGroup(self.group)
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join(5)
        if self._display is not None:
            tracker = self.spark.sparkContext.statusTracker()
            seconds = time.monotonic() - self._began
            snapshot = read(tracker, [self.group, *self.runs])
            self._cell.update(self._display, finished(snapshot, seconds))

    def _follow(self) -> None:
        last = None
        while not self._stop.wait(POLL_SECONDS):
            try:
                self.runs |= active_runs(self.spark) - self._old_runs
                tracker = self.spark.sparkContext.statusTracker()
                snapshot = read(tracker, [self.group, *self.runs])
                if snapshot.active_jobs and not snapshot.stages and without_executors(self.spark):
                    snapshot = replace(snapshot, waiting=True)
            except Exception:  # Spark is gone; the cell itself will say so
                return
            now = time.monotonic()
            if not snapshot.active_jobs:
                # A cell of many short jobs needs no bar.
                self._first_active = None if self._display is None else self._first_active
                continue
            self._first_active = self._first_active or now
            if self._display is None and now - self._first_active < self._after:
                continue
            shown = running(snapshot, now - self._began)
            if self._stop.is_set():
                return
            if self._display is None:
                self._display = self._cell.show(shown)
            elif shown != last:
                self._cell.update(self._display, shown)
            last = shown


def without_executors(spark: Any) -> bool:
    """True if there is only the driver, and it computes nothing itself."""
    if not cluster.is_cluster(spark.sparkContext.master):
        return False
    return len(spark.sparkContext._jsc.sc().statusTracker().getExecutorInfos()) <= 1


def _drop_connection(spark: Any) -> None:
    """Gives this thread a new connection to the JVM.

    The interrupted one is still waited on by the JVM: the next question on it would wait for the job,
    and then be given the answer to the interrupted one.
    """
    client = spark.sparkContext._gateway._gateway_client
    connection = client.get_thread_connection()
    if connection is not None:
        client.thread_connection.connection = None
        connection.close()


def active_runs(spark: Any) -> set[str]:
    """The job groups of the streams that run now."""
    return {str(query.runId) for query in spark.streams.active}


def _jobs(number: int) -> str:
    return messages.JOBS_ONE if number == 1 else messages.JOBS_MANY.format(jobs=number)


def _bar(share: float, text: str) -> str:
    return (
        '<div style="display:flex;align-items:center;gap:8px">'
        '<div style="width:200px;height:8px;border-radius:4px;overflow:hidden;'
        'background:var(--jp-layout-color3,#ccc)"><div style="height:8px;'
        f'width:{share:.0%};background:var(--jp-brand-color1,#1976d2)"></div></div>'
        f"<span>{escape(text)}</span></div>"
    )
