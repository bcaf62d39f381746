"""A lab's start that is held where its container runs and does not answer yet: it is over too soon to be looked at otherwise.

Invariant: what holds it is the engine's freezer alone; hub, page and lab are those of a class, and see a lab that is slow.
"""

import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

COMMAND_SECONDS = 30


def _docker(*arguments: str) -> None:
    subprocess.run(["docker", *arguments], check=True, capture_output=True, timeout=COMMAND_SECONDS)


@contextmanager
def held_start(container: str) -> Iterator[threading.Event]:
    """Freeze this container as soon as it runs, and let it go on at the end; the event says that it is frozen.

    The engine tells of a start within milliseconds, and a lab needs most of a second until it answers.
    """
    frozen = threading.Event()
    # Said to be from before now, so that nothing is missed while the client connects.
    wanted = ("--filter", f"container={container}", "--filter", "event=start", "--since", f"{time.time():.3f}")
    events = subprocess.Popen(["docker", "events", *wanted, "--format", "{{.Status}}"], stdout=subprocess.PIPE)

    def freeze() -> None:
        if events.stdout.readline():
            _docker("pause", container)
            frozen.set()

    watching = threading.Thread(target=freeze)
    watching.start()
    try:
        yield frozen
    finally:
        events.kill()
        watching.join()
        events.wait(COMMAND_SECONDS)
        events.stdout.close()
        if frozen.is_set():
            _docker("unpause", container)
