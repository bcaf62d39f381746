"""What a student's lab needs to compute on the class's Spark cluster.

Invariant: all labs share one secret, because a standalone cluster knows no other key, so there is none of one student to revoke; no
lab is sent to a cluster that has no worker, or no storage on which its workers could find tables.
"""

import json
import socket
import urllib.request

from lab_platform.settings import Settings, SettingsError

SECONDS = 3
HOST, HISTORY, STORAGE = "spark-master", "spark-history", "storage"
IN_LAB, ON_CLUSTER = "lab", "cluster"
BAD_PLACE = "SPARK_LABS={found!r}: allowed are lab (each computes by itself) and cluster. Change it in versions.env, run make up."


def make(settings: Settings) -> "SparkKeys":
    """Return the keys of the cluster that the container's settings name. Raises SettingsError."""
    place = settings.text("SPARK_LABS")
    if place not in (IN_LAB, ON_CLUSTER):
        raise SettingsError(BAD_PLACE.format(found=place))
    environment = {
        "SPARK_SECRET": settings.secret("spark_secret"),
        "SPARK_EXECUTOR_MEMORY": settings.text("SPARK_EXECUTOR_MEMORY"),
        "SPARK_STUDENT_CORES": settings.text("SPARK_STUDENT_CORES"),
        "SPARK_EVENTS": f"http://{HISTORY}:{settings.port_of('SPARK_EVENTS_PORT')}",
    }
    if place == ON_CLUSTER:
        environment["SPARK_MASTER"] = f"spark://{HOST}:{settings.port_of('SPARK_MASTER_PORT')}"
    master = f"http://{HOST}:{settings.port_of('SPARK_PAGES_PORT')}/json/"
    return SparkKeys(master, (STORAGE, settings.port_of("STORAGE_PORT")), environment)


class SparkKeys:
    """See `lab_platform.keys.Keys`."""

    def __init__(self, master: str, storage: tuple[str, int], environment: dict[str, str]) -> None:
        self._master, self._storage, self._environment = master, storage, environment

    def running(self) -> bool:
        """Whether jobs would find a worker, and workers the tables."""
        try:
            with urllib.request.urlopen(self._master, timeout=SECONDS) as answer:
                found = json.load(answer)
            socket.create_connection(self._storage, SECONDS).close()
        except (OSError, ValueError):
            return False
        return found["status"] == "ALIVE" and found["aliveworkers"] > 0

    def users(self) -> set[str]:
        return set()

    def grant(self, user: str, since: float = 0) -> dict[str, str]:
        return dict(self._environment)

    def revoke(self, user: str) -> None:
        """Nothing to take: the account that is removed loses its lab, and with it the only way to the cluster's network."""
