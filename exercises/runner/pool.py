"""Containers prepared before there is anything to run: what takes long is loaded, nobody's code has been in them.

Invariant: a prepared container runs one submission and is removed; one that has died or grown old is thrown away.
"""

import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress

from exercises.runner.sandbox import Box, Limits, Outcome, Sandbox, SandboxError

GO, WARM = "go", "warm"
WARM_SECONDS = 150.0
OLD_SECONDS = 1800.0
RETRY_SECONDS = 5.0


class WarmBox:
    """A prepared container. Not thread-safe."""

    def __init__(self, box: Box) -> None:
        self._box = box
        self.made = time.monotonic()

    def run(self, inputs: Mapping[str, bytes], seconds: float, deadline: float) -> Outcome:
        """Run one notebook in it, and end it. Raises SandboxError."""
        # The sign comes last, in an archive of its own: by then everything else is there.
        self._box.put(inputs)
        self._box.restart_clock(deadline)
        self._box.put({GO: str(seconds).encode()})
        return self._box.finish()

    def alive(self) -> bool:
        return self._box.running()

    def close(self) -> None:
        self._box.close()


class Pool:
    """Keeps `size` containers warm, preparing one at a time. Thread-safe."""

    def __init__(self, sandbox: Sandbox, limits: Limits, size: int, command: Sequence[str]) -> None:
        """`command` loads what it needs, prints "warm" on a line, and goes on when there is /in/go."""
        self._sandbox, self._limits, self._size, self._command = sandbox, limits, size, [*command, "--warm"]
        self._ready: deque[WarmBox] = deque()
        self._changed = threading.Condition()
        self._ended = False
        self._thread = threading.Thread(target=self._keep, name="warm", daemon=True)
        if size:
            self._thread.start()

    def take(self, limits: Limits) -> WarmBox | None:
        """Return a warm container that fits the limits; None when there is none, and a cold one has to do."""
        while True:
            with self._changed:
                if limits.memory != self._limits.memory or not self._ready:
                    return None
                box = self._ready.popleft()
                self._changed.notify_all()
            with suppress(SandboxError):
                if time.monotonic() - box.made < OLD_SECONDS and box.alive():
                    return box
            with suppress(SandboxError):
                box.close()

    def wait(self, seconds: float, count: int | None = None) -> bool:
        """Wait until that many (default: all) are warm; return whether they are."""
        wanted = self._size if count is None else count
        with self._changed:
            return self._changed.wait_for(lambda: len(self._ready) >= wanted, seconds)

    def close(self) -> None:
        """Remove what was prepared; nothing is prepared any more."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()
        if self._size:
            self._thread.join(WARM_SECONDS)
        for box in self._ready:
            with suppress(SandboxError):
                box.close()
        self._ready.clear()

    def _keep(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._ended or len(self._ready) < self._size)
                if self._ended:
                    return
            try:
                box = self._prepare()
            except SandboxError:
                # The engine or the image is the matter: runs say so, this thread tries again.
                with self._changed:
                    self._changed.wait_for(lambda: self._ended, RETRY_SECONDS)
                continue
            with self._changed:
                self._ready.append(box)
                self._changed.notify_all()

    def _prepare(self) -> WarmBox:
        box = self._sandbox.open(self._limits)
        try:
            box.start(self._command)
            deadline = time.monotonic() + WARM_SECONDS
            while not box.said(WARM):
                if self._ended or time.monotonic() > deadline or not box.running():
                    raise SandboxError(f"a container did not become warm: {box.printed()[-500:]}")
                time.sleep(0.1)
            return WarmBox(box)
        except BaseException:
            box.close()
            raise
