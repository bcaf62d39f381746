"""What a kernel leaves in the container for the kernel or the server that comes after.

Invariant: a note is written whole or not at all; a kernel that ends by itself takes its note away, so a
note whose process is gone belongs to a kernel that was killed.
"""

import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lab_kernel import memory


@dataclass(frozen=True)
class KernelNote:
    """`oom_kills` is the container's count when this kernel was last known to live."""

    pid: int
    started: float
    oom_kills: int


def write(path: Path, content: dict[str, Any]) -> None:
    """Writes JSON so that a reader sees the old or the new content, nothing between."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.write_text(json.dumps(content))
    os.replace(part, path)


def read(path: Path) -> dict[str, Any] | None:
    """Returns the JSON object in a file, or None if there is none."""
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None


class KernelLife:
    """The note of this kernel. The same notebook's next kernel has the same id."""

    def __init__(self, folder: Path, kernel_id: str) -> None:
        self._path = folder / "kernels" / f"{kernel_id}.json"

    def begin(self) -> bool:
        """Leaves this kernel's note; returns True if the one before it was killed for memory."""
        kills = memory.read().oom_kills
        killed = was_killed(read(self._path), kills)
        self._write(kills)
        return killed

    def refresh(self) -> None:
        """Says that this kernel lives: whatever was killed until now was something else."""
        known = read(self._path) or {}
        kills = memory.read().oom_kills
        if known.get("oom_kills") != kills:
            self._write(kills)

    def end(self) -> None:
        """Takes the note away: this kernel ends by itself."""
        self._path.unlink(missing_ok=True)

    def _write(self, kills: int) -> None:
        write(self._path, asdict(KernelNote(os.getpid(), time.time(), kills)))


def was_killed(note: dict[str, Any] | None, oom_kills: int) -> bool:
    """True if a note's kernel is gone and the container has killed something for memory since."""
    try:
        note = KernelNote(**note) if note else None
    except TypeError:
        return False
    if note is None or not isinstance(note.oom_kills, int):
        return False
    alive = note.pid != os.getpid() and Path(f"/proc/{note.pid}").exists()
    return not alive and oom_kills > note.oom_kills
