"""Jupyter server extension: a lab whose Spark works is not idle, what goes wrong in it is in its log, and its page has a desk.

Invariant: only fresh heartbeats count; the reason is logged when it changes, so that an operator can
see why a lab was spared. It loads nothing of Spark.
"""

import datetime
import time
from pathlib import Path

from lab_kernel import activity, incidents
from lab_kernel.settings import read as read_settings

# The hub's name for this source of activity.
SOURCE = "dataflow-spark"
LOOK_EVERY_SECONDS = 10
SPARED = "lab is active: {reason}"
QUIET = "lab has no running Spark job or stream any more"


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "lab_kernel.server"}]


class Watcher:
    """Turns heartbeats into the server's own record of activity."""

    def __init__(self, folder: Path, times: dict, log) -> None:
        self._folder, self._times, self._log = folder, times, log
        self._reason: str | None = None
        self._incidents: set[str] = set()

    def look(self) -> None:
        """Notes the newest heartbeat, if there is one to believe, and logs new incidents."""
        for line in incidents.unread(self._folder, self._incidents):
            self._log.warning(line)
        found = activity.latest(self._folder, time.time())
        reason = found[1] if found else None
        if found:
            self._times[SOURCE] = datetime.datetime.fromtimestamp(found[0], datetime.UTC)
        if reason != self._reason:
            self._log.info(SPARED.format(reason=reason) if reason else QUIET)
            self._reason = reason


def _load_jupyter_server_extension(server) -> None:
    from tornado.ioloop import PeriodicCallback

    from lab_kernel.desk import handlers
    from lab_kernel.desk import settings as desk_settings
    from lab_kernel.desk.desk import Desk

    times = server.web_app.settings["last_activity_times"]
    state_dir = read_settings().state_dir
    watcher = Watcher(state_dir, times, server.log)
    desk = Desk(desk_settings.read(), state_dir, server.web_app, server.kernel_manager, server.log)
    handlers.add(server.web_app, desk)

    async def look() -> None:
        watcher.look()
        await desk.look()

    # Kept on the server: a callback that nobody holds is collected.
    server.dataflow_watcher = PeriodicCallback(look, LOOK_EVERY_SECONDS * 1000)
    server.dataflow_watcher.start()
