"""Joins the parts to one kernel: names, hooks, magics, displays.

Invariant: whatever fails here is shown in the notebook, at the first cell that it concerns; the kernel
itself always starts.
"""

import atexit
import contextlib
from typing import Any

from lab_kernel import display, html, links, memory, messages, session
from lab_kernel.kernel_io import Cell
from lab_kernel.lakehouse import Lakehouse
from lab_kernel.session import Session, SparkStartError
from lab_kernel.settings import Settings
from lab_kernel.settings import read as read_settings
from lab_kernel.sql_magic import SqlMagic

# A cell that contains this, in any form (spark, pyspark, SparkSession), waits for Spark.
SPARK_WORD = "spark"
LAYER_NAMES = ("bronze.", "silver.", "gold.")
SHOW_WAIT_AFTER = 1.0

_kernel: "Kernel | None" = None


class NoSpark:
    """Stands for `spark` when it could not be started: any use raises the reason."""

    def __init__(self, failure: BaseException) -> None:
        self.__dict__["_failure"] = failure

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        raise self.__dict__["_failure"].with_traceback(None)

    def __repr__(self) -> str:
        return f"<{messages.START_TITLE}>"


class Kernel:
    """Everything that one notebook's kernel has beyond plain Python."""

    def __init__(self, shell: Any, settings: Settings) -> None:
        self.shell, self.settings = shell, settings
        self.session = Session(settings, self._on_ready)
        self.lakehouse = Lakehouse(settings.lakehouse_root, self.session.get, forget_topic)
        self.magic = SqlMagic(
            shell, self.session.get, settings.rows, self._before_sql, self._after_sql
        )

    def install(self) -> None:
        memory.prefer_as_victim("self", session.KERNEL_VICTIM_SCORE)
        names = {
            "lakehouse": self.lakehouse,
            "spark_ui": self.spark_ui,
            "mlflow_ui": self.mlflow_ui,
            "spark_restart": self.spark_restart,
            "check": check,
        }
        self.shell.user_ns.update(names)
        # As if IPython had brought them: %who does not list them, %reset keeps them.
        self.shell.user_ns_hidden.update(names)
        display.install(self.shell, self.settings.rows)
        self.magic.register()
        self.shell.events.register("pre_run_cell", self._before_cell)
        atexit.register(self.session.end)
        self.session.start()

    def uninstall(self) -> None:
        self.shell.events.unregister("pre_run_cell", self._before_cell)
        display.uninstall(self.shell)
        atexit.unregister(self.session.end)
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

    def spark_restart(self) -> None:
        """Ends Spark, if it still runs, and starts it again. Saved tables stay, DataFrames do not."""
        self.session.restart()
        self._inject()
        print(messages.RESTARTED)

    # --- hooks ----------------------------------------------------------------------------------

    def _on_ready(self, spark: Any) -> None:
        self._inject(spark)
        self.lakehouse.catalog.prepare(spark)

    def _inject(self, spark: Any = None) -> None:
        """Puts the real session, or what stands for it, into the notebook's names."""
        if spark is None:
            spark = NoSpark(self.session.failure) if self.session.failure else self.session.get()
        self.shell.user_ns["spark"] = spark
        self.shell.user_ns_hidden["spark"] = spark

    def _before_cell(self, info: Any) -> None:
        text = (getattr(info, "raw_cell", "") or "").lower()
        if SPARK_WORD in text:
            self._wait()
        names_table = any(name in text for name in LAYER_NAMES)
        if names_table and (spark := self.session.peek()) is not None:
            with contextlib.suppress(Exception):  # the cell itself will meet it, with its own words
                self.lakehouse.catalog.refresh(spark)

    def _wait(self) -> None:
        if self.session.starting and not self.session.wait(SHOW_WAIT_AFTER):
            cell = Cell(self.shell)
            if self.settings.progress:
                note = html.panel("info", messages.STARTING)
                cell.show({"text/plain": messages.STARTING, "text/html": note})
            self.session.wait(self.settings.start_timeout)
            if self.settings.progress:
                cell.clear()
        if self.session.failure is not None:
            self._inject()

    def _before_sql(self, spark: Any) -> None:
        self.lakehouse.catalog.refresh(spark)

    def _after_sql(self, spark: Any) -> None:
        for table in self.lakehouse.catalog.refresh(spark):
            name = table.split(".")[1]
            print(messages.DROPPED_KEEPS_FILES.format(table=table, name=name))


def check(task_id: str, value: Any) -> Any:
    """Checks the answer to a task and shows what it found; never raises."""
    from lab_kernel.checks import check as run

    return run(task_id, value)


def forget_topic(name: str) -> bool:
    """Removes the Kafka topic of this name, if there is one."""
    from lab_kernel import kafka

    return kafka.forget_topic(name)


def load(shell: Any) -> None:
    """Makes this shell a lab kernel. A second call does nothing."""
    global _kernel
    if _kernel is not None:
        return
    try:
        kernel = Kernel(shell, read_settings())
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


__all__ = ["Kernel", "NoSpark", "SparkStartError", "check", "current", "load", "unload"]
