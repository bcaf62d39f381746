"""Does one daemon of the Spark cluster do its job? health.py master|worker|history; exit 0 if so, else a line that says why not.

Invariant: asks for what others need of it: a master that is in charge, a worker whose page answers and that is in touch with the
master (whose pages no worker can open), a history that can list applications and takes new ones.
"""

import json
import os
import socket
import sys
import urllib.request
from pathlib import Path

ESTABLISHED = "01"
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
    found = ask(environ["SERVICE"], environ["SPARK_PAGES_PORT"], "/json/")
    if daemon == "master":
        return None if found["status"] == "ALIVE" else f"the master is {found['status']}"
    return None if in_touch(int(environ["SPARK_MASTER_PORT"])) else f"the worker has no connection to {found['masterurl']}"


def in_touch(port: int) -> bool:
    """Whether this container has a connection to this port of another's."""
    lines = [line.split() for table in ("tcp", "tcp6") for line in Path("/proc/net", table).read_text().splitlines()[1:]]
    return any(int(line[2].rpartition(":")[2], 16) == port and line[3] == ESTABLISHED for line in lines)


if __name__ == "__main__":
    try:
        wrong = trouble(sys.argv[1], os.environ)
    except (OSError, ValueError, KeyError) as error:
        wrong = f"{type(error).__name__}: {error}"
    if wrong:
        sys.exit(wrong)
