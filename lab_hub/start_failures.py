"""Why a lab did not start, in plain words, and why one ended.

Invariant: a person reads what happened and what to do; the operator finds the same incident in the hub's log with everything that
is known. Pure functions over what the engine said.
"""

import secrets
from dataclasses import dataclass

from docker.errors import APIError, ImageNotFound
from jupyterhub.spawner import SpawnException

from lab_hub import messages
from lab_hub.engine import UNREACHABLE

# start-lab's word for "nothing can be written into the home".
HOME_FULL_STATUS = 74

_STATUS = 503


@dataclass(frozen=True)
class Reason:
    """One kind of failure: its name (metrics, log), what happened, what to do."""

    kind: str
    what: str
    advice: str


class StartFailed(SpawnException):
    """A start that failed for a known reason; carries what a person reads and what the operator looks for."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        self.incident = secrets.token_hex(4)
        self.kind = reason.kind
        # The hub shows this attribute on its pages, in its progress stream and in its API.
        self.jupyterhub_message = messages.START_FAILED.format(what=reason.what, advice=reason.advice, incident=self.incident)
        log = f"incident {self.incident} [{reason.kind}] {reason.what}" + (f"\n{detail}" if detail else "")
        super().__init__(self.jupyterhub_message, reason=reason.kind, log_message=log, status_code=_STATUS)


def image_missing(image: str) -> Reason:
    return Reason("image_missing", messages.IMAGE_MISSING.format(image=image), messages.ADVICE_OPERATOR)


def no_memory(available: int, needed: int) -> Reason:
    what = messages.NO_MEMORY.format(available=size(available), needed=size(needed))
    return Reason("no_memory", what, messages.ADVICE_NO_MEMORY)


def timed_out(seconds: float) -> Reason:
    return Reason("timed_out", messages.TIMED_OUT.format(seconds=round(seconds)), messages.ADVICE_RETRY)


def unknown() -> Reason:
    return Reason("unknown", messages.UNKNOWN, messages.ADVICE_RETRY)


def exited(state: dict, memory_limit: int) -> Reason:
    """Return why a container ended while it was starting, from the engine's `State`."""
    code = state.get("ExitCode")
    if code == HOME_FULL_STATUS:
        return Reason("home_full", messages.HOME_FULL, messages.ADVICE_HOME_FULL)
    if state.get("OOMKilled"):
        return Reason("killed_for_memory", messages.KILLED_FOR_MEMORY.format(limit=size(memory_limit)), messages.ADVICE_OPERATOR)
    return Reason("exited", messages.EXITED.format(code=code), messages.ADVICE_OPERATOR)


def engine_error(error: Exception, image: str) -> Reason | None:
    """Return the reason behind an error of the engine or its client; None if it is neither."""
    if isinstance(error, ImageNotFound) or (isinstance(error, APIError) and "no such image" in str(error).lower()):
        return image_missing(image)
    if isinstance(error, APIError) and "no space left on device" in str(error).lower():
        return Reason("disk_full", messages.DISK_FULL, messages.ADVICE_OPERATOR)
    if isinstance(error, UNREACHABLE):
        return Reason("engine_failed", messages.ENGINE_FAILED, messages.ADVICE_RETRY)
    return None


def size(bytes_: int) -> str:
    """Return a size as people say it: 2 GiB, 1.5 GiB, 512 MiB."""
    if bytes_ >= 1 << 30:
        return f"{bytes_ / (1 << 30):.1f}".removesuffix(".0") + " GiB"
    return f"{round(bytes_ / (1 << 20))} MiB"
