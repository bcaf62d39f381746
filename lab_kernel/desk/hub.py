"""The lab's two questions to its hub: what is announced, and `I was used`.

Invariant: a hub that does not answer costs nothing but news; what was announced before is kept until its own end.
"""

import datetime
import json
import time
from collections.abc import Callable
from typing import Any

from lab_kernel.desk.settings import Settings

_FRESH_SECONDS = 10
_SECONDS = 4


class Hub:
    """Asks for itself only when a page wants to know, so a lab without a page costs the hub nothing."""

    def __init__(self, settings: Settings, log: Any, now: Callable[[], float] = time.time) -> None:
        self._settings, self._log, self._now = settings, log, now
        self._asked = 0.0
        self._announced: list[dict[str, Any]] = []

    async def announced(self) -> list[dict[str, Any]]:
        """Return the announcements that are not over."""
        now = self._now()
        if self._settings.api_url and now - self._asked > _FRESH_SECONDS:
            self._asked = now
            found = await self._ask("GET", f"{self._settings.api_url}/announcements")
            if isinstance(found, list):
                self._announced = [one for one in found if isinstance(one, dict) and {"id", "text", "kind", "until"} <= set(one)]
        return [one for one in self._announced if one["until"] > now]

    async def report(self, last: datetime.datetime) -> bool:
        """Tell when the lab was last used; return whether the hub has heard it."""
        if not self._settings.activity_url:
            return False
        at = last.astimezone(datetime.UTC).isoformat()
        servers = {self._settings.server_name: {"last_activity": at}}
        return await self._ask("POST", self._settings.activity_url, {"servers": servers, "last_activity": at}) is not None

    async def _ask(self, method: str, url: str, body: Any = None) -> Any:
        """Return the answer, "" for an empty one, None for none."""
        from tornado.httpclient import AsyncHTTPClient

        try:
            answer = await AsyncHTTPClient().fetch(
                url,
                method=method,
                headers={"Authorization": f"token {self._settings.token}", "Content-Type": "application/json"},
                body=None if body is None else json.dumps(body),
                connect_timeout=_SECONDS,
                request_timeout=_SECONDS,
            )
            return json.loads(answer.body) if answer.body else ""
        except Exception as error:  # whatever it is, the lab goes on
            self._log.debug("the hub did not answer %s: %s", url, error)
            return None
