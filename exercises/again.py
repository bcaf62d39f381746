"""`python -m exercises regrade`: has submissions graded again, and tells how far that is until it is done.

Invariant: whoever stops looking stops nothing.
"""

import time
from collections.abc import Callable

from exercises.client import Client

POLL_SECONDS = 3.0

BEGUN = "{count} submissions of {name} are graded again{only}. Ctrl-C stops looking, not grading."
ONLY = ", of each only {checks}"
WAITS = "All submissions of {name} wait to be graded already."
LEFT = "{done} of {count} are graded again, {left} left"
DONE = "{done} of {count} are graded again."
FAILED = "{failed} of {count} could not be graded, through no fault of the students. The runner's log says more; try again later."


def regrade(service: Client, course: str, name: str, how: str, tell: Callable[[str], None]) -> bool:
    """Have an exercise graded again and wait for the end; return whether all of it could be. Raises ClientError."""
    found = service.regrade_all(course, name, how)
    if found["id"] is None:
        tell(WAITS.format(name=name))
        return True
    only = ONLY.format(checks=", ".join(found["checks"])) if found["checks"] else ""
    tell(BEGUN.format(count=found["count"], name=name, only=only))
    told = 0
    while found["done"] + found["failed"] < found["count"]:
        if found["done"] > told and found["seconds_left"] is not None:
            told = found["done"]
            tell(LEFT.format(done=told, count=found["count"], left=_length(found["seconds_left"])))
        time.sleep(POLL_SECONDS)
        found = service.regrade_of(course, name, found["id"])
    form = FAILED if found["failed"] else DONE
    tell(form.format(**found))
    return not found["failed"]


def _length(seconds: int) -> str:
    minutes = -(-seconds // 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"
