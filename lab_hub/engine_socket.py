"""A hub whose way to the engine is cut for good ends, so that the engine starts its container anew, with a way that leads to it.

Invariant: only a way that cannot come back is reason to end. The socket is one file, mounted into the container; an engine that
makes its own makes another one when it starts anew, and a container that lived on meanwhile (live-restore) keeps the old one, which
no name leads to any more. An engine that is only silent, or whose socket is kept for it (systemd's docker.socket), is waited for.
No kernel notices. Health checks would not do: the engine does not take them up again for containers that lived on.
"""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

LOOK_SECONDS = 1.0
CUT_OFF = "The engine has made its socket anew, and this container has the old one; the hub ends, and the engine starts it anew"

_log = logging.getLogger("lab_hub.engine_socket")


def cut_off(socket: Path) -> bool:
    """Return whether this file is there and has no name any more."""
    try:
        return socket.stat().st_nlink == 0
    except OSError:
        return False


def end() -> None:
    """Ask this process to end in its usual way, which leaves labs and routes alone."""
    _log.warning(CUT_OFF)
    os.kill(os.getpid(), signal.SIGTERM)


def watch(socket: Path, then: Callable[[], None] = end, every: float = LOOK_SECONDS) -> threading.Thread:
    """Look at the socket from now on, beside everything else, and do ``then`` once it is cut off."""

    def look() -> None:
        while not cut_off(socket):
            time.sleep(every)
        then()

    thread = threading.Thread(target=look, name="engine-socket", daemon=True)
    thread.start()
    return thread
