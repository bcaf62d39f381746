"""Why a lab is not running any more, for the page on which it is started again.

Invariant: whatever ended a lab, but its own student, leaves one plain sentence with an incident number that is in the hub's log
too; the sentence is kept with the lab's entry in the hub's database, so a restarted hub still knows it, until the next start.
"""

import re
import secrets
from datetime import UTC, datetime
from pathlib import Path

from lab_hub import messages
from lab_hub.start_failures import Reason, size

CULLER = "culler"
_STAT = Path("/proc/stat")
_INCIDENT = re.compile(r"incident [0-9a-f]{8} \[\w{1,40}\] ")
_MOST_LINES, _LONGEST_LINE = 20, 200
_KILLED = 137
# What an engine says of a container that it found dead when it came back, or that was ended for its own sake. Behind a hub
# JupyterLab's menu has no way to end it, so 0 is its answer to somebody's SIGTERM: of an engine that stops, mostly.
_FROM_OUTSIDE = (0, _KILLED, 143, 255)


def machine_started(stat: Path = _STAT) -> float | None:
    """Return when the machine was started, as seconds since 1970; None where the kernel does not say."""
    try:
        lines = stat.read_text(encoding="ascii").splitlines()
        return next((float(line.split()[1]) for line in lines if line.startswith("btime ")), None)
    except (OSError, ValueError):
        return None


def by_itself(state: dict, memory_limit: int, booted: float | None) -> Reason:
    """Return why a container that nobody stopped has ended, from the engine's `State`."""
    code = state.get("ExitCode")
    began = _seconds(state.get("StartedAt"))
    if booted is not None and began is not None and began < booted:
        return Reason("machine_restarted", messages.ENDED_WITH_THE_MACHINE, "")
    if state.get("OOMKilled"):
        return Reason("out_of_memory", messages.ENDED_FOR_MEMORY.format(limit=size(memory_limit)), messages.ADVICE_LESS_MEMORY)
    if code in _FROM_OUTSIDE:
        return Reason("stopped_from_outside", messages.ENDED_FROM_OUTSIDE, "")
    return Reason("ended", messages.ENDED.format(code=code), messages.ADVICE_TELL)


def gone() -> Reason:
    """The container is not there any more, and the hub did not remove it."""
    return Reason("gone", messages.ENDED_FROM_OUTSIDE, "")


def asked_by(kind: str, name: str, owner: str, idle_seconds: int) -> Reason | None:
    """Return why a lab was stopped that somebody asked to stop; None if it was its own student."""
    if (kind, name) == ("user", owner):
        return None
    if (kind, name) == ("service", CULLER):
        return Reason("idle", messages.ENDED_IDLE.format(time=messages.duration(idle_seconds)), messages.ADVICE_IDLE)
    if kind == "user":
        return Reason("administrator", messages.ENDED_BY_ADMIN, "")
    return Reason("operator", messages.ENDED_BY_OPERATOR, "")


def told(reason: Reason) -> tuple[str, str]:
    """Return the sentence for the student and the line for the log, with the same incident number."""
    incident = secrets.token_hex(4)
    sentence = " ".join(part for part in (reason.what, reason.advice, messages.FILES_SAFE) if part)
    return messages.WITH_INCIDENT.format(what=sentence, incident=incident), f"incident {incident} [{reason.kind}] {reason.what}"


def incidents(log: str) -> list[str]:
    """Return the lines of a lab's log that have an incident's number (lab_kernel.incidents), the last few, short and printable.

    A student can write into that log: it is quoted, and nothing follows from it.
    """
    found = (line[match.start() :] for line in log.splitlines() if (match := _INCIDENT.search(line)))
    return ["".join(filter(str.isprintable, line))[:_LONGEST_LINE] for line in found][-_MOST_LINES:]


def _seconds(text: str | None) -> float | None:
    """The engine's times are UTC, with nanoseconds; one that never was is the year 1."""
    try:
        found = datetime.fromisoformat((text or "")[:19]).replace(tzinfo=UTC)
    except ValueError:
        return None
    return found.timestamp() if found.year > 1 else None
