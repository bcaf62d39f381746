"""Routes come back after the proxy's restart, and are never touched otherwise."""

import asyncio
from types import SimpleNamespace

import pytest
from jupyterhub.proxy import ConfigurableHTTPProxy

from lab_hub.proxy import LabProxy


class Watched(LabProxy):
    """Without its timer and without a proxy."""

    def __init__(self, routes, started=True):
        future = SimpleNamespace(done=lambda: started)
        self.__dict__["played"] = routes
        self._reachable = True
        self.app = SimpleNamespace(_start_future=future, hub=SimpleNamespace(routespec="/"), users={}, _service_map={})
        self.checked = 0

    async def get_all_routes(self):
        if isinstance(self.played, Exception):
            raise self.played
        return self.played

    async def check_routes(self, users, services, routes=None):
        self.checked += 1


@pytest.mark.parametrize(
    ("routes", "started", "restored"),
    [
        ({}, True, True),
        ({"/user/ana/": {}}, True, True),
        ({"/": {}}, True, False),
        ({"/": {}, "/user/ana/": {}}, True, False),
        ({}, False, False),
        (ConnectionError("down"), True, False),
    ],
)
def test_only_a_proxy_without_the_hubs_route_gets_all_routes(routes, started, restored):
    proxy = Watched(routes, started)
    assert asyncio.run(proxy.restore_lost_routes()) is restored
    assert proxy.checked == restored


def test_a_proxy_that_comes_back_is_noticed():
    proxy = Watched(ConnectionError("down"))
    asyncio.run(proxy.restore_lost_routes())
    assert proxy._reachable is False
    proxy.played = {}
    assert asyncio.run(proxy.restore_lost_routes()) is True and proxy._reachable


def test_traffic_is_not_taken_for_use(monkeypatch):
    """A page in the background asks and is asked all the time."""
    data = {"user": "ana", "server_name": "", "last_activity": "2026-01-01T00:00:00Z"}
    routes = {"/user/ana/": {"data": data}, "/": {"data": {}}}

    async def answer(self):
        return routes

    monkeypatch.setattr(ConfigurableHTTPProxy, "get_all_routes", answer)
    found = asyncio.run(LabProxy.get_all_routes(object.__new__(LabProxy)))
    assert found == {"/user/ana/": {"data": {"user": "ana", "server_name": ""}}, "/": {"data": {}}}
