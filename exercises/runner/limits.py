"""What one run may use, and what it did: the words that sandboxes and graders share. Needs nothing installed.

Invariant: sizes are bytes, times are seconds of wall time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

MB = 1024 * 1024


# The memory of an exercise that asks for nothing else, and how many processes and threads go with it.
USUAL_MEMORY, USUAL_PIDS = 2048 * MB, 384


def pids(memory: int, usual: int = USUAL_PIDS) -> int:
    """Return how many processes and threads go with so much memory: who starts a second JVM needs more of both."""
    return max(usual, usual * memory // USUAL_MEMORY)


class SandboxError(RuntimeError):
    """The sandbox itself failed; never the fault of what ran in it."""


class EngineAway(SandboxError):
    """Nothing answers where the engine should be: no fault of what ran, and nothing else can run at the moment either."""


@dataclass(frozen=True)
class Limits:
    """What one run may use. Sizes in bytes, `seconds` of wall time."""

    seconds: float = 120.0
    memory: int = USUAL_MEMORY
    cpus: float = 1.0
    pids: int = USUAL_PIDS
    home: int = 256 * MB
    temporary: int = 256 * MB
    inputs: int = 128 * MB
    outputs: int = 128 * MB
    output_files: int = 6000


@dataclass(frozen=True)
class Outcome:
    """What a run did. `files` is hostile data; `refused` says why it was not taken at all. `log` is the end of what was printed."""

    exit_code: int | None
    seconds: float
    timed_out: bool
    out_of_memory: bool
    files: Mapping[str, bytes] = field(repr=False)
    refused: str | None = None
    log: str = field(default="", repr=False)

    @property
    def ok(self) -> bool:
        return self.exit_code == 0 and not self.timed_out and self.refused is None
