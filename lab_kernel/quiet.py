"""Whether the machine has a processor and memory to spare for what nobody has asked for yet.

Invariant: what is started ahead of its need waits while others wait for a processor, and for as long as memory is scarce; never
once it is needed. Where the machine does not say how busy or how full it is, it counts as quiet and empty. When a class presses
Start at once, the labs that are there would else start thirty JVMs that nobody has used, while the others wait for their labs; and
the last of those JVMs would take the memory that somebody's running notebook is about to need.
"""

import os
import random
import threading
import time
from collections.abc import Callable
from pathlib import Path

from lab_kernel import memory
from lab_kernel.memory import Memory

# Its fourth word: how many threads of the whole machine want to run, this one among them, of how many.
LOADAVG = Path("/proc/loadavg")
LONGEST_SECONDS = 300.0
# One look may fall between two of somebody's bursts.
LOOKS, BETWEEN_SECONDS = 2, 0.1
# All labs of a machine look; they are not to begin in the same moment.
AGAIN_SECONDS = (0.5, 2.0)
# What a JVM takes that has written its first table, and its notebook's kernel with it: measured at 615 to 742 MB.
SPARK_BYTES = 750 << 20
# What the hub wants to be free before it starts one more lab, where this lab's own limit does not say it.
LAB_BYTES = 2 << 30


def busy(path: Path = LOADAVG, processors: int | None = None) -> bool:
    """Return whether somebody waits for a processor at this moment."""
    try:
        running = int(path.read_text().split()[3].partition("/")[0]) - 1
    except (OSError, ValueError, IndexError):
        return False
    return running > (processors or os.cpu_count() or 1)


def scarce(available: int | None = None, own: Memory | None = None, processors: int | None = None) -> bool:
    """Return whether one more Spark would take memory that somebody may need: in this lab, or on the machine.

    Of the machine, what one more lab may need stays free, and one Spark for each processor: so many may begin before each sees what
    the others take.
    """
    available = memory.available() if available is None else available
    own = own or memory.read()
    if own.limit is not None and own.usage is not None and own.limit - own.usage < SPARK_BYTES:
        return True
    beside = max(2, processors or os.cpu_count() or 1) * SPARK_BYTES
    return available is not None and available < beside + (own.limit or LAB_BYTES)


def wait(
    needed: threading.Event,
    is_busy: Callable[[], bool] = busy,
    longest: float = LONGEST_SECONDS,
    is_scarce: Callable[[], bool] = scarce,
) -> None:
    """Return when there is room and the machine is quiet, or was busy for ``longest`` seconds; at once when ``needed`` is set."""
    deadline = time.monotonic() + longest
    quiet = 0
    while True:
        room = not is_scarce()
        if room and time.monotonic() >= deadline:
            return
        quiet = quiet + 1 if room and not is_busy() else 0
        if quiet >= LOOKS or needed.wait(BETWEEN_SECONDS if quiet else random.uniform(*AGAIN_SECONDS)):
            return
