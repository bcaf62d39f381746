"""Whether a service does its job, for those that no plain request can ask.

Invariant: the answer is yes only if the service was seen to work now: storage and Kafka with the platform's own keys, a Spark
worker by the master that gives it work, since nobody else is on the workers' network.
"""

import re
from collections.abc import Mapping

import httpx

from lab_platform.keys import Keys
from lab_platform.settings import Settings

WORKER = re.compile(r"spark-worker-\d+")
SECONDS = 4.0


def runs(name: str, keys: Mapping[str, Keys], settings: Settings) -> bool:
    """Answer within seconds. An unknown service does not run."""
    if WORKER.fullmatch(name):
        return _master_has(name, settings.port_of("SPARK_PAGES_PORT"))
    return name in keys and keys[name].running()


def _master_has(worker: str, port: int) -> bool:
    try:
        told = httpx.get(f"http://spark-master:{port}/json/", timeout=SECONDS, trust_env=False).json()
    except (httpx.HTTPError, ValueError):
        return False
    return any(one["state"] == "ALIVE" and one["host"].split(".")[0] == worker for one in told["workers"])
