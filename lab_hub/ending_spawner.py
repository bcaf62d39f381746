"""How a lab ends, by itself or because somebody stops it, and what is kept of it.

Invariant: a lab is taken for ended only when the engine says so, never because the engine could not be asked; what it last said and
why it ended are read before its container is removed.
"""

import asyncio
import contextlib

from docker.errors import NotFound
from traitlets import Unicode

from lab_hub import endings, engine
from lab_hub.limited_spawner import LimitedSpawner
from lab_hub.start_failures import Reason

_LOG_LINES = 15
_INCIDENT_LINES = 3000


class EndingSpawner(LimitedSpawner):
    """DockerSpawner that can tell a lab that ended from an engine that is silent, and says why."""

    # Shown where the lab is started again (not_running.html, spawn_pending.html); kept in the hub's database.
    ended_because = Unicode()
    # Who asked to stop it: kind (user, service) and name.
    stop_asked_by: tuple[str, str] | None = None

    def docker(self, method, *args, **kwargs):
        """Call the engine's client in a thread that waits for nobody else's lab."""
        return asyncio.wrap_future(engine.executor(method).submit(self._docker, method, *args, **kwargs))

    def _docker(self, method, *args, **kwargs):
        return getattr(engine.client(), method)(*args, **kwargs)

    async def last_lines(self) -> str:
        """Return the last lines that the lab wrote, for the operator's log."""
        try:
            lines = await self.docker("logs", self.container_id or self.container_name, tail=_LOG_LINES)
        except engine.UNREACHABLE as error:
            return f"(its log could not be read: {error})"
        return lines.decode("utf-8", "replace").rstrip()

    async def get_object(self):
        """Return the container, or None if the engine says there is none. Raises when the engine cannot tell.

        Upstream takes the engine's own fault (status 500) for "gone", drops the route of a living lab and removes it later.
        """
        try:
            found = await self.docker("inspect_container", self.object_name)
        except NotFound:
            self.object_id = ""
            return None
        self.object_id = found[self.object_id_key]
        return found

    async def poll(self):
        """Return None while the lab runs, or while nobody can tell; else how it ended."""
        remembered = bool(self.object_id)
        try:
            found = await self.get_object()
        except Exception as error:
            if not engine.cannot_tell(error):
                raise
            self.log.warning("The engine could not say whether %s runs; its lab is left alone: %s", self._log_name, error)
            return None
        if found is None:
            if remembered and not self._stop_pending:
                self._ended(endings.gone())
            return 0
        state = found["State"]
        if state["Running"] and (remembered or self._spawn_pending):
            return None
        if state["Running"]:
            # Nobody ever learned its address, and the hub would wait for it as long as for a start.
            self.log.warning("Removing the container of %s: the hub fell before its start was finished", self._log_name)
            await self._remove_what_is_left()
            return "left by a start that was never finished"
        if not self._spawn_pending and not self._stop_pending:
            await self._tidy(state)
        elif self._stop_pending:
            # Cancelled between making the container and starting it.
            await self._remove_what_is_left()
        return f"ExitCode={state['ExitCode']}, OOMKilled={state['OOMKilled']}, FinishedAt={state['FinishedAt']}"

    async def _tidy(self, state: dict) -> None:
        """A lab ended by itself: say why, keep its last lines in the log, remove the container."""
        reason = endings.by_itself(state, self.mem_limit, endings.machine_started())
        self._ended(reason, f"Its last lines:\n{await self.last_lines()}")
        await self._remove_what_is_left()

    def _ended(self, reason: Reason, detail: str = "") -> None:
        self.ended_because, line = endings.told(reason)
        self.log.warning("Lab of %s: %s\n%s", self._log_name, line, detail)

    async def stop(self, now=False):
        """Stop the container; what its own student did not ask for is explained at the next start."""
        asked, self.stop_asked_by = self.stop_asked_by, None
        reason = endings.asked_by(*asked, self.user.name, self.idle_seconds) if asked else None
        if reason is not None:
            self._ended(reason)
        await self._keep_incidents()
        await super().stop(now)

    async def _keep_incidents(self) -> None:
        """The lab's log goes with its container; what a student may ask about stays in the hub's."""
        try:
            text = await self.docker("logs", self.container_id or self.container_name, tail=_INCIDENT_LINES)
        except engine.UNREACHABLE:
            return
        for line in endings.incidents(text.decode("utf-8", "replace")):
            self.log.warning("From the lab of %s: %s", self._log_name, line)

    # What the hub keeps in its database

    def get_state(self) -> dict:
        return {**super().get_state(), **({"ended_because": self.ended_because} if self.ended_because else {})}

    def load_state(self, state: dict) -> None:
        super().load_state(state)
        self.ended_because = state.get("ended_because", "")

    async def remove_object(self):
        """Remove the container even if it runs: one that is found at a start is nobody's (a hub that was killed left it)."""
        with contextlib.suppress(NotFound):
            await self.docker("remove_container", self.object_id or self.object_name, v=True, force=True)

    async def _remove_what_is_left(self) -> None:
        try:
            await self.remove_object()
        except engine.UNREACHABLE as error:
            self.log.warning("The container of %s is left to the next start: %s", self._log_name, error)
