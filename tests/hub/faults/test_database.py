"""The accounts' database is locked by somebody else, or damaged: notebooks do not notice, and the hub says what to do."""

import time

import pytest

from tests.helpers.hub_client import log_in
from tests.helpers.waiting import wait_until
from tests.hub.conftest import OWN_PASSWORD, crash, docker, hub_log
from tests.hub.test_restarts import wait_for_hub

pytestmark = pytest.mark.docker

LOCKED_SECONDS = 10
LOCK = """
import sqlite3, time
database = sqlite3.connect("/srv/hub/jupyterhub.sqlite", timeout=30, isolation_level=None)
database.execute("begin exclusive")
print("locked", flush=True)
time.sleep({seconds})
database.execute("rollback")
"""
# All pages but the first two, so that it still looks like a database.
DAMAGE = """
import os
with open("/srv/hub/jupyterhub.sqlite", "r+b") as file:
    size = os.fstat(file.fileno()).st_size
    file.seek(2 * 4096)
    file.write(b"\\xff" * (size - 2 * 4096))
    os.fsync(file.fileno())
"""


@pytest.fixture(scope="module")
def kim(enrol):
    return enrol("kim")


@pytest.fixture
def kernel(kim):
    """A kernel at work, and its one websocket."""
    started = kim.start().kernel()
    started.run("kept = 'a variable'").ok()
    yield started
    started.close()


def test_a_locked_database(stack, kim, kernel, measured):
    hub = f"{stack.project}-hub"
    started_at = docker("inspect", "--format", "{{.State.StartedAt}}", hub)
    docker("exec", "--detach", hub, "python", "-c", LOCK.format(seconds=LOCKED_SECONDS))
    began = time.monotonic()
    while time.monotonic() < began + LOCKED_SECONDS:
        assert kernel.alive()
        time.sleep(1)
    unlocked = time.monotonic()

    def stopped() -> bool:
        """Writing works again: the lab is stopped, and the hub has noted it."""
        return kim.api("DELETE", f"users/{kim.name}/server").status_code in (202, 204, 404) and kim.server() is None

    wait_until(stopped, what="the hub stops a lab", seconds=60, ignore=(ValueError, KeyError), log=lambda: hub_log(stack, 60))
    kim.start()
    measured.recovered("database-locked", time.monotonic() - unlocked)
    assert docker("inspect", "--format", "{{.State.StartedAt}}", hub) == started_at, "it was not restarted for that"


def test_a_damaged_database_is_restored_under_running_labs(stack, kim, kernel, measured):
    hub = f"{stack.project}-hub"
    made = [line.removeprefix("copied: ") for line in stack.script("backup").splitlines() if line.startswith("copied: hub-")]
    assert len(made) == 1
    try:
        docker("exec", hub, "python", "-c", DAMAGE)
        crash(hub)
        wait_until(
            lambda: "`make restore COPY=...`" in hub_log(stack, 20),
            what="the hub says how to restore",
            seconds=60,
            log=lambda: hub_log(stack, 60),
        )
        assert "its file of accounts /srv/hub/jupyterhub.sqlite is damaged" in hub_log(stack, 20)
        assert "Traceback" not in hub_log(stack, 5)
        assert kernel.alive(), "the same websocket"
        assert made[0] in stack.script("restore")
    finally:
        began = time.monotonic()
        restored = stack.script("restore", made[0])
        wait_for_hub(stack)
        seconds = time.monotonic() - began
    measured.recovered("database-damaged", seconds)
    assert kim.server()["ready"], "the lab that ran all the time is known"
    assert kernel.run("kept").ok().value == "'a variable'"
    log_in(stack.url, kim.name, OWN_PASSWORD)
    assert "jupyterhub.sqlite.before-" in restored
    kept = docker("exec", hub, "sh", "-c", "ls /srv/hub/*.before-* && rm /srv/hub/*.before-*")
    assert kept.startswith("/srv/hub/jupyterhub.sqlite.before-")
