"""Runs in a lab: threads that append when all labs of a race are ready, and what they were told.

Invariant: a lab says that it is ready, waits for the word to go, and prints one JSON line with what was told to be stored and what
failed. Used by the programs beside it, which lie in one folder in the lab.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

# The other labs start at the same time, on the same processors.
READY_SECONDS = int(os.environ["READY_SECONDS"])


def together(meeting: Path, writers: int, appends: int, append: Callable[[int, int], Any]) -> None:
    """Call append(writer, number) in that many threads, each so many times; what it returns was stored."""
    done: list[Any] = []
    failed: list[str] = []

    def write(writer: int) -> None:
        for number in range(appends):
            try:
                done.append(append(writer, number))
            except Exception as error:
                failed.append(str(error)[:500])

    (meeting / f"ready-{os.environ['LAB']}").touch()
    _wait(meeting / "go")
    began = time.monotonic()
    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps({"done": done, "failed": failed, "seconds": round(time.monotonic() - began, 1)}), flush=True)


def _wait(path: Path) -> None:
    until = time.monotonic() + READY_SECONDS
    while not path.exists():
        if time.monotonic() > until:
            sys.exit(f"{path} did not appear within {READY_SECONDS} s")
        time.sleep(0.02)
