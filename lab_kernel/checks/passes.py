"""Which tasks a student has solved, kept in the home.

Invariant: one pass is one line, written by one call at the end of the file, and never changed. So two
notebooks at once lose nothing (a file that is replaced would keep the later one's view only), a crash costs at
most the line being written, and a line that cannot be read is passed over. Nothing of an answer is kept.
"""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

FILE = Path(".local") / "share" / "dataflow" / "passed.jsonl"


def path(home: Path | None = None) -> Path:
    return (home or Path.home()) / FILE


def record(task: str, file: Path | None = None) -> None:
    """Notes that a task was passed now, unless it is noted already. Raises OSError."""
    file = file or path()
    if task in passed(file):
        return
    now = datetime.now(UTC).isoformat(timespec="seconds")
    line = json.dumps({"task": task, "lesson": task.partition("-")[0], "time": now})
    file.parent.mkdir(parents=True, exist_ok=True)
    # The break before the line ends what a crash may have left half written.
    whole = f"\n{line}\n".encode()
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(descriptor, whole)
    finally:
        os.close(descriptor)


def passed(file: Path | None = None) -> dict[str, str]:
    """Returns task id to the time of its first pass (ISO 8601, UTC); whatever cannot be read is left out."""
    found: dict[str, str] = {}
    try:
        lines = (file or path()).read_bytes().splitlines()
    except OSError:
        return found
    for line in lines:
        try:
            entry = json.loads(line)
            found.setdefault(str(entry["task"]), str(entry["time"]))
        except (ValueError, TypeError, KeyError, RecursionError):
            continue
    return found
