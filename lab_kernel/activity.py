"""Signs of life while Spark works, for the server that tells the hub whether a lab is idle.

Invariant: a kernel's heartbeat file exists only while one of its jobs or streams runs; its content
says since when it is true, how long to believe it, and why.
"""

import threading
import time
from pathlib import Path
from typing import Any

from lab_kernel import messages, notes
from lab_kernel.session import Session

# A heartbeat older than this many of its own periods is a dead kernel's.
STALE_AFTER_BEATS = 3
FOLDER = "activity"


def reasons(spark: Any, kernel_id: str) -> list[str]:
    """Returns why this Spark session is busy, one text each; empty if it is not."""
    short = kernel_id[:8]
    found = []
    jobs = len(spark.sparkContext.statusTracker().getActiveJobsIds())
    if jobs:
        count = messages.JOBS_ONE if jobs == 1 else messages.JOBS_MANY.format(jobs=jobs)
        found.append(messages.ACTIVE_JOBS.format(jobs=count, kernel=short))
    for query in spark.streams.active:
        name = query.name or str(query.id)[:8]
        found.append(messages.ACTIVE_STREAM.format(name=name, kernel=short))
    return found


class Heartbeat:
    """Writes this kernel's heartbeat file. `on_beat` runs at every beat, busy or not."""

    def __init__(
        self, session: Session, kernel_id: str, folder: Path, every: float, on_beat
    ) -> None:
        self._session, self._kernel_id, self._every = session, kernel_id, every
        self._path = folder / FOLDER / f"{kernel_id}.json"
        self._on_beat = on_beat
        self._stop = threading.Event()
        # A beat that is under way must not write its file after stop() has removed it.
        self._lock = threading.Lock()

    def start(self) -> None:
        threading.Thread(target=self._run, name="spark-heartbeat", daemon=True).start()

    def stop(self) -> None:
        self._stop.set()
        with self._lock:
            self._path.unlink(missing_ok=True)

    def beat(self) -> None:
        """One look: writes the file if Spark works, removes it if not."""
        spark = self._session.peek()
        found = reasons(spark, self._kernel_id) if spark is not None else []
        with self._lock:
            if not found:
                self._path.unlink(missing_ok=True)
            elif not self._stop.is_set():
                content = {"at": time.time(), "every": self._every, "reason": "; ".join(found)}
                notes.write(self._path, content)

    def _run(self) -> None:
        while not self._stop.wait(self._every):
            try:
                self._on_beat()
                self.beat()
            except Exception:  # Spark has just died, or the disk is full: the next beat tells
                continue


def latest(folder: Path, now: float, kernel_id: str = "*") -> tuple[float, str] | None:
    """Returns (time, reason) of the newest believable heartbeat, of one kernel or of all, or None."""
    best = None
    for path in sorted((folder / FOLDER).glob(f"{kernel_id}.json")):
        content = notes.read(path) or {}
        at, every = content.get("at"), content.get("every")
        if not isinstance(at, (int, float)) or not isinstance(every, (int, float)):
            continue
        if not now - STALE_AFTER_BEATS * every - 5 <= at <= now + 5:
            continue
        if best is None or at > best[0]:
            best = (at, str(content.get("reason", "")))
    return best
