"""The real hub in this process, with the project's own configuration; only the proxy and the labs are left out.

Invariant: what is asked goes through the hub's own handlers over HTTP.
"""

import asyncio
import re
import threading
from pathlib import Path

import requests
from jupyterhub.app import JupyterHub
from jupyterhub.proxy import Proxy
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from traitlets.config import Config

from lab_hub.account_store import AccountStore

FAST = 4


class NoProxy(Proxy):
    """Keeps the routes in memory."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.routes = {}

    async def add_route(self, routespec, target, data):
        self.routes[routespec] = {"routespec": routespec, "target": target, "data": data}

    async def delete_route(self, routespec):
        self.routes.pop(routespec, None)

    async def get_all_routes(self):
        return self.routes


class HubApp:
    """A hub that listens on a free port of this machine, in a thread of its own."""

    def __init__(self, config: Config) -> None:
        config.JupyterHub.proxy_class = NoProxy
        config.JupyterHub.services = [one for one in config.JupyterHub.services if one["name"] == "operator"]
        config.JupyterHub.log_level = 30
        config.LabAuthenticator.bcrypt_rounds = FAST
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.app = JupyterHub(config=config)
        self.url = self.call(self._start())
        self.app.authenticator.api_url = f"{self.url}/hub/api"
        self.store = AccountStore(self.app.db_url)

    def call(self, coroutine):
        """Run something in the hub's loop and return its result."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(timeout=30)

    async def _start(self) -> str:
        await self.app.initialize([])
        (socket,) = bind_sockets(0, "127.0.0.1")
        self._server = HTTPServer(self.app.tornado_application)
        self._server.add_sockets([socket])
        return f"http://127.0.0.1:{socket.getsockname()[1]}"

    def close(self) -> None:
        async def stop():
            self._server.stop()
            await self._server.close_all_connections()
            self.app.db.close()

        self.call(stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()
        JupyterHub.clear_instance()


class Visitor(requests.Session):
    """A browser, as far as the log-in pages need one: cookies, and the hidden token of a form."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url

    def page(self, path: str) -> requests.Response:
        return self.get(self.url + path, allow_redirects=False)

    def submit(self, path: str, **fields: str) -> requests.Response:
        """Open the page, fill in its form, send it to where the form says."""
        form = self.get(self.url + path).text
        token = re.search(r'name="_xsrf"\s+value="([^"]*)"', form)
        action = re.search(r'<form[^>]*\baction=["\']([^"\']*)["\']', form)
        assert token and action, form
        target = action[1].replace("&amp;", "&")
        return self.post(self.url + target, data={"_xsrf": token[1], **fields}, allow_redirects=False)


def secrets_of(folder: Path) -> str:
    """Return everything the hub has written below a folder, to look for what must not be there."""
    return "".join(path.read_bytes().decode("latin-1") for path in folder.rglob("*.sqlite*") if path.is_file())
