"""Why a lab is not running any more, for the page on which it is started again.

Invariant: whatever ended a lab, but its own student, leaves one plain sentence with an incident number that is in the hub's log
too; the sentence is kept with the lab's entry in the hub's database, so a restarted hub still knows it, until the next start.
"""

import secrets
from datetime import UTC, datetime
from pathlib import Path

from jupyterhub.apihandlers.users import UserServerAPIHandler

from lab_hub import messages
from lab_hub.start_failures import Reason, size

CULLER = "culler"
_STAT = Path("/proc/stat")
_KILLED = 137
# What an engine says of a container that it found dead when it came back, or that was ended for its own sake.
_FROM_OUTSIDE = (_KILLED, 143, 255)


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


def _seconds(text: str | None) -> float | None:
    """The engine's times are UTC, with nanoseconds; one that never was is the year 1."""
    try:
        found = datetime.fromisoformat((text or "")[:19]).replace(tzinfo=UTC)
    except ValueError:
        return None
    return found.timestamp() if found.year > 1 else None


class StopHandler(UserServerAPIHandler):
    """The hub's own way to stop a lab, which also tells the lab's spawner who asked."""

    async def delete(self, user_name, server_name=""):
        user = self.find_user(user_name)
        spawner = user.spawners.get(server_name) if user is not None else None
        if spawner is not None and self.current_user is not None:
            spawner.stop_asked_by = (getattr(self.current_user, "kind", "user"), self.current_user.name)
        try:
            # Also decides whether whoever asks may.
            return await super().delete(user_name, server_name)
        except BaseException:
            if spawner is not None:
                spawner.stop_asked_by = None
            raise


# In the place of the stock handler, which they come before (LabAuthenticator.get_handlers).
HANDLERS = [
    (r"/api/users/([^/]+)/server", StopHandler),
    (r"/api/users/([^/]+)/servers/([^/]*)", StopHandler),
]
