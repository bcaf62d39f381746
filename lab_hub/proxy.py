"""The proxy's routes come back by themselves, within seconds of its restart.

Invariant: only a proxy that has lost the hub's own route is given all routes again, because only a proxy that has just started can
have lost it; while routes are there, the hub's regular check is the one that judges them.
"""

import asyncio

from jupyterhub.proxy import ConfigurableHTTPProxy
from tornado.ioloop import PeriodicCallback
from traitlets import Integer

# A proxy that runs answers within milliseconds, one with a thousand routes within tenths of a second.
_ANSWER_SECONDS = 2


class LabProxy(ConfigurableHTTPProxy):
    """A proxy in a container of its own, watched. Upstream notices a restart at its next activity check, 300 s later."""

    watch_seconds = Integer(1, config=True, help="How often the proxy is asked whether it still has the hub's route.")

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        self._reachable = True
        self._watch = PeriodicCallback(self.restore_lost_routes, self.watch_seconds * 1000)
        self._watch.start()

    async def get_all_routes(self) -> dict:
        """The routes, without the time of their last traffic: a page that is open in the background makes traffic, too, and nobody
        uses it. Labs report themselves when they were used.
        """
        routes = await super().get_all_routes()
        for route in routes.values():
            route.get("data", {}).pop("last_activity", None)
        return routes

    async def restore_lost_routes(self) -> bool:
        """Give the proxy its routes if it has lost them; return whether it had."""
        # Before that, labs that are running are not known yet.
        if not self.app._start_future.done():
            return False
        try:
            # Upstream asks a silent proxy again by itself, up to five seconds later each time; a new question comes sooner.
            async with asyncio.timeout(_ANSWER_SECONDS):
                routes = await self.get_all_routes()
        except Exception as error:
            if self._reachable:
                self.log.warning("The proxy does not answer, asking again every %d s: %r", self.watch_seconds, error)
            self._reachable = False
            return False
        if not self._reachable:
            self.log.info("The proxy answers again")
            self._reachable = True
        if self.app.hub.routespec in routes:
            return False
        self.log.warning("The proxy has lost its routes; giving them back")
        await self.check_routes(self.app.users, self.app._service_map)
        return True
