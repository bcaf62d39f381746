"""The two arms: what grades one block of submissions of the silver exercise.

Invariant: both grade the same answer with the same kernel, image and processors, and an arm that does not give full marks to all of
them stops the bench. Ours isolates each submission in two containers; stock runs all of them as one user in one process.
"""

import json
import subprocess
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from exercises import definition
from exercises.form import notebooks
from exercises.form.release import of_files
from exercises.laws import graded
from exercises.runner.grading import EXECUTE, JUDGE, JUDGING, Grader, Verdict
from exercises.runner.limits import Limits
from exercises.runner.pool import Pool
from exercises.runner.sandbox import Sandbox
from tests.helpers.versions import ROOT, Versions

NAME = "silver-quarantine"
FOLDER = ROOT / "exercises" / "catalog" / NAME
SEED = 424_242
OWNER = "dataflow-bench-grading"
HERE = Path(__file__).parent
BLOCK_SECONDS = 3600
# One after the other, stock has one kernel at a time; it may have all the memory that two of ours have.
STOCK_MEMORY = "4G"

NOT_FULL = "the {arm} arm gave {points:g} of {of:g} points to an honest answer: {more}"


class NotFull(AssertionError):
    """An arm did not give full marks, so its speed says nothing."""


class Ours:
    """The runner's own parts: a pool of warm containers, one thread for each processor."""

    def __init__(self, settings: Versions, workers: int) -> None:
        files = {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in sorted(FOLDER.rglob("*")) if path.is_file()}
        told = definition.read(NAME, files)
        self.sandbox = Sandbox(settings["LAB_IMAGE"], owner=OWNER)
        self.sandbox.sweep()
        self.grader = Grader(self.sandbox)
        prepared = self.grader.prepare(files, SEED)
        self.files, self.prepared = files, prepared
        self.exercise = graded(told, files, of_files(NAME, files, prepared), prepared)
        self.notebook = notebooks.read(files["notebook.ipynb"])
        self.workers = workers

    def block(self, count: int) -> float:
        """Grade so many submissions; return the seconds."""
        with self._warm(self.workers):
            began = time.monotonic()
            with ThreadPoolExecutor(self.workers) as threads:
                verdicts = list(threads.map(lambda _: self._one(), range(count)))
            seconds = time.monotonic() - began
        for verdict in verdicts:
            if verdict.points != verdict.of:
                raise NotFull(NOT_FULL.format(arm="ours", points=verdict.points, of=verdict.of, more=verdict.message))
        return seconds

    def isolation(self, count: int) -> list[float]:
        """Return what the containers cost beyond the notebook's own time, of so many submissions one after the other, in seconds.

        The next containers are prepared at the same time, as in a class.
        """
        costs = []
        for _ in range(count):
            with self._warm(1):
                began = time.monotonic()
                costs.append(-self._one().seconds + time.monotonic() - began)
        return costs

    def _one(self) -> Verdict:
        return self.grader.grade(self.exercise, self.notebook)

    @contextmanager
    def _warm(self, count: int) -> Iterator[None]:
        """Containers ready as in a class that has been quiet for a while; none is left when the other arm has its turn."""
        pools = [
            Pool(self.sandbox, Limits(memory=self.exercise.memory), count, EXECUTE),
            Pool(self.sandbox, JUDGE, count, JUDGING),
        ]
        self.grader.pool, self.grader.judges = pools
        try:
            for pool in pools:
                pool.wait(300)
            yield
        finally:
            for pool in pools:
                pool.close()

    def close(self) -> None:
        self.sandbox.sweep()


class Stock:
    """`nbgrader autograde` in a container of the lab image."""

    def __init__(self, settings: Versions, ours: Ours) -> None:
        self.image = f"{settings['LAB_IMAGE'].partition(':')[0]}-nbgrader:bench"
        ca = Path("/etc/ssl/certs/ca-certificates.crt")
        secret = ["--secret", f"id=ca,src={ca}"] if ca.is_file() else []
        command = ["docker", "buildx", "build", "--builder", "default", "--load", "--quiet", *secret]
        command += ["--build-arg", f"lab_image={settings['LAB_IMAGE']}", "--tag", self.image]
        subprocess.run([*command, "--file", str(HERE / "Dockerfile"), str(ROOT)], check=True, stdout=subprocess.DEVNULL)
        self.name = f"{OWNER}-stock-{uuid.uuid4().hex[:6]}"
        limits = ["--network", "none", "--memory", STOCK_MEMORY, "--cpus", str(ours.workers), "--init"]
        start = ["docker", "run", "--detach", "--rm", "--name", self.name, *limits, "--entrypoint", "sleep", self.image, "infinity"]
        subprocess.run(start, check=True, stdout=subprocess.DEVNULL)
        self._put("/tmp/stock.py", (HERE / "stock.py").read_bytes())
        self._put("/tmp/notebook.ipynb", json.dumps(ours.notebook).encode())
        for name, content in ours.prepared.items():
            self._put(f"/tmp/{name}", content)
        self._run("setup")

    def block(self, count: int) -> float:
        """Grade so many submissions; return the seconds that `nbgrader autograde` took."""
        told = self._run("block", str(count))
        if told["points"] != told["of"]:
            raise NotFull(NOT_FULL.format(arm="stock", points=told["points"], of=told["of"], more=told["log"]))
        return told["seconds"]

    def close(self) -> None:
        subprocess.run(["docker", "rm", "--force", self.name], capture_output=True)

    def _put(self, path: str, content: bytes) -> None:
        command = ["docker", "exec", "--interactive", self.name, "sh", "-c", 'mkdir -p "$(dirname "$0")" && cat > "$0"', path]
        subprocess.run(command, input=content, check=True)

    def _run(self, *arguments: str) -> dict[str, Any]:
        command = ["docker", "exec", self.name, "/opt/nbgrader/bin/python", "/tmp/stock.py", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=BLOCK_SECONDS)
        if done.returncode != 0:
            raise AssertionError(f"{' '.join(arguments)}: {done.stdout[-2000:]}\n{done.stderr[-2000:]}")
        return json.loads(done.stdout.splitlines()[-1])
