"""Brings a definition to NiFi once.

Invariant: afterwards one running process group has the definition's name and carries its digest in its comments; a group with the
same digest is not touched; a group with another one is replaced only when no data is under way in it.
"""

import hashlib
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flows import messages
from flows.api import FlowError, Nifi

DRAIN_SECONDS = 30
START_SECONDS = 30
MARK = "definition {digest}"
MARKED = re.compile(r"definition ([0-9a-f]{64})")
# New groups stand in a row.
STEP = 480.0


@dataclass(frozen=True)
class Definition:
    name: str
    digest: str
    snapshot: dict[str, Any]


def read(file: str, content: bytes) -> Definition:
    try:
        snapshot = json.loads(content)
        name = snapshot["flowContents"]["name"]
    except (ValueError, KeyError, TypeError) as error:
        raise FlowError(messages.NOT_JSON.format(file=file, error=error)) from None
    return Definition(name, hashlib.sha256(content).hexdigest(), snapshot)


def bring(nifi: Nifi, definition: Definition) -> str:
    """Return what was done, in words."""
    groups = nifi.groups()
    same = [group for group in groups if group["component"]["name"] == definition.name]
    if len(same) > 1:
        raise FlowError(messages.TWICE.format(name=definition.name, count=len(same)))
    if not same:
        return _create(nifi, definition, {"x": STEP * len(groups), "y": 0.0}, messages.IMPORTED)

    group = same[0]
    mark = MARKED.search(group["component"].get("comments") or "")
    if mark is None or mark[1] != definition.digest:
        position = group["component"]["position"]
        _remove(nifi, definition.name, group["id"])
        return _create(nifi, definition, position, messages.REPLACED)
    if not _idle_parts(nifi, group["id"]):
        return messages.UNCHANGED.format(name=definition.name)
    _start(nifi, definition.name, group["id"])
    return messages.STARTED.format(name=definition.name)


def _create(nifi: Nifi, definition: Definition, position: dict[str, float], done: str) -> str:
    group = nifi.create(definition.name, definition.snapshot, position)
    comments = definition.snapshot["flowContents"].get("comments", "")
    # The mark comes last: a group that was left half made has none, and is replaced by the next run.
    _start(nifi, definition.name, group["id"])
    nifi.comment(nifi.ask("GET", f"/process-groups/{group['id']}"), f"{comments}\n{MARK.format(digest=definition.digest)}".strip())
    return done.format(name=definition.name)


def _start(nifi: Nifi, name: str, group: str) -> None:
    nifi.services(group, "ENABLED")
    nifi.schedule(group, "RUNNING")
    if not _until(lambda: not _idle_parts(nifi, group), START_SECONDS):
        raise FlowError(messages.NOT_RUNNING.format(name=name, reasons="; ".join(_idle_parts(nifi, group))))


def _remove(nifi: Nifi, name: str, group: str) -> None:
    fed = {one["destinationId"] for one in nifi.connections(group) if one["sourceId"] != one["destinationId"]}
    for processor in nifi.processors(group):
        if processor["id"] not in fed and processor["component"]["state"] == "RUNNING":
            nifi.stop(processor)
    if not _until(lambda: nifi.queued(group) == 0, DRAIN_SECONDS):
        raise FlowError(messages.NOT_IDLE.format(name=name, queued=nifi.queued(group)))
    nifi.schedule(group, "STOPPED")
    nifi.services(group, "DISABLED")
    _until(lambda: not any(p["status"]["aggregateSnapshot"]["activeThreadCount"] for p in nifi.processors(group)), DRAIN_SECONDS)
    nifi.delete(group)


def _idle_parts(nifi: Nifi, group: str) -> list[str]:
    """The processors that do not run, each with the reason that NiFi gives; one that somebody has disabled counts as wanted so."""
    found = []
    for processor in nifi.processors(group):
        component = processor["component"]
        invalid = component.get("validationErrors") or []
        if component["state"] != "DISABLED" and (component["state"] != "RUNNING" or invalid):
            found.append(f"{component['name']} ({', '.join(invalid) or component['state'].lower()})")
    return found


def _until(holds: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.5)
    return True
