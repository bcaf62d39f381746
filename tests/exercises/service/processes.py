"""The service and a runner as processes of their own, which a test may kill at any moment, and students who go on submitting.

Invariant: they are started from one process that has everything loaded, so that a kill costs a moment and no seconds; they do what
they do in a class, but for the containers in which notebooks run.
"""

import hashlib
import json
import multiprocessing
import random
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn

from exercises.client import Client, ClientError
from exercises.runner import archive
from exercises.service import app
from exercises.service.prefix import under
from exercises.service.settings import Shared, Web
from tests.exercises.runner import queue_of
from tests.exercises.service.classroom import PREFIX, RealHub, answers, free_ports, wait_for
from tests.helpers.databases import url_of

START_SECONDS = 60
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload([__name__])
PAUSES = (0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4)


def serve(data: Path, settings: Web) -> None:
    uvicorn.run(under(PREFIX, app.make(settings)), host="127.0.0.1", port=settings.port, log_level="error")


def grade(data: Path) -> None:
    queue_of.workers(data).start()
    threading.Event().wait()


class Class:
    """Both processes over one folder."""

    def __init__(self, hub: RealHub, data: Path) -> None:
        self.data, port = data, free_ports(1)
        shared = Shared(url_of(data), data / "store")
        self._web = Web(shared, port, PREFIX, hub.api, "/", "service-exercises", hub.service_token, 5.0)
        self.url = f"http://127.0.0.1:{port}{PREFIX}"
        self._processes: dict[str, multiprocessing.Process] = {}
        # One makes the tables before the other looks at them.
        self.start("service")
        wait_for(lambda: answers(self.url + "api/health"), START_SECONDS)
        self.start("runner")

    def start(self, name: str) -> None:
        target, arguments = (serve, (self.data, self._web)) if name == "service" else (grade, (self.data,))
        self._processes[name] = CONTEXT.Process(target=target, args=arguments, daemon=True)
        self._processes[name].start()

    def kill(self, name: str) -> None:
        process = self._processes[name]
        process.kill()
        process.join()
        process.close()

    def stop(self) -> None:
        for name in list(self._processes):
            self.kill(name)


@dataclass
class Student:
    """Hands in again and again; remembers what was acknowledged, and how long it took. `problems` are answers nobody expects."""

    name: str
    client: Client
    course: str
    chance: random.Random
    receipts: dict[str, bytes] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    unsure: int = 0

    def hand_in(self) -> None:
        """Submit a notebook that nobody has submitted yet."""
        files = {"notebook.ipynb": json.dumps(queue_of.notebook(self.chance.randint(1, 40))).encode()}
        files["note.txt"] = self.chance.randbytes(self.chance.randint(100, 30_000))
        began = time.monotonic()
        try:
            receipt = self.client.submit(self.course, queue_of.NAME, files)
        except ClientError as error:
            # No answer in spite of all tries: it may be there or not, but is not half there.
            self.unsure += error.status is None
            self.problems += [] if error.status is None else [str(error)]
            return
        self.seconds.append(time.monotonic() - began)
        data = archive.pack(files, compress=True)
        if receipt["sha256"] != hashlib.sha256(data).hexdigest():
            self.problems.append(f"the receipt {receipt} is of something else")
        self.receipts[receipt["id"]] = data


def student(of: Class, name: str, token: str, course: str, seed: int) -> Student:
    return Student(name, Client(of.url, token, pauses=PAUSES), course, random.Random(seed))
