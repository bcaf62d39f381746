"""Waiting with a deadline.

Invariant: every wait either returns what it waited for or raises, with what was seen last and with
the log that explains it; no loop falls through.
"""

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")

TOO_LATE = "{what}: not within {seconds:g} s\nlast seen: {last}{log}"


def wait_until(
    probe: Callable[[], Found],
    *,
    what: str,
    seconds: float,
    every: float = 0.25,
    log: Callable[[], str] | None = None,
    ignore: tuple[type[Exception], ...] = (),
) -> Found:
    """Return the first truthy result of ``probe``.

    Exceptions of the kinds in ``ignore`` count as "not yet"; any other one ends the wait. Raises
    TimeoutError after ``seconds``, with ``log()`` (a container's log, say) in its message.
    """
    deadline = time.monotonic() + seconds
    last: object = None
    while True:
        try:
            last = found = probe()
            if found:
                return found
        except ignore as error:
            last = error
        if time.monotonic() >= deadline:
            tail = f"\n{log()}" if log is not None else ""
            raise TimeoutError(
                TOO_LATE.format(what=what, seconds=seconds, last=repr(last), log=tail)
            )
        time.sleep(every)
