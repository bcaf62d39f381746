"""The one Spark session of a kernel: started in the background, watched, started again when it died.

Invariant: at most one JVM of ours lives at a time; `get()` returns a session whose JVM lives or raises
`SparkStartError` / `SparkDiedError` with the reason; the JVM's last words are kept for that reason.
"""

import contextlib
import logging
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lab_kernel import cluster, event_log, memory, messages, parts, quiet
from lab_kernel.lakehouse import layout
from lab_kernel.settings import Settings

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

LAUNCHER_OPTS = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto"
LOOPBACK = "127.0.0.1"
# When memory runs out, the JVM goes before the kernel, and both before the Jupyter server: a kernel
# that lives can say what happened.
JVM_VICTIM_SCORE = 400
KERNEL_VICTIM_SCORE = 300
END_SECONDS = 3.0
TAIL_LINES = 12
# Spark's own "out of memory", and the JVM's -XX:+ExitOnOutOfMemoryError.
HEAP_FULL_EXIT_CODES = (52, 3)
# What every JVM says: stack frames, its incubator modules, where its log goes.
NOISE = re.compile(
    r"\s*at |WARNING: |Using Spark's default log4j|Setting default log level|To adjust"
)
CHATTER = ("Exception while sending command.", "Error while receiving.")
QUERY_LOGGERS = ("SQLQueryContextLogger", "DataFrameQueryContextLogger")


class SparkStartError(RuntimeError):
    """Spark could not be started. `reason` is for people, `tail` is what the JVM said."""

    def __init__(self, reason: str, tail: str = "") -> None:
        self.reason, self.tail = reason, tail
        said = messages.JAVA_SAID.format(tail=tail) if tail else messages.JAVA_SAID_NOTHING
        super().__init__(f"{reason}\n{said}")


class MisfitError(SparkStartError):
    """Parts of the installation contradict each other; Spark was not started."""

    def __init__(self, found: list[str]) -> None:
        self.found = found
        lines = "\n".join(f"- {line}" for line in found)
        RuntimeError.__init__(self, f"{messages.MISFIT_TITLE}:\n{lines}")
        self.reason, self.tail = str(self), ""


class NoClusterError(SparkStartError):
    """The lab is to compute on a cluster and cannot; Spark was not started, or has given up."""

    def __init__(self, cause: cluster.ClusterError) -> None:
        RuntimeError.__init__(self, str(cause))
        self.reason, self.tail = str(cause), ""


class SparkStartingError(RuntimeError):
    """Waiting for Spark's start was interrupted; the start itself goes on."""

    def __init__(self) -> None:
        super().__init__(messages.STILL_STARTING)


class NoSpark:
    """Stands for `spark` when it could not be started: any use raises the reason."""

    def __init__(self, failure: BaseException) -> None:
        self.__dict__["_failure"] = failure

    def fail(self) -> None:
        """Raises why there is no Spark."""
        # The same object each time: without what earlier cells added to its traceback.
        raise self.__dict__["_failure"].with_traceback(None)

    def __getattr__(self, name: str) -> None:
        if name.startswith("_"):
            raise AttributeError(name)
        self.fail()

    def __repr__(self) -> str:
        return f"<{messages.START_TITLE}>"


class Session:
    """Owner of the JVM. Thread-safe; `on_ready` runs in the starting thread with each new session."""

    def __init__(self, settings: Settings, on_ready: Callable[["SparkSession"], None]) -> None:
        self.settings = settings
        self._on_ready = on_ready
        self._done = threading.Event()
        # Somebody waits for Spark, now or before; until then its start gives way to others'.
        self._needed = threading.Event()
        self._lock = threading.Lock()
        self._spark: SparkSession | None = None
        self._process: subprocess.Popen | None = None
        self._failure: BaseException | None = None
        self._oom_kills_before = 0
        self._sender: event_log.Sender | None = None
        self.start_seconds: float | None = None
        self.restarts = 0
        self.error_file = settings.state_dir / "logs" / f"jvm-{os.getpid()}.err"

    # --- life -----------------------------------------------------------------------------------

    def start(self) -> None:
        """Begins the start in a background thread; returns at once."""
        self._done.clear()
        self._failure, self._spark = None, None
        threading.Thread(target=self._run, name="spark-start", daemon=True).start()

    def restart(self) -> "SparkSession":
        """Ends what is left of the old JVM and returns a new session."""
        self._needed.set()
        with self._lock:
            if not self._done.is_set():
                self._done.wait(self.settings.start_timeout)
            self.end()
            self.restarts += 1
            self.start()
        return self.get()

    def end(self) -> None:
        """Ends the JVM, within a few seconds, and forgets it; without one it does nothing."""
        process, self._process, self._spark = self._process, None, None
        sender, self._sender = self._sender, None
        if process is not None and process.poll() is None:
            process.terminate()
            try:
                process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if sender is not None:
            sender.close()
        if "pyspark" in sys.modules:
            _forget()

    # --- state ----------------------------------------------------------------------------------

    @property
    def ready(self) -> bool:
        """True when a session can be used at once."""
        spark = self._spark
        if not self._done.is_set() or self._failure is not None or not self.alive:
            return False
        return spark is not None and spark.sparkContext._jsc is not None

    @property
    def starting(self) -> bool:
        return not self._done.is_set()

    @property
    def failure(self) -> BaseException | None:
        """Why the last start failed, or None."""
        return self._failure

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """The JVM's process id while it lives."""
        return self._process.pid if self.alive else None

    @property
    def exit_code(self) -> int | None:
        """How the JVM ended: negative for a signal; None while it lives or never was."""
        return self._process.poll() if self._process is not None else None

    @property
    def killed_for_memory(self) -> bool:
        """True if the operating system killed the JVM because the lab's memory was used up."""
        killed = self.exit_code in (-signal.SIGKILL, 128 + signal.SIGKILL)
        return killed and memory.read().oom_kills > self._oom_kills_before

    def wait(self, seconds: float | None) -> bool:
        """Waits for the start to end, well or not; returns whether it has."""
        self._needed.set()
        return self._done.wait(seconds)

    def get(self) -> "SparkSession":
        """Returns the session, waiting for its start. Raises SparkStartError."""
        self._needed.set()
        if not self._done.wait(self.settings.start_timeout):
            reason = messages.START_TOO_SLOW.format(seconds=self.settings.start_timeout)
            raise SparkStartError(reason, self.last_words())
        if self._failure is not None:
            raise self._failure.with_traceback(None)
        return self._spark

    def peek(self) -> "SparkSession | None":
        """Returns the session if it can be used now; never waits."""
        return self._spark if self.ready else None

    def last_words(self, lines: int = TAIL_LINES) -> str:
        """The last lines of the JVM's standard error that say something."""
        try:
            text = self.error_file.read_text(errors="replace").splitlines()
        except OSError:
            return ""
        telling = [line for line in text if line.strip() and not NOISE.match(line)]
        return "\n".join(telling[-lines:])

    # --- starting -------------------------------------------------------------------------------

    def _run(self) -> None:
        quiet.wait(self._needed)
        began, logged = time.monotonic(), cluster.logged(cluster.SPARK_LOG)
        try:
            self._spark = self._launch()
            self._on_ready(self._spark)
            self.start_seconds = time.monotonic() - began
        except BaseException as error:  # whatever it is, the notebook has to be told
            self._failure = error if isinstance(error, SparkStartError) else self._failed(error, logged)
        finally:
            self._done.set()

    def _failed(self, error: BaseException, logged: int) -> SparkStartError:
        """What the notebook is told of a start that ended so; Spark's log had that many bytes before."""
        master = self.settings.master
        if cluster.is_cluster(master) and cluster.given_up(cluster.SPARK_LOG, logged):
            cause = cluster.ClusterGivenUpError(master)
            cause.__cause__ = error
            failure: SparkStartError = NoClusterError(cause)
            failure.__cause__ = cause
            return failure
        failure = SparkStartError(f"{type(error).__name__}: {error}", self.last_words())
        failure.__cause__ = error
        return failure

    def _launch(self) -> "SparkSession":
        settings = self.settings
        home = settings.spark_home
        if home is None or not (home / "jars").is_dir():
            raise SparkStartError(messages.NO_SPARK_HOME.format(home=home))
        if found := parts.check(home, settings.java_home):
            raise MisfitError(found)
        try:
            address = cluster.reach(settings) if cluster.is_cluster(settings.master) else LOOPBACK
        except cluster.ClusterError as error:
            raise NoClusterError(error) from error

        from pyspark import SparkConf, SparkContext
        from pyspark.java_gateway import launch_gateway
        from pyspark.sql import SparkSession

        self.error_file.parent.mkdir(parents=True, exist_ok=True)
        os.environ.setdefault("SPARK_LAUNCHER_OPTS", LAUNCHER_OPTS)
        # Spark's pages and ports are for this lab only; other labs share the network.
        os.environ["SPARK_LOCAL_IP"] = LOOPBACK
        self._oom_kills_before = memory.read().oom_kills
        pairs = configuration(settings, address)
        if address != LOOPBACK and settings.spark_events:
            pairs += self._logged()
        with open(self.error_file, "wb") as errors:
            popen = {"stderr": errors, "stdout": subprocess.PIPE}
            gateway = launch_gateway(SparkConf(loadDefaults=False).setAll(pairs), popen)
        self._process = gateway.proc
        threading.Thread(target=_relay, args=(gateway.proc.stdout,), daemon=True).start()
        memory.prefer_as_victim(gateway.proc.pid, JVM_VICTIM_SCORE)
        SparkContext._ensure_initialized(gateway=gateway)
        builder = SparkSession.builder
        for key, value in pairs:
            builder = builder.config(key, value)
        spark = builder.getOrCreate()
        logging.getLogger().addFilter(_is_no_chatter)
        # A dead JVM makes py4j give the root logger a handler; from then on its own records, with tracebacks, would reach cells.
        logging.getLogger("py4j").propagate = False
        for name in QUERY_LOGGERS:
            # They print every failed query a second time, as JSON, above its traceback.
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        # When the JVM dies this server prints a Python traceback of its own into the running cell.
        spark.sparkContext._accumulatorServer.handle_error = lambda request, client: None
        if settings.ui:
            _tell_ui_its_address(spark, settings)
        return spark

    def _logged(self) -> list[tuple[str, str]]:
        """Has this Spark's log sent to the cluster's history; returns the settings for it."""
        folder = self.settings.state_dir / "spark-events" / f"{os.getpid()}-{self.restarts}"
        folder.mkdir(parents=True, exist_ok=True)
        self._sender = event_log.Sender(folder, self.settings.spark_events, self.settings.spark_secret or "")
        self._sender.start()
        return list(event_log.configuration(folder).items())


def configuration(settings: Settings, address: str = LOOPBACK) -> list[tuple[str, str]]:
    """What depends on the student; the rest is in the image's spark-defaults.conf. `address` is the lab's own, for a cluster."""
    pairs = {
        "spark.app.name": f"notebook of {settings.user}",
        "spark.master": settings.master,
        "spark.driver.memory": f"{settings.driver_memory_mb}m",
        "spark.driver.bindAddress": LOOPBACK,
        "spark.ui.enabled": str(settings.ui).lower(),
        "spark.ui.showConsoleProgress": "false",
        # Also in the image's file; here so that a changed PYSPARK_SUBMIT_ARGS cannot lose Delta.
        "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
        "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        # A table that is saved without a format is a Delta table.
        "spark.sql.sources.default": "delta",
        "spark.hadoop.fs.s3a.path.style.access": str(settings.s3_path_style).lower(),
        "spark.sql.warehouse.dir": layout.area(settings.lakehouse_root, layout.WAREHOUSE),
        # One collect() must not fill the driver's small heap.
        "spark.driver.maxResultSize": f"{max(64, settings.driver_memory_mb // 4)}m",
    }
    if settings.ui and settings.ui_port:
        pairs["spark.ui.port"] = str(settings.ui_port)
        # Spark puts the prefix before the targets of its redirects, and so does jupyter-server-proxy:
        # this takes one of them out again.
        depth = len(settings.hub_prefix.strip("/").split("/")) if settings.hub_prefix != "/" else 0
        pairs["spark.ui.proxyRedirectUri"] = "/.." * (depth + len(("proxy", "port")))
    if settings.s3_region:
        pairs["spark.hadoop.fs.s3a.endpoint.region"] = settings.s3_region
    if cluster.is_cluster(settings.master):
        pairs |= cluster.configuration(settings, address)
    return sorted(pairs.items())


def ui_port(spark: "SparkSession") -> int | None:
    """The port of Spark's pages: not always the one asked for, because each kernel has its own."""
    url = spark.sparkContext.uiWebUrl
    return int(url.rsplit(":", 1)[1]) if url else None


def _tell_ui_its_address(spark: "SparkSession", settings: Settings) -> None:
    """Spark's pages link to each other with this prefix; known only when the port is."""
    port = ui_port(spark)
    if port is not None:
        system: Any = spark.sparkContext._jvm.java.lang.System
        system.setProperty("spark.ui.proxyBase", f"{settings.hub_prefix}proxy/{port}")


def _is_no_chatter(record: logging.LogRecord) -> bool:
    """False for what py4j logs, with a traceback, whenever it meets a JVM that has gone."""
    return record.msg not in CHATTER


def _relay(stream) -> None:
    """What the JVM prints (a stream's console sink, say) appears in the notebook."""
    for line in iter(stream.readline, b""):
        print(line.decode(errors="replace"), end="")


def _forget() -> None:
    """Makes pyspark believe that no session ever was, so that the next one is really new."""
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    with SparkContext._lock:
        context, gateway = SparkContext._active_spark_context, SparkContext._gateway
        if gateway is not None:
            with contextlib.suppress(Exception):
                # Not gateway.shutdown(), which asks the JVM that has gone.
                gateway.close()
                gateway.shutdown_callback_server()
        if context is not None:
            server = getattr(context, "_accumulatorServer", None)
            if server is not None:
                server.shutdown()
                context._accumulatorServer = None
            context._jsc = None
        SparkContext._active_spark_context = None
        SparkContext._gateway = SparkContext._jvm = None
    SparkSession._instantiatedSession = SparkSession._activeSession = None
