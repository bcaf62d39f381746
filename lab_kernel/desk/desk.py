"""The parts of a desk, put together once for a lab's server."""

import datetime
import os
import time
from pathlib import Path
from typing import Any

from lab_kernel import activity, memory
from lab_kernel.desk import messages, notices
from lab_kernel.desk.container import Processors, processes
from lab_kernel.desk.home import Home
from lab_kernel.desk.hub import Hub
from lab_kernel.desk.idle import Idle
from lab_kernel.desk.settings import Settings

# The server's names for "keep it" and for a cell that runs, as sources of activity.
KEPT, CELLS = "dataflow-kept", "dataflow-cells"


def shared_folders(settings: Settings) -> dict[str, Home]:
    """Return the courses' folders that this person may write, and so tidy up; who only reads is told nothing."""
    if not settings.shared_quota or not settings.shared.is_dir():
        return {}
    # Nothing is refused at its limit, so what is full and what is over are one.
    quota = settings.shared_quota
    folders = sorted(path for path in settings.shared.iterdir() if path.is_dir() and os.access(path, os.W_OK))
    return {path.name: Home(path, quota, quota) for path in folders}


class Desk:
    """``kernels`` is the server's kernel manager."""

    def __init__(self, settings: Settings, state_dir: Path, web_app: Any, kernels: Any, log: Any) -> None:
        self.home = Home(settings.home, settings.quota, settings.full)
        self._shared = shared_folders(settings)
        self._state_dir, self._times = state_dir, web_app.settings["last_activity_times"]
        self._hub = Hub(settings, log)
        self._idle = Idle(settings.idle_seconds, settings.warn_seconds, web_app.last_activity, self._hub.report)
        self._processors = Processors()
        self._kernels = kernels
        # Another class of kernel manager, where somebody configures one, starts kernels whatever the home holds.
        kernels.home = self.home

    async def shown(self) -> dict[str, Any]:
        """Everything that the page shows."""
        for folder in (self.home, *self._shared.values()):
            folder.look()
        busy = activity.latest(self._state_dir, time.time()) is not None
        left = self._idle.left(datetime.datetime.now(datetime.UTC), busy)
        found = [
            *notices.of_the_end(left),
            *notices.of_the_home(self.home),
            *notices.of_courses(self._shared),
            *notices.of_the_class(await self._hub.announced()),
        ]
        status = notices.status(memory.read(), self._processors.look(), processes(), self.home)
        return {"notices": found, "status": status, "words": {"more": messages.MORE}}

    async def keep(self) -> bool:
        """The person wants the lab; return whether the hub knows it."""
        now = datetime.datetime.now(datetime.UTC)
        self._times[KEPT] = now
        return await self._idle.keep(now)

    async def look(self) -> None:
        """Now and then, whether a page is open or not. A cell that runs is use, also when nobody looks at it."""
        models = self._kernels.list_kernels()
        if any(model["execution_state"] == "busy" for model in models):
            self._times[CELLS] = datetime.datetime.now(datetime.UTC)
        await self._idle.tell_in_time(datetime.datetime.now(datetime.UTC))
