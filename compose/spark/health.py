"""Does one daemon of the Spark cluster do its job? health.py master|worker|history; exit 0 if so, else a line that says why not.

Invariant: asks for what others need of it: a master that is in charge, a worker that the master counts as alive, a history that can
list applications and takes new ones.
"""

import json
import os
import socket
import sys
import urllib.request

SECONDS = 5


def ask(service: str, port: str, path: str):
    with urllib.request.urlopen(f"http://{service}.platform:{port}{path}", timeout=SECONDS) as answer:
        return json.load(answer)


def trouble(daemon: str, environ) -> str | None:
    """Returns what is wrong, or None."""
    if daemon == "history":
        socket.create_connection((f"{environ['SERVICE']}.labs", int(environ["SPARK_EVENTS_PORT"])), SECONDS).close()
        found = ask(environ["SERVICE"], environ["SPARK_HISTORY_PORT"], "/api/v1/applications?limit=1")
        return None if isinstance(found, list) else f"the history lists no applications: {found}"
    master = ask("spark-master", environ["SPARK_PAGES_PORT"], "/json/")
    if daemon == "master":
        return None if master["status"] == "ALIVE" else f"the master is {master['status']}"
    host = f"{environ['SERVICE']}.labs"
    states = [worker["state"] for worker in master["workers"] if worker["host"] == host]
    return None if "ALIVE" in states else f"the master knows {host} as {states or 'nothing'}"


if __name__ == "__main__":
    try:
        wrong = trouble(sys.argv[1], os.environ)
    except (OSError, ValueError, KeyError) as error:
        wrong = f"{type(error).__name__}: {error}"
    if wrong:
        sys.exit(wrong)
