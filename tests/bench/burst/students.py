"""A class that presses Start: each a thread, each until a cell was executed.

Invariant: a person's time ends with the right answer of a cell, through the proxy; an error that a person would see is counted, and
answered as a person would, by pressing again.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import requests
import websocket

from lab_kernel import memory
from lab_kernel.quiet import LAB_BYTES, SPARK_BYTES
from tests.helpers.hub_client import Kernel, Person

LIMIT_SECONDS = 1200
_AGAIN_SECONDS = 1
TROUBLE = (AssertionError, TimeoutError, OSError, KeyError, ValueError, requests.RequestException, websocket.WebSocketException)

SPARK_CELL = """
place = lakehouse.bronze("bench")
spark.range(7).write.format("delta").mode("overwrite").save(str(place))
spark.read.format("delta").load(str(place)).count()
"""


@dataclass
class Burst:
    """Seconds from the press of each, and what went wrong on the way."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    # Whoever had no cell when the time was over.
    never: int = 0
    kernels: list[Kernel] = field(default_factory=list)

    @property
    def last(self) -> float:
        return max(self.seconds, default=float("nan")) if not self.never else float(LIMIT_SECONDS)


def first_cell(person: Person) -> Kernel:
    """Start the lab unless it runs, open its page, start a kernel, execute a cell."""
    lab = person.start(LIMIT_SECONDS)
    page = lab.request("GET", "lab")
    assert page.status_code == 200 and "jupyter-config-data" in page.text, f"no page: {page.status_code}"
    kernel = lab.kernel()
    assert kernel.run("6 * 7").ok().value == "42"
    return kernel


def press(people: Sequence[Person], say: Callable[[str], None]) -> Burst:
    """All press at the same moment; their kernels' connections are left open."""
    burst, lock = Burst(), threading.Lock()
    gate = threading.Barrier(len(people))

    def one(person: Person) -> None:
        gate.wait(60)
        began = time.monotonic()
        while time.monotonic() < began + LIMIT_SECONDS:
            try:
                kernel = first_cell(person)
            except TROUBLE as error:
                with lock:
                    burst.errors.append(f"{person.name}: {str(error)[:300]}")
                    say(f"  error after {time.monotonic() - began:.0f} s: {burst.errors[-1][:160]}")
                time.sleep(_AGAIN_SECONDS)
                continue
            with lock:
                burst.kernels.append(kernel)
                burst.seconds.append(time.monotonic() - began)
                say(f"  {len(burst.seconds)} of {len(people)} after {burst.seconds[-1]:.1f} s")
            return
        with lock:
            burst.never += 1

    threads = [threading.Thread(target=one, args=(person,), daemon=True) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return burst


def with_spark(kernels: Sequence[Kernel], say: Callable[[str], None]) -> list[Kernel]:
    """Write a table with Spark in each, one after the other, as long as the machine has memory; return those that have."""
    done: list[Kernel] = []
    for kernel in kernels:
        free = memory.available()
        if free is not None and free < LAB_BYTES + SPARK_BYTES:
            say(f"only {len(done)} of {len(kernels)} use Spark: the machine has {memory.human(free)} of memory left")
            break
        # A browser answers the server's pings all the time; this client does only while it waits for a cell, and the server closes
        # the connection of one that is silent for 90 s.
        kernel.reconnect()
        assert kernel.run(SPARK_CELL).ok().value == "7"
        done.append(kernel)
    return done
