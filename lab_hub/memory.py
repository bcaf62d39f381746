"""How much memory the machine can still give.

Invariant: the kernel's own estimate, read in the hub's container, where it is the machine's: a container does not hide it.
"""

from pathlib import Path

MEMINFO = Path("/proc/meminfo")


def available(meminfo: Path = MEMINFO) -> int | None:
    """Return bytes that can be used without swapping; None where the kernel does not say."""
    try:
        text = meminfo.read_text(encoding="ascii")
    except OSError:
        return None
    for line in text.splitlines():
        name, _, value = line.partition(":")
        if name == "MemAvailable":
            return int(value.split()[0]) * 1024
    return None
