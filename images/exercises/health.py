"""Whether this container does its work: `health.py web` asks the service, `health.py runner` looks for the runner's pulse.

Invariant: exit 0 when it does; else 1, with the reason on one line.
"""

import os
import sys
import time
import urllib.request
from pathlib import Path

TIMEOUT_SECONDS = 5
# A worker touches the file between jobs and, while it is busy, every quarter of a minute.
PULSE_SECONDS = 60


def web() -> str | None:
    url = f"http://127.0.0.1:{os.environ['EXERCISES_PORT']}{os.environ['EXERCISES_PREFIX'].rstrip('/')}/api/health"
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS) as answer:
            return None if answer.status == 200 else f"{url} answers {answer.status}"
    except OSError as error:
        return f"{url} does not answer: {error}"


def runner() -> str | None:
    pulse = Path(os.environ.get("RUNNER_PULSE") or "/tmp/pulse")
    try:
        age = time.time() - pulse.stat().st_mtime
    except OSError:
        return "no worker has looked for work yet"
    return None if age < PULSE_SECONDS else f"no worker has looked for work for {age:.0f} s"


if __name__ == "__main__":
    reason = {"web": web, "runner": runner}[sys.argv[1]]()
    if reason:
        sys.exit(reason)
