"""GET dataflow/desk and POST dataflow/keep, for the lab's own page.

Invariant: neither is use of the lab by itself: a page in the background asks, too. Whoever presses "keep" says so on purpose.
"""

import json

from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join
from tornado import web

from lab_kernel.desk.desk import Desk
from lab_kernel.desk.notices import KEEP_PATH

DESK_PATH = "dataflow/desk"


class _Handler(APIHandler):
    _track_activity = False

    def initialize(self, desk: Desk) -> None:
        self.desk = desk


class DeskHandler(_Handler):
    @web.authenticated
    async def get(self) -> None:
        self.finish(json.dumps(await self.desk.shown()))


class KeepHandler(_Handler):
    @web.authenticated
    async def post(self) -> None:
        self.finish(json.dumps({"heard": await self.desk.keep()}))


def add(web_app, desk: Desk) -> None:
    base = web_app.settings["base_url"]
    both = ((DESK_PATH, DeskHandler), (KEEP_PATH, KeepHandler))
    web_app.add_handlers(".*$", [(url_path_join(base, path), handler, {"desk": desk}) for path, handler in both])
