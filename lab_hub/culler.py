"""Stops labs that nobody uses, and says which it spares: jupyterhub-idle-culler with one more question.

Invariant: a lab is stopped only when the hub has heard of no activity for the whole limit and no heartbeat of a Spark job or stream
is found in it. Its token reads who has a lab and when it was active, and stops labs; nothing else. The heartbeat is read through
the engine, is written by the student's side and therefore only ever believed as far as to spare that student's own lab.
"""

import io
import json
import logging
import os
import sys
import tarfile
import time
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import unquote

from jupyterhub_idle_culler import IdleCuller

from lab_hub import engine
from lab_hub.labels import LABEL_PROJECT, LABEL_USER

log = logging.getLogger("lab_hub.culler")

SCOPES = (
    "list:users",  # who has a lab
    "read:users:activity",  # when it was last active
    "read:servers",  # whether it runs
    "delete:servers",  # stop it
)

# Where a kernel says that it works; lab_kernel.activity writes one file for each.
HEARTBEATS = "/tmp/dataflow/activity"
# A heartbeat is believed for this many of its own periods, and no longer than this.
_BELIEVED_PERIODS, _LONGEST_PERIOD_SECONDS = 3, 60
_MOST_BYTES = 256 * 1024
_LONGEST_REASON = 200

SPARED = "Sparing the lab of %s: %s"
NO_LONGER_SPARED = "The lab of %s has no running Spark job or stream any more; it is stopped after %d s without activity"


class Arbiter:
    """Decides for one lab at a time; says what changed."""

    def __init__(
        self, reason_of: Callable[[str], str | None], patience: float = 0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._reason_of = reason_of
        # A hub that was away has not heard of what people did meanwhile; labs tell it again within this time.
        self._clock, self._first = clock, clock() + patience
        self._spared: dict[str, str] = {}

    def __call__(self, *, inactive: timedelta, inactive_limit: float, server: dict, **_later_arguments) -> bool:
        """Return whether to stop this lab; ``inactive`` is the hub's knowledge, ``server`` its model of the lab."""
        if self._clock() < self._first:
            return False
        user = user_of(server)
        reason = self._reason_of(user)
        before = self._spared.get(user)
        if reason is not None:
            if reason != before:
                log.info(SPARED, user, reason)
            self._spared[user] = reason
            return False
        if before is not None:
            del self._spared[user]
            log.info(NO_LONGER_SPARED, user, inactive_limit)
        return inactive.total_seconds() >= inactive_limit


def user_of(server: dict) -> str:
    """Return whose lab this is, from the hub's model of it (its address is /user/NAME/)."""
    return unquote(server["url"].rstrip("/").rpartition("/")[2])


def heartbeat(project: str, user: str, now: Callable[[], float] = time.time) -> str | None:
    """Return why Spark is busy in this user's lab, or None."""
    labels = {"label": [f"{LABEL_PROJECT}={project}", f"{LABEL_USER}={user}"]}
    try:
        client = engine.client()
        for found in client.containers(filters=labels):
            chunks, _stat = client.get_archive(found["Id"], HEARTBEATS)
            return newest_reason(_at_most(chunks), now())
    except engine.UNREACHABLE:
        # No such folder: no kernel has worked yet. Or the engine is down: then the hub's times decide alone.
        return None
    return None


def newest_reason(archive: bytes, now: float) -> str | None:
    """Return the newest believable reason in a tar of heartbeat files. Whatever is not one is passed over."""
    best: tuple[float, str] | None = None
    try:
        with tarfile.open(fileobj=io.BytesIO(archive), mode="r|") as files:
            for member in files:
                if member.isfile() and member.size < 10_000:
                    best = max(filter(None, (best, _believed(files.extractfile(member).read(), now))), default=None)
    except (tarfile.TarError, EOFError):
        # Cut at the limit, or nonsense.
        pass
    return best[1] if best else None


def _believed(content: bytes, now: float) -> tuple[float, str] | None:
    try:
        beat = json.loads(content)
        at, every, reason = float(beat["at"]), float(beat["every"]), str(beat["reason"])
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None
    believed = _BELIEVED_PERIODS * min(every, _LONGEST_PERIOD_SECONDS) + 5
    if not now - believed <= at <= now + 5:
        return None
    # The student's side wrote it: one line, printable, short.
    return at, "".join(character for character in reason if character.isprintable())[:_LONGEST_REASON]


def _at_most(chunks) -> bytes:
    collected = b""
    for chunk in chunks:
        collected += chunk
        if len(collected) > _MOST_BYTES:
            break
    return collected


def command(idle_seconds: int, every_seconds: int) -> list[str]:
    """Return the command line of the hub-managed service."""
    # An empty --config: there is no configuration file beside this.
    return [sys.executable, "-m", "lab_hub.culler", f"--timeout={idle_seconds}", f"--cull-every={every_seconds}", "--config="]


def main() -> None:
    project = os.environ["PROJECT"]
    logging.basicConfig(level=logging.INFO, format="[%(levelname).1s %(asctime)s culler] %(message)s")
    # One report may have been missed, and the next one waits for the hub's first answer.
    patience = 2 * float(os.environ["REPORTED_EVERY"])
    IdleCuller.launch_instance(cull_arbiter_hook=Arbiter(lambda user: heartbeat(project, user), patience))


if __name__ == "__main__":
    main()
