"""What a notebook's Spark needs to compute on the class's cluster instead of in the lab.

Invariant: whether the cluster is there is known before a JVM is started, within seconds; executors reach this driver at the address
by which the lab itself reaches the master; Spark's own pages stay on the lab's loopback.
"""

import re
import socket
import time
from pathlib import Path

from lab_kernel import messages
from lab_kernel.settings import Settings

PREFIX = "spark://"
# A name that Docker does not know is answered at once; a container that has just been stopped is not.
CONNECT_SECONDS = 3.0
# A master that starts again is away for a few seconds.
WAIT_SECONDS = 6.0
IDLE_SECONDS = 30
# An executor that still holds a shuffle or a cache. Delta caches the state of each table that is read, so nearly every one does,
# and so long does a notebook that does nothing keep a waiting one from the class's few cores. What was held is made again.
HOLDING_SECONDS = 60
# As the driver's: small, and started from the image's cache of classes.
EXECUTOR_OPTIONS = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:AOTCache=/opt/lab/share/dataflow/spark.aot"

# Where the image's log4j2.properties has Spark write, and what it writes there when no master took it.
SPARK_LOG = Path("/tmp/dataflow/logs/spark.log")
GIVEN_UP = b"All masters are unresponsive! Giving up"

_ADDRESS = re.compile(r"spark://([^:/\s]+):(\d+)")


class ClusterError(RuntimeError):
    """A lab that is to compute on a cluster cannot."""


class ClusterNotStartedError(ClusterError):
    """Nobody answers at the master's address."""

    def __init__(self, master: str, reason: object) -> None:
        super().__init__(messages.CLUSTER_NOT_STARTED.format(master=master, reason=reason))


class ClusterSecretError(ClusterError):
    """The cluster is closed to whoever does not know the class's secret, and this lab does not."""

    def __init__(self, master: str) -> None:
        super().__init__(messages.CLUSTER_NO_SECRET.format(master=master))


class ClusterGivenUpError(ClusterError):
    """The master answers, and does not take this lab's Spark, which has stopped asking."""

    def __init__(self, master: str) -> None:
        super().__init__(messages.CLUSTER_GIVEN_UP.format(master=master))


def is_cluster(master: str) -> bool:
    return master.startswith(PREFIX)


def own_address(master: str, patience: float = WAIT_SECONDS) -> str:
    """Returns this lab's address on the network of the master. Raises ClusterNotStartedError."""
    host, port = _ADDRESS.match(master).groups()
    deadline = time.monotonic() + patience
    while True:
        try:
            with socket.create_connection((host, int(port)), CONNECT_SECONDS) as connection:
                return connection.getsockname()[0]
        except OSError as error:
            # Where there is no such name, there is no cluster to wait for.
            if isinstance(error, socket.gaierror) or time.monotonic() >= deadline:
                raise ClusterNotStartedError(master, error) from None
        time.sleep(0.5)


def reach(settings: Settings) -> str:
    """Returns this lab's address for executors. Raises ClusterNotStartedError or ClusterSecretError."""
    address = own_address(settings.master)
    if not settings.spark_secret:
        raise ClusterSecretError(settings.master)
    return address


def logged(log: Path) -> int:
    """Returns how many bytes a log of Spark has; 0 where there is none."""
    try:
        return log.stat().st_size
    except OSError:
        return 0


def given_up(log: Path, since: int) -> bool:
    """Returns whether Spark wrote that it has given up, in what this log got beyond ``since`` bytes.

    Spark stops itself then, in the middle of its own start, and the start ends with the error of whatever part it missed first.
    """
    try:
        with open(log, "rb") as said:
            # A full log is begun anew.
            said.seek(since if since <= logged(log) else 0)
            return GIVEN_UP in said.read()
    except OSError:
        return False


def configuration(settings: Settings, address: str) -> dict[str, str]:
    """Spark's settings that a cluster adds to, or changes in, those of a lab that computes by itself."""
    return {
        "spark.driver.host": address,
        "spark.driver.bindAddress": address,
        "spark.authenticate": "true",
        "spark.authenticate.secret": settings.spark_secret or "",
        # The class shares the cluster: nobody takes all of it, and what is not used is given back.
        "spark.cores.max": str(settings.student_cores),
        "spark.executor.cores": "1",
        "spark.executor.memory": f"{settings.executor_memory_mb}m",
        "spark.executor.extraJavaOptions": EXECUTOR_OPTIONS,
        "spark.dynamicAllocation.enabled": "true",
        # Workers keep no shuffle of an executor that has ended, so one that still has some ends a little later.
        "spark.dynamicAllocation.shuffleTracking.enabled": "true",
        "spark.dynamicAllocation.shuffleTracking.timeout": f"{HOLDING_SECONDS}s",
        "spark.dynamicAllocation.initialExecutors": "0",
        "spark.dynamicAllocation.minExecutors": "0",
        "spark.dynamicAllocation.maxExecutors": str(settings.student_cores),
        "spark.dynamicAllocation.executorIdleTimeout": f"{IDLE_SECONDS}s",
        "spark.dynamicAllocation.cachedExecutorIdleTimeout": f"{HOLDING_SECONDS}s",
    }
