"""What a landing zone is to a lesson, and the class's own.

Invariant: only read. A folder that no file has come to yet does not exist, and has no names.
"""

import os
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from lab_kernel.landing import messages

# A folder of the landing zone for each flow (compose/nifi/flows).
FLOWS = ("files", "http", "orders")
# The time of arrival with which each name begins.
STAMP = "%Y%m%dT%H%M%S.%f"
CONNECT_SECONDS = 3.0


class Zone(Protocol):
    """Where files arrive: one location for each flow, as Spark takes it, and an address for what is sent."""

    listener: str
    files: str
    http: str
    orders: str

    def names(self, flow: str) -> list[str]:
        """Names of the files that a flow has delivered, the first that arrived first. Raises ValueError for no flow."""

    def stop(self) -> None:
        """Ends what was started for it; the class's goes on."""


class ClassZone:
    """The volume that NiFi writes to and the lab may read."""

    HOST = "nifi"

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.listener = f"http://{self.HOST}:{port}/landing"
        self.files, self.http, self.orders = (f"file://{folder}/{flow}" for flow in FLOWS)

    def __repr__(self) -> str:
        return messages.CLASS_ZONE.format(listener=self.listener)

    def names(self, flow: str) -> list[str]:
        try:
            # NiFi writes under a hidden name first.
            return sorted(name for name in os.listdir(self.folder / checked(flow)) if not name.startswith("."))
        except FileNotFoundError:
            return []

    def stop(self) -> None:
        """Does nothing: others use it."""


def checked(flow: str) -> str:
    if flow not in FLOWS:
        raise ValueError(messages.NO_FLOW.format(flow=flow, flows=", ".join(FLOWS)))
    return flow


def stamp(when: datetime) -> str:
    """A time as NiFi writes it into a file's name: UTC, to the millisecond."""
    return when.strftime(STAMP)[:-3]


def arrived(name: str) -> datetime:
    """When a file arrived, as its name says (UTC). Raises ValueError for a name without a time."""
    return datetime.strptime(name.partition("-")[0], STAMP).replace(tzinfo=UTC)


def answers(host: str, port: int) -> bool:
    """Whether somebody listens there; a name that nobody has is answered at once."""
    try:
        socket.create_connection((host, port), CONNECT_SECONDS).close()
        return True
    except OSError:
        return False
