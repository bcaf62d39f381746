"""Joins the parts to one kernel: names, hooks, magics, displays.

Invariant: whatever fails here is shown in the notebook, at the first cell that it concerns; the kernel
itself always starts.
"""

import atexit
import contextlib
import os
from pathlib import Path
from typing import Any

from lab_kernel import cluster, display, exercise, html, incidents, links, memory, messages, overview, progress, session, tuning
from lab_kernel.activity import Heartbeat
from lab_kernel.errors import Explanation, Facts, chain, hook, translate
from lab_kernel.kernel_io import Cell, kernel_id
from lab_kernel.lakehouse import Lakehouse
from lab_kernel.notes import KernelLife
from lab_kernel.plan import plan
from lab_kernel.session import MisfitError, NoSpark, Session, SparkStartingError
from lab_kernel.settings import Settings
from lab_kernel.settings import read as read_settings
from lab_kernel.sql_magic import SqlMagic

# A cell that contains one of these (spark, pyspark, SparkSession, a magic) waits for Spark.
SPARK_WORDS = ("spark", "%sql", "lakehouse.tables")
LAYER_NAMES = ("bronze.", "silver.", "gold.")
SHOW_WAIT_AFTER = 1.0

_kernel: "Kernel | None" = None


class Kernel:
    """Everything that one notebook's kernel has beyond plain Python."""

    def __init__(self, shell: Any, settings: Settings, left_out: list[str] | None = None) -> None:
        """`left_out`: which of the lab's places these settings leave out, because this is an exercise."""
        self.shell, self.settings = shell, settings
        self.session = Session(settings, self._on_ready)
        self.lakehouse = Lakehouse(settings.lakehouse_root, self.session.get, forget_topic)
        self.magic = SqlMagic(
            shell, self.session.get, settings.rows, self._before_sql, self._after_sql
        )
        identity = kernel_id(shell)
        self.identity = identity
        self.life = KernelLife(settings.state_dir, identity)
        self.heartbeat = Heartbeat(
            self.session,
            identity,
            settings.state_dir,
            settings.heartbeat_every,
            self.life.refresh,
        )
        self._watch: progress.Watch | None = None
        self._old_runs: frozenset[str] = frozenset()
        self._to_tell: list[dict[str, str]] = [in_the_lab(settings.lakehouse_root, left_out)] if left_out else []
        self._failure_told: BaseException | None = None

    def install(self) -> None:
        memory.prefer_as_victim("self", session.KERNEL_VICTIM_SCORE)
        names = {
            "lakehouse": self.lakehouse,
            "spark_ui": self.spark_ui,
            "mlflow_ui": self.mlflow_ui,
            "spark_restart": self.spark_restart,
            "check": check,
            "plan": plan,
            "course": self.course,
        }
        self.shell.user_ns.update(names)
        # As if IPython had brought them: %who does not list them, %reset keeps them.
        self.shell.user_ns_hidden.update(names)
        display.install(self.shell, self.settings.rows)
        hook.install(self.shell, self.facts)
        self.magic.register()
        self.shell.events.register("pre_run_cell", self._before_cell)
        self.shell.events.register("post_run_cell", self._after_cell)
        self.shell.events.register("post_run_cell", self._put_back)
        if self.life.begin():
            limit = self.settings.memory_limit
            what = messages.KERNEL_KILLED_LOG.format(kernel=self.identity[:8], limit=memory.human(limit))
            self._to_tell.append(killed_kernel(limit, incidents.record(self.settings.state_dir, "kernel_killed", what)))
        atexit.register(self.end)
        self.heartbeat.start()
        self.session.start()

    def uninstall(self) -> None:
        self.shell.events.unregister("pre_run_cell", self._before_cell)
        self.shell.events.unregister("post_run_cell", self._after_cell)
        self.shell.events.unregister("post_run_cell", self._put_back)
        hook.uninstall(self.shell)
        display.uninstall(self.shell)
        atexit.unregister(self.end)
        self.end()

    def end(self) -> None:
        """The kernel ends by itself: no note of it stays, and Spark ends with it."""
        self.life.end()
        self.heartbeat.stop()
        self.session.end()

    # --- what students call ---------------------------------------------------------------------

    def spark_ui(self) -> Any:
        """A link to the pages of this notebook's Spark."""
        spark = self.session.get()
        port = session.ui_port(spark)
        if port is None:
            print(messages.SPARK_UI_OFF)
            return None
        return links.spark_ui(self.settings.hub_prefix, port)

    def mlflow_ui(self) -> Any:
        """A link to MLflow's pages."""
        return links.mlflow_ui(self.settings.hub_prefix)

    def course(self) -> Any:
        """The lessons by part, with links and with the tasks that were passed."""
        return overview.course()

    def spark_restart(self) -> None:
        """Ends Spark, if it still runs, and starts it again. Saved tables stay, DataFrames do not."""
        self.session.restart()
        print(messages.RESTARTED)

    # --- facts ----------------------------------------------------------------------------------

    def facts(self) -> Facts:
        """What an explanation may mention, as it is now."""
        failure, code = self.session.failure, self.session.exit_code
        said = ""
        if failure is not None:
            said = getattr(failure, "tail", "") or getattr(failure, "reason", "")
        elif code is not None:
            said = self.session.last_words()
        if said and not isinstance(failure, MisfitError):
            said = messages.JAVA_SAID.format(tail=said)
        return Facts(
            limit=memory.human(self.settings.memory_limit),
            heap=memory.human(self.settings.driver_memory_mb << 20),
            root=self.settings.lakehouse_root,
            said=said,
            exit_code=code,
            jvm_dead=code is not None,
            jvm_killed_for_memory=self.session.killed_for_memory,
            jvm_heap_full=code in session.HEAP_FULL_EXIT_CODES,
            restarted=self.session.restarts > 0,
        )

    # --- hooks ----------------------------------------------------------------------------------

    def _on_ready(self, spark: Any) -> None:
        # The last one registered is the first one called: before what pyspark's import registered.
        atexit.unregister(self.end)
        atexit.register(self.end)
        self._put("spark", spark)
        if cluster.is_cluster(self.settings.master) and self.lakehouse.root.startswith("/"):
            text = messages.CLUSTER_LOCAL_FILES.format(root=self.lakehouse.root)
            self._to_tell.append({"text/plain": text, "text/html": html.panel("info", text)})
        try:
            self.lakehouse.catalog.prepare(spark)
        except Exception as error:
            # Spark works, only the lakehouse cannot be reached: the student has to know both.
            self._to_tell.append(unreachable_root(self.lakehouse.root, error, self.facts()))

    def _put(self, name: str, value: Any) -> None:
        self.shell.user_ns[name] = value
        self.shell.user_ns_hidden[name] = value

    def _before_cell(self, info: Any) -> None:
        raw = getattr(info, "raw_cell", "") or ""
        text = raw.lower()
        wants_spark = any(word in text for word in SPARK_WORDS)
        if wants_spark:
            self._wait()
        self._tell(wants_spark)
        spark = self.session.peek()
        if spark is None:
            return
        if isinstance(self.shell.user_ns.get("spark"), NoSpark):
            self._put("spark", spark)
        if any(name in text for name in LAYER_NAMES):
            with contextlib.suppress(Exception):  # the cell itself will meet it, with its own words
                self.lakehouse.catalog.refresh(spark)
        with contextlib.suppress(Exception):
            after = self.settings.progress_after if self.settings.progress else None
            watch = progress.Watch(spark, Cell(self.shell), after, self._old_runs)
            watch.begin(_first_line(raw))
            self._watch = watch

    def _after_cell(self, result: Any) -> None:
        watch, self._watch = self._watch, None
        if watch is None or self.session.peek() is None:
            return
        with contextlib.suppress(Exception):  # Spark is gone; the cell has said so
            error = result.error_in_exec
            # pyspark may meet an error of its own while the interrupt passes through it.
            causes = chain.exceptions(error) if error is not None else ()
            interrupted = any(isinstance(cause, KeyboardInterrupt) for cause in causes)
            watch.end(interrupted=interrupted)
            self._old_runs = frozenset(progress.active_runs(watch.spark))

    def _put_back(self, _: Any) -> None:
        """No setting of an experiment concerns the next cell."""
        tuning.put_back_all()

    def _wait(self) -> None:
        """Waits for Spark's start, and says so if it takes a while."""
        try:
            if self.session.starting and not self.session.wait(SHOW_WAIT_AFTER):
                self._wait_visibly()
        except KeyboardInterrupt:
            # The cell still runs, and must not say that there is no such name.
            self._put("spark", NoSpark(SparkStartingError()))

    def _wait_visibly(self) -> None:
        cell = Cell(self.shell)
        if self.settings.progress:
            note = html.panel("info", messages.STARTING)
            cell.show({"text/plain": messages.STARTING, "text/html": note})
        try:
            self.session.wait(self.settings.start_timeout)
        finally:
            if self.settings.progress:
                cell.clear()

    def _tell(self, wants_spark: bool) -> None:
        """Shows what happened outside of any cell, at the first cell after it."""
        waiting, self._to_tell = self._to_tell, []
        for bundle in waiting:
            Cell(self.shell).show(bundle)
        failure = None if self.session.starting else self.session.failure
        if failure is None:
            return
        self._put("spark", NoSpark(failure))
        # A cell that uses Spark fails with the same explanation.
        if failure is not self._failure_told and not wants_spark:
            explanation = translate(failure, self.facts())
            if explanation is not None:
                Cell(self.shell).show(hook.bundle(explanation))
        self._failure_told = failure

    def _before_sql(self, spark: Any) -> None:
        self.lakehouse.catalog.refresh(spark)

    def _after_sql(self, spark: Any) -> None:
        for table in self.lakehouse.catalog.refresh(spark):
            name = table.split(".")[1]
            print(messages.DROPPED_KEEPS_FILES.format(table=table, name=name))


def killed_kernel(limit: int | None, incident: str) -> dict[str, str]:
    """What the next kernel says of one that was killed for memory."""
    why = messages.KERNEL_KILLED_WHY.format(limit=memory.human(limit), incident=incident)
    return hook.bundle(
        Explanation(
            "kernel-killed-for-memory",
            messages.KERNEL_KILLED_TITLE,
            why,
            messages.KERNEL_KILLED_NEXT,
        )
    )


def in_the_lab(root: str, left_out: list[str]) -> dict[str, str]:
    """What is said when an exercise does not use what the lab's lessons use."""
    what = messages.PLACES_AND.join(messages.PLACES[name] for name in left_out)
    text = messages.EXERCISE_IN_THE_LAB.format(root=root, what=what)
    return {"text/plain": text, "text/html": html.panel("info", text)}


def unreachable_root(root: str, error: Exception, facts: Facts) -> dict[str, str]:
    """What is said when Spark runs but the place of the tables does not answer."""
    explanation = translate(error, facts)
    if explanation is not None:
        return hook.bundle(explanation)
    reason = (str(error).splitlines() or [type(error).__name__])[0]
    text = messages.ROOT_UNREACHABLE.format(root=root, reason=reason)
    return {"text/plain": text, "text/html": html.panel("error", text)}


def check(task_id: str, value: Any) -> Any:
    """Checks the answer to a task and shows what it found; never raises."""
    from lab_kernel.checks import check as run

    return run(task_id, value)


def forget_topic(name: str) -> bool:
    """Removes the Kafka topic of this name, if there is one."""
    from lab_kernel import kafka

    return kafka.forget_topic(name)


def _first_line(cell: str, width: int = 60) -> str:
    """What Spark's pages call the jobs of a cell."""
    line = next((line.strip() for line in cell.splitlines() if line.strip()), "")
    return line if len(line) <= width else line[: width - 1] + "…"


def load(shell: Any) -> None:
    """Makes this shell a lab kernel. A second call does nothing."""
    global _kernel
    if _kernel is not None:
        return
    try:
        here = Path.cwd()
        left_out = exercise.told_otherwise(os.environ, here)
        kernel = Kernel(shell, read_settings(exercise.environment(os.environ, here)), left_out)
        kernel.install()
    except Exception as error:
        _show_at_first_cell(shell, error)
        raise
    _kernel = kernel


def unload(shell: Any) -> None:
    """Takes `load` back."""
    global _kernel
    if _kernel is not None:
        _kernel.uninstall()
        _kernel = None


def current() -> "Kernel | None":
    """The kernel that was loaded, or None."""
    return _kernel


def _show_at_first_cell(shell: Any, error: Exception) -> None:
    """ipykernel only logs an extension's failure, where no student looks."""
    why = messages.EXTENSION_WHY.format(reason=f"{type(error).__name__}: {error}")
    shown = html.panel(
        "error", messages.EXTENSION_TITLE, [("", why), ("", messages.EXTENSION_NEXT)]
    )
    plain = f"{messages.EXTENSION_TITLE}\n{why}\n{messages.EXTENSION_NEXT}"

    def tell(*_: Any) -> None:
        shell.events.unregister("pre_run_cell", tell)
        Cell(shell).show({"text/plain": plain, "text/html": shown})

    shell.events.register("pre_run_cell", tell)
