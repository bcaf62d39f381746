"""Starts one daemon of the Spark cluster, in the lab's image: start.py master|worker|history.

Invariant: what labs talk to listens on the network of labs only and pages on the network of the platform only, so that no lab opens
another's logs past the login; the secret of the class reaches the JVM by its environment, never by a command line or a file.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

CONFIGURATION = Path(__file__).with_name("spark.conf")
SECRET = Path("/run/secrets/spark_secret")
# The one folder of the image beside /tmp that anybody may write to: a new volume takes its mode over.
DATA = Path("/var/tmp")
# Where Spark looks for the secret of a daemon.
SECRET_VARIABLE = "_SPARK_AUTH_SECRET"

CLASSES = {
    "master": "org.apache.spark.deploy.master.Master",
    "worker": "org.apache.spark.deploy.worker.Worker",
    "history": "org.apache.spark.deploy.history.HistoryServer",
}


def name_in(network: str, service: str) -> str:
    """The alias that compose gives a service in one network; its bare name may mean either."""
    return f"{service}.{network}"


def options(daemon: str, environ: Mapping[str, str]) -> dict[str, str]:
    """Spark's settings that versions.env decides."""
    found = {
        "spark.ui.reverseProxyUrl": environ["SPARK_PAGES"],
        "spark.deploy.defaultCores": environ["SPARK_STUDENT_CORES"],
        "spark.deploy.recoveryDirectory": str(DATA / "recovery"),
        "spark.history.fs.logDirectory": str(DATA / "events"),
        "spark.history.ui.port": environ["SPARK_HISTORY_PORT"],
    }
    if daemon == "history":
        found["spark.ui.proxyBase"] = environ["SPARK_HISTORY_PAGES"]
    return found


def arguments(daemon: str, environ: Mapping[str, str]) -> list[str]:
    """What the daemon is called with, beside its settings."""
    chosen = ["--properties-file", str(CONFIGURATION)]
    if daemon == "history":
        return chosen
    chosen += ["--host", name_in("labs", environ["SERVICE"]), "--webui-port", environ["SPARK_PAGES_PORT"]]
    if daemon == "master":
        return [*chosen, "--port", environ["SPARK_MASTER_PORT"]]
    cores = environ["SPARK_WORKER_CORES"]
    chosen += ["--cores", cores, "--memory", offered(cores, environ["SPARK_EXECUTOR_MEMORY"])]
    chosen += ["--work-dir", str(DATA / "work")]
    return [*chosen, f"spark://{name_in('labs', 'spark-master')}:{environ['SPARK_MASTER_PORT']}"]


def offered(cores: str, executor_memory: str) -> str:
    """The heap that a worker may give away: one executor for each core."""
    number, unit = executor_memory[:-1], executor_memory[-1]
    return f"{int(cores) * int(number)}{unit}"


def java(daemon: str, environ: Mapping[str, str]) -> list[str]:
    """The whole command line."""
    heap = environ["SPARK_DAEMON_HEAP"]
    line = [f"{environ['JAVA_HOME']}/bin/java", f"-Xmx{heap}", "-Xss512k", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
    line += ["-XX:+ExitOnOutOfMemoryError", "--add-modules=jdk.incubator.vector"]
    line += [f"-D{key}={value}" for key, value in options(daemon, environ).items()]
    line += ["-cp", f"{environ['SPARK_HOME']}/jars/*", CLASSES[daemon]]
    return line + arguments(daemon, environ)


def forget_the_gone(recovery: Path) -> None:
    """Removes from a master's notes the workers that have ended since, and all of them if all have.

    It would wait for each of them before it serves anybody, half a minute after every `make stop` and `make start`. A file is
    called worker_worker-<time>-<host>-<port>.
    """
    known = {path: path.name.split("-", 2)[2].rpartition("-") for path in recovery.glob("worker_*")}
    gone = [path for path, (host, _, port) in known.items() if not listens(host, int(port))]
    for path in recovery.iterdir() if len(gone) == len(known) else gone:
        path.unlink()


def listens(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def prepare(daemon: str) -> None:
    """Folders on the volume; what executors of an earlier life left is of no use to anybody."""
    if daemon == "worker":
        for left in ("work", "local"):
            shutil.rmtree(DATA / left, ignore_errors=True)
    for folder in {"master": ("recovery",), "worker": ("work", "local"), "history": ("events",)}[daemon]:
        (DATA / folder).mkdir(mode=0o700, exist_ok=True)
    if daemon == "master":
        forget_the_gone(DATA / "recovery")


def environment(daemon: str, environ: Mapping[str, str]) -> dict[str, str]:
    """What the JVM, and a worker's executors after it, find around them."""
    pages = name_in("platform", environ["SERVICE"])
    found = dict(environ)
    # The pages listen here. Executors and the master listen on the host that they are given by name.
    found["SPARK_LOCAL_IP"] = socket.gethostbyname(pages)
    # Where the master finds a worker's pages, to show them among its own.
    found["SPARK_PUBLIC_DNS"] = pages
    if daemon == "worker":
        found["SPARK_LOCAL_DIRS"] = str(DATA / "local")
        # Where what is written to the storage is kept until it is sent: 64 MB at once must be free, more than /tmp has.
        found["LOCAL_DIRS"] = str(DATA / "local")
    if daemon != "history":
        found[SECRET_VARIABLE] = secret()
    return found


def secret() -> str:
    return SECRET.read_text().strip()


def with_events(line: list[str], around: dict[str, str]) -> int:
    """Runs the history server, and beside it what takes the labs' logs, until either ends."""
    sys.path.insert(0, str(Path(__file__).parent))
    import events

    address = socket.gethostbyname(name_in("labs", around["SERVICE"])), int(around["SPARK_EVENTS_PORT"])
    server = events.serve(address, DATA / "events", secret())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    history = subprocess.Popen(line, env=around)
    signal.signal(signal.SIGTERM, lambda *_: history.terminate())
    return history.wait()


def main(daemon: str) -> None:
    prepare(daemon)
    line, around = java(daemon, os.environ), environment(daemon, os.environ)
    if daemon == "history":
        sys.exit(with_events(line, around))
    os.execve(line[0], line, around)


if __name__ == "__main__":
    main(sys.argv[1])
