"""Removals that were begun on the page of people: they outlive the request, because a large home takes minutes.

Invariant: one at a time for a person; how it ended is kept until the next one of that name begins, or the hub restarts. A hub that
stops in the middle has removed nothing: the account is locked, the home is there, and it can be begun again.
"""

import asyncio
import logging
from dataclasses import dataclass, field

from lab_hub import people_messages as messages
from lab_hub.members import Refused
from lab_hub.people import People

log = logging.getLogger("lab_hub.people_removals")


@dataclass
class Removal:
    """What is known of one removal; written by its thread, read by the page."""

    name: str
    said: str = messages.REMOVAL_BEGINS
    running: bool = True
    failed: bool = False
    task: asyncio.Task | None = field(default=None, repr=False)


class Removals:
    """All removals that this hub knows of."""

    def __init__(self) -> None:
        self._all: dict[str, Removal] = {}

    def of(self, name: str) -> Removal | None:
        return self._all.get(name)

    def begin(self, name: str, people: People) -> None:
        """Begin to remove somebody. Raises Refused if that is being done already."""
        before = self._all.get(name)
        if before is not None and before.running:
            raise Refused(messages.REMOVAL_RUNS.format(name=name))
        removal = self._all[name] = Removal(name)
        removal.task = asyncio.create_task(self._run(removal, people))

    async def _run(self, removal: Removal, people: People) -> None:
        def said(text: str) -> None:
            removal.said = text

        try:
            removal.said = await asyncio.to_thread(people.remove, removal.name, said)
        except Refused as refusal:
            removal.said, removal.failed = str(refusal), True
        except Exception as error:
            log.exception("Removing %s", removal.name)
            removal.said, removal.failed = f"{type(error).__name__}: {error}", True
        finally:
            removal.running = False
