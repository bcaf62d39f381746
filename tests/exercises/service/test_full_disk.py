"""The disk of the database and the store fills up. A file system in memory stands for it: nothing else of the machine fills up."""

import os
import subprocess

import pytest

from exercises.runner import worker
from tests.exercises.runner import queue_of
from tests.exercises.service.classroom import served, wait_for
from tests.exercises.service.samples import submission

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="a file system is mounted by root alone")

DISK_MB = 16
GRADED_SECONDS = 30


@pytest.fixture
def disk(tmp_path):
    made = tmp_path / "disk"
    made.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m,mode=0700", "exercises-test", made]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        pytest.skip(f"this machine mounts nothing: {done.stderr.strip()}")
    yield made
    subprocess.run(["umount", "--lazy", made], check=True)


@pytest.fixture
def service(hub, disk, clock):
    with served(hub, disk, clock) as service:
        yield service


def fill(disk, leave: int = 0) -> None:
    """Leave so many bytes."""
    with open(disk / "fills", "wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError as error:
            assert error.strerror == "No space left on device"
        file.truncate(max(0, file.tell() - leave))


# None left at all, and some: then the archive may be kept, and it is the database that has no place for its row.
@pytest.mark.parametrize("leave", [0, 4096, 12288])
def test_a_submission_is_refused_with_the_reason_and_taken_once_there_is_space(service, people, handed_out, disk, leave):
    def hand_in(text: str):
        return service.ask("POST", handed_out + "/submissions", people.ana, data=submission(text))

    before = submission("before")
    kept = hand_in("before").json()
    fill(disk, leave)
    refused = [hand_in(f"number {number}") for number in range(12)]
    # What still fits is taken, whole.
    assert {one.status_code for one in refused} <= {201, 507} and refused[-1].status_code == 507
    assert "is full, so nothing was taken" in refused[-1].json()["detail"]
    taken = 1 + sum(one.status_code == 201 for one in refused)
    push = service.ask("POST", handed_out, people.teacher, data=bytes(10))
    assert push.status_code in (422, 507)
    # All that was there is there, and is shown.
    assert service.ask("GET", f"/api/submissions/{kept['id']}/files", people.ana).content == before
    assert len(service.ask("GET", handed_out + "/submissions", people.ana).json()) == taken
    assert service.ask("GET", "/api/health").status_code == 200
    (disk / "fills").unlink()
    assert hand_in("after").status_code == 201
    numbers = [one["number"] for one in service.ask("GET", handed_out + "/submissions", people.ana).json()]
    assert numbers == list(range(1, taken + 2)) and list((disk / "store" / "incoming").iterdir()) == []


def test_a_runner_loses_no_job_to_it(disk, monkeypatch):
    monkeypatch.setattr(worker, "TROUBLE_SECONDS", 0.2)
    expected = queue_of.fill(disk, 5)
    database, _ = queue_of.open_(disk)
    fill(disk)
    runner = queue_of.workers(disk)
    try:
        threads = runner._threads
        wait_for(lambda: _started(runner), 10)
        assert all(thread.is_alive() for thread in threads)
        (disk / "fills").unlink()
        wait_for(lambda: _grades(database) == sorted(expected.items()), GRADED_SECONDS)
    finally:
        runner.stop(5)
        while queue_of.OPENED:
            queue_of.OPENED.pop().close()


def _started(runner) -> bool:
    """A runner that cannot even give back what an earlier one held says so; whoever starts it starts it again."""
    try:
        runner.start()
    except Exception as error:
        assert "disk is full" in str(error) or "disk I/O error" in str(error)
        return False
    return True


def _grades(database) -> list[tuple[str, float]]:
    from tests.exercises.runner.test_worker import grades

    return sorted(grades(database))


