"""Whether the machine has a processor to spare for what nobody has asked for yet.

Invariant: what is started ahead of its need waits while others wait for a processor, and never once it is needed; where the machine
does not say how busy it is, it counts as quiet. When a class presses Start at once, the labs that are there would else start thirty
JVMs that nobody has used, while the others wait for their labs.
"""

import os
import random
import threading
import time
from collections.abc import Callable
from pathlib import Path

# Its fourth word: how many threads of the whole machine want to run, this one among them, of how many.
LOADAVG = Path("/proc/loadavg")
LONGEST_SECONDS = 300.0
# One look may fall between two of somebody's bursts.
LOOKS, BETWEEN_SECONDS = 2, 0.1
# All labs of a machine look; they are not to begin in the same moment.
AGAIN_SECONDS = (0.5, 2.0)


def busy(path: Path = LOADAVG, processors: int | None = None) -> bool:
    """Return whether somebody waits for a processor at this moment."""
    try:
        running = int(path.read_text().split()[3].partition("/")[0]) - 1
    except (OSError, ValueError, IndexError):
        return False
    return running > (processors or os.cpu_count() or 1)


def wait(needed: threading.Event, is_busy: Callable[[], bool] = busy, longest: float = LONGEST_SECONDS) -> None:
    """Return when the machine is quiet, when ``needed`` is set, or after ``longest`` seconds."""
    deadline = time.monotonic() + longest
    quiet = 0
    while quiet < LOOKS and time.monotonic() < deadline:
        quiet = 0 if is_busy() else quiet + 1
        if needed.wait(BETWEEN_SECONDS if quiet else random.uniform(*AGAIN_SECONDS)):
            return
