"""Starts the runner: `python -m exercises.runner`."""

import logging
import signal
import threading
from contextlib import suppress
from pathlib import Path

from exercises.definition import DEFAULT_MEMORY, MB
from exercises.runner.grading import EXECUTE, JUDGE, JUDGING, Grader
from exercises.runner.limits import Limits, SandboxError
from exercises.runner.pool import Pool
from exercises.runner.sandbox import Sandbox
from exercises.runner.work import Work
from exercises.runner.worker import Workers
from exercises.service import clock, settings
from exercises.service.database import Database
from exercises.service.store import Store
from exercises.service.sweeping import Sweeper

# Compose gives a container ten seconds to end; what is not done by then is done again.
LAST_SECONDS = 6.0
LOOK_SECONDS = 1.0
CUT_OFF = "The engine has made its socket anew, and this container has the old one; the runner ends, and the engine starts it anew"


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    read = settings.read_runner()
    database = Database(read.shared.database)
    database.migrate()
    sandbox = Sandbox(read.image, owner=read.project)
    if count := sandbox.sweep():
        logging.info("removed %d container(s) that an earlier runner left", count)
    pool = Pool(sandbox, Limits(memory=DEFAULT_MEMORY * MB), read.warm, EXECUTE)
    judges = Pool(sandbox, JUDGE, read.warm and read.workers, JUDGING)
    store = Store(read.shared.store)
    work = Work(database, store, Grader(sandbox, pool, judges), clock.now)
    workers = Workers(database, work, clock.now, name=read.project, count=read.workers, pulse=read.pulse)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    sweeper = Sweeper(database, store, clock.now)
    workers.start()
    sweeper.start()
    logging.info("%d worker(s), %d container(s) kept warm, image %s", read.workers, read.warm, read.image)
    while not ended.wait(LOOK_SECONDS):
        if cut_off(read.engine_socket):
            logging.warning(CUT_OFF)
            break
    sweeper.stop(0)
    workers.stop(LAST_SECONDS)
    pool.close()
    judges.close()
    # What an engine that is not there cannot remove, the next start's sweep does.
    with suppress(SandboxError):
        sandbox.sweep()
    database.close()


def cut_off(socket: Path) -> bool:
    """Whether no name leads to the engine's socket any more: this container lived on while an engine that makes its own started
    anew. Only a new start of the container mounts the new one."""
    try:
        return socket.stat().st_nlink == 0
    except OSError:
        return False


if __name__ == "__main__":
    main()
