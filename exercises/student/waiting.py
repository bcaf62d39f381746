"""Waiting for a grade.

Invariant: it ends: with the grade, with the word that grading failed, or when the time is over. Nothing is lost by not waiting.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any

from exercises.client import Client

ENDED = ("graded", "failed")
WAIT_SECONDS = 300.0
FIRST_PAUSE, LONGEST_PAUSE, GROWTH = 0.5, 3.0, 1.3


def wait(
    client: Client,
    identity: str,
    tell: Callable[[Mapping[str, Any], float], None],
    *,
    seconds: float = WAIT_SECONDS,
    stopped: Callable[[], bool] = lambda: False,
) -> dict[str, Any]:
    """Return the feedback, whether it is there yet or not; `tell` gets how it stands and the seconds since, at each look."""
    began, pause = time.monotonic(), FIRST_PAUSE
    while True:
        told = client.feedback(identity)
        passed = time.monotonic() - began
        if told["status"] in ENDED or passed >= seconds or stopped():
            return told
        tell(told, passed)
        time.sleep(min(pause, max(0.05, seconds - passed)))
        pause = min(LONGEST_PAUSE, pause * GROWTH)
