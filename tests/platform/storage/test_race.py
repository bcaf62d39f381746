"""Several labs write one Delta table on the storage at once: no commit is lost, none is made twice, also when an answer is lost.

Twice: the log alone, by eight writers in four labs, and whole appends by Spark, by six writers in three. DATAFLOW_TEST_FULL=1:
eight labs with a hundred each, both times.
"""

import json
import os
import subprocess
import time
import uuid
from pathlib import Path

import pytest

from tests.helpers import lab as labs

FULL = bool(os.environ.get("DATAFLOW_TEST_FULL"))
pytestmark = [pytest.mark.docker, pytest.mark.timeout(2400 if FULL else 600)]
LABS, WRITERS, APPENDS = (8, 1, 100) if FULL else (3, 2, 8)
LOG_LABS, LOG_WRITERS, COMMITS = (8, 1, 100) if FULL else (4, 2, 12)
COMMITTED = LOG_LABS * LOG_WRITERS * COMMITS
# Two processors start four JVMs in half a minute, eight of them with Spark in two.
READY_SECONDS, WRITE_SECONDS = (300, 1800) if FULL else (120, 120)
CODE = "/repo/tests/platform/storage"
OURS, DELTAS = "dataflow.delta.ConditionalPutLogStore", "io.delta.storage.S3SingleDriverLogStore"


class Race:
    """Labs that begin to write together, when all of them are ready."""

    def __init__(self, storage, meeting: Path, table: str, environment: dict[str, str]) -> None:
        self.options = storage.for_a_lab(environment)
        self.meeting, self.table, self.names = meeting, table, []
        meeting.chmod(0o777)

    def command(self, lab: str, *arguments: str) -> list[str]:
        self.names.append(f"dataflow-race-{uuid.uuid4().hex[:8]}")
        start = ["docker", "run", "--rm", "--name", self.names[-1], "--volume", f"{self.meeting}:/meeting", "--env", f"LAB={lab}"]
        start += ["--env", f"READY_SECONDS={READY_SECONDS}"]
        return [*start, *self.options, *arguments]

    def together(self, number: int, *arguments: str) -> list[str]:
        """Run one program in that many labs, which meet before they begin; return what they were told was done."""
        running = []
        for lab in range(number):
            command = self.command(f"lab{lab}", *arguments, "/meeting")
            running.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
        try:
            until = time.monotonic() + READY_SECONDS
            while len(list(self.meeting.glob("ready-*"))) < number:
                assert time.monotonic() < until, f"the labs were not ready within {READY_SECONDS} s"
                for process in running:
                    assert process.poll() is None, process.communicate()[1][-3000:]
                time.sleep(0.2)
            (self.meeting / "go").touch()
            done = []
            for process in running:
                out, err = process.communicate(timeout=WRITE_SECONDS)
                assert process.returncode == 0, err[-3000:]
                told = json.loads(out.splitlines()[-1])
                assert told["failed"] == [], told["failed"][:3]
                done += [str(row) for row in told["done"]]
            return done
        finally:
            self.remove()

    def remove(self) -> None:
        """Labs that have ended are gone already."""
        subprocess.run(["docker", "rm", "--force", *self.names], capture_output=True)

    def appends(self, number: int, writers: int, appends: int) -> list[str]:
        return self.together(number, f"{CODE}/writer.py", self.table, str(writers), str(appends))

    def commits(self, store: str, number: int, writers: int, commits: int) -> list[str]:
        return self.together(number, f"{CODE}/log_writer.py", f"{self.table}/_delta_log", store, str(writers), str(commits))

    def answer(self, *arguments: str):
        try:
            done = subprocess.run(self.command("count", *arguments), capture_output=True, text=True, timeout=WRITE_SECONDS)
        finally:
            self.remove()
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout.splitlines()[-1])

    def count(self) -> dict[str, int]:
        return self.answer(f"{CODE}/counter.py", self.table)

    def log(self) -> list[str]:
        return self.answer(f"{CODE}/log_writer.py", f"{self.table}/_delta_log", OURS, "0", "0", "/meeting")[1:]


@pytest.fixture
def ana(storage):
    return storage.writers_keys()


def table() -> str:
    return f"s3a://bronze/ana/race{uuid.uuid4().hex[:6]}"


def test_of_many_commits_none_is_lost(storage, ana, tmp_path):
    race = Race(storage, tmp_path, table(), ana)
    done = race.commits(OURS, LOG_LABS, LOG_WRITERS, COMMITS)
    assert len(set(done)) == len(done) == COMMITTED
    assert sorted(race.log()) == sorted(done)


def test_deltas_own_log_store_loses_some(storage, ana, tmp_path):
    """Why ours is there. When this fails, Delta has learnt it: take ours out."""
    race = Race(storage, tmp_path, table(), ana)
    done = race.commits(DELTAS, LOG_LABS, LOG_WRITERS, COMMITS)
    assert len(done) == COMMITTED
    assert len(set(done) - set(race.log())) > 0


def test_no_append_is_lost(storage, ana, tmp_path):
    race = Race(storage, tmp_path, table(), ana)
    done = race.appends(LABS, WRITERS, APPENDS)
    expected = LABS * WRITERS * APPENDS
    assert len(set(done)) == len(done) == expected
    assert race.count() == {"rows": expected, "distinct": expected, "commits": expected}


def test_a_commit_whose_answer_was_lost_is_made_once(storage, ana, tmp_path):
    """The client sends it again and is refused; taken for somebody else's commit, the rows would be written twice."""
    proxy = f"dataflow-race-{uuid.uuid4().hex[:8]}"
    port = storage.settings["STORAGE_PORT"]
    inside = f"storage:{port}"
    # Labs reach nothing of their network but its services, so it takes the address of one.
    place = f"{storage.address('labs').rpartition('.')[0]}.99"
    race = Race(storage, tmp_path, table(), ana)
    direct = race.options
    race.options = [option.replace(f"http://{inside}", f"http://{proxy}:{port}") for option in direct]
    start = ["docker", "run", "--detach", "--rm", "--name", proxy, "--network", f"{storage.project}-labs", "--ip", place]
    program = [storage.settings["LAB_IMAGE"], labs.PYTHON, f"{CODE}/lossy_proxy.py", port, inside]
    subprocess.run([*start, "--volume", f"{labs.ROOT}:/repo:ro", *program], check=True, stdout=subprocess.DEVNULL)
    try:
        done = race.commits(OURS, 2, 1, 10)
        lost = subprocess.run(["docker", "logs", proxy], capture_output=True, text=True).stdout.splitlines()
    finally:
        subprocess.run(["docker", "rm", "--force", proxy], stdout=subprocess.DEVNULL)
    assert len(set(done)) == len(done) == 20
    assert len([line for line in lost if line.endswith(" 200")]) >= 20, lost
    race.options = direct
    found = race.log()
    assert sorted(found) == sorted(done), f"{len(found) - len(set(found))} were made twice"
