"""Every fault that is done to a real hub: what must hold, how soon it is over, and what somebody has to do.

Invariant: one entry for each row of the table in docs/reliability.md, in its order; a test that does a fault reports what it took
under that name (`Measured.recovered`), which fails if the bound was passed.
"""

from dataclasses import dataclass

NOTHING = "nothing"


@dataclass(frozen=True)
class Fault:
    """``seconds`` is the bound on ``until``, from the moment of the fault or, where somebody has to do something, of ``step``."""

    name: str
    what: str
    holds: str
    until: str
    seconds: float
    test: str
    step: str = NOTHING


RESTARTS = "tests/hub/test_restarts.py"
FAILURES = "tests/hub/test_start_failures.py"
DATABASE = "tests/hub/faults/test_database.py"
ENGINE = "tests/hub/faults/test_engine.py"
UNDER_LOAD = "tests/hub/faults/test_engine_under_load.py"

FAULTS = (
    Fault(
        "hub-killed",
        "all processes of the hub are killed, three times (twenty with `make test-full`), under a running cell, "
        "when it has run for ten seconds",
        "the same kernel answers on the same websocket, which was never opened again; the lab's container is the same one",
        "the hub answers and knows the lab",
        30,
        f"{RESTARTS}::test_the_hub_is_killed_under_a_running_kernel",
    ),
    Fault(
        "hub-killed-while-starting",
        "the hub is killed while a lab starts",
        "what is left of the start does not stand in the way of the next one",
        "the half start is forgotten",
        60,
        f"{RESTARTS}::test_the_hub_falls_while_a_lab_starts",
        step="press Start again",
    ),
    Fault(
        "proxy-killed",
        "the proxy is killed",
        "the kernel goes on, with its variables; the page connects again by itself",
        "the lab is reached through the proxy",
        6,
        f"{RESTARTS}::test_the_proxy_is_killed_and_its_routes_come_back",
    ),
    Fault(
        "proxy-away",
        "the proxy is stopped for ten seconds, then started",
        "the same",
        "the lab is reached through the proxy, from its start",
        6,
        f"{RESTARTS}::test_a_proxy_that_was_away_gets_its_routes",
    ),
    Fault(
        "database-locked",
        "somebody else holds the lock of the accounts' database for ten seconds",
        "kernels answer meanwhile; nothing that was written before is lost",
        "the hub starts and stops labs, from the lock's end",
        15,
        f"{DATABASE}::test_a_locked_database",
    ),
    Fault(
        "database-damaged",
        "pages of the accounts' database are overwritten, and the hub is killed",
        "kernels answer; the hub says what is damaged and how to restore it; the damaged file is kept",
        "the hub answers, with the accounts and labs of the copy",
        60,
        f"{DATABASE}::test_a_damaged_database_is_restored_under_running_labs",
        step="type `make restore COPY=...`",
    ),
    Fault(
        "homes-disk-full",
        "the disk of homes is filled to the last byte under a running lab (a file system on a loop device)",
        "the kernel goes on; a save that is refused says why, and what was saved before is whole",
        "saving works again, from the moment that something is deleted",
        5,
        "tests/hub/faults/test_homes_disk.py::test_homes_disk_full_under_a_running_lab",
        step="delete something",
    ),
    Fault(
        "image-removed",
        "the lab's image is not on the machine when somebody presses Start",
        "labs that run go on; the page says what is missing and whom to tell, and nothing is left behind",
        "whoever presses is told",
        10,
        f"{FAILURES}::test_no_image",
        step="type `make up`, which builds it; then press Start again",
    ),
    Fault(
        "engine-restarted",
        "Docker's engine restarts under the class (SIGTERM): labs end with it",
        "files are kept; whoever's lab ended reads why, with an incident number, where it is started again",
        "the hub answers and knows which labs ended, from the engine's start",
        60,
        f"{ENGINE}::test_the_engine_restarts",
        step="press Start again",
    ),
    Fault(
        "engine-killed",
        "Docker's engine and its containerd are killed (SIGKILL) under the class, and started",
        "the same",
        "the hub answers and knows which labs ended, from the engine's start, which takes the engine 20 s",
        60,
        f"{ENGINE}::test_the_engine_restarts",
        step="press Start again",
    ),
    Fault(
        "engine-killed-under-load",
        "the same, twelve times, while students hand in and are graded, with twelve kills each of the exercises' service and their "
        "runner between",
        "every acknowledged submission is there, byte for byte, and is graded once",
        "all services of the class do their job, from the engine's start",
        60,
        f"{UNDER_LOAD}::test_what_was_acknowledged_outlives_the_engine",
    ),
    Fault(
        "engine-restarted-live",
        "Docker's engine restarts, once by SIGTERM and once killed with its containerd, and lets containers live (`live-restore`)",
        "the same kernel answers on the same websocket, also while there is no engine; the lab's container is the same one",
        "the hub and the runner reach the new engine, from its start",
        60,
        f"{ENGINE}::test_an_engine_that_lets_containers_live_restarts",
    ),
)

BY_NAME = {fault.name: fault for fault in FAULTS}
