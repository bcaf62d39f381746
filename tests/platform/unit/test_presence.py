"""A service that is not started costs a lab that starts nothing: it is known to be away before anybody asks."""

import asyncio
import time
from types import SimpleNamespace

import httpx
import pytest
from fastapi import FastAPI

from lab_platform.keys import api
from lab_platform.keys.leavers import LOOK_FOR_SECONDS, Leavers
from lab_platform.keys.presence import FRESH_SECONDS, Watched
from lab_platform.keys.turns import Turns
from tests.platform.unit.test_leavers import Class, Service

LOOK_TAKES = 0.3


class Slow(Service):
    """One that is known to be away only after a while, as the name of a container that does not run."""

    looks = 0

    def running(self) -> bool:
        self.looks += 1
        if not self.on:
            time.sleep(LOOK_TAKES)
        return self.on

    def grant(self, user: str, since: float = 0) -> dict[str, str]:
        time.sleep(LOOK_TAKES)
        return {"GRANTED": user}


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


def asked(services: dict[str, Watched], method: str = "POST", leavers: Leavers | None = None) -> tuple[dict, float]:
    """Ask as the hub does; return the answer and the seconds that it took."""
    app = FastAPI()
    app.state.leavers = leavers or Leavers(services, None, Turns(), 300)
    app.state.settings, app.state.turns, app.state.keys = SimpleNamespace(token="known"), Turns(), services
    app.include_router(api.router)

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://platform") as client:
            return await client.request(method, "/keys/ana", headers={"Authorization": "Bearer known"})

    began = time.monotonic()
    answer = asyncio.run(ask())
    assert answer.status_code == 200, answer.text
    return answer.json(), time.monotonic() - began


def away() -> Slow:
    service = Slow()
    service.on = False
    return service


def test_a_class_without_services_does_not_wait_for_them(clock):
    services = {name: Watched(away(), clock) for name in api.SERVICES}
    for one in services.values():
        assert one.running() is False
    for method in ("POST", "DELETE"):
        found, seconds = asked(services, method)
        assert found["missing"] == sorted(api.SERVICES)
        assert seconds < LOOK_TAKES
    assert [one._keys.looks for one in services.values()] == [1, 1, 1]


def test_without_a_look_before_all_are_looked_for_at_the_same_time(clock):
    found, seconds = asked({name: Watched(away(), clock) for name in api.SERVICES})
    assert found == {"environment": {}, "missing": sorted(api.SERVICES)}
    assert seconds < 2 * LOOK_TAKES


def test_a_look_that_is_old_does_not_count(clock):
    service = away()
    watched = Watched(service, clock)
    watched.running()
    service.on = True
    assert asked({"kafka": watched})[0]["missing"] == ["kafka", "spark", "storage"]
    clock.now += FRESH_SECONDS
    assert asked({"kafka": watched})[0] == {"environment": {"GRANTED": "ana"}, "missing": ["spark", "storage"]}
    service.on = False
    assert "kafka" in asked({"kafka": watched})[0]["missing"], "that it ran a moment ago is nothing to rely on"


def test_a_class_that_starts_at_once_holds_up_no_page(clock):
    """Pages and the health check have the server's threads to themselves, however many wait for their keys."""
    app = FastAPI()
    app.state.settings, app.state.turns = SimpleNamespace(token="known"), Turns()
    app.state.keys = {name: Watched(Slow(), clock) for name in api.SERVICES}
    app.include_router(api.router)

    @app.get("/page")
    def page() -> str:
        return "shown"

    async def ask() -> float:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://platform", timeout=30) as client:
            keys = [client.post(f"/keys/student{number}", headers={"Authorization": "Bearer known"}) for number in range(40)]
            waiting = asyncio.gather(*keys)
            await asyncio.sleep(LOOK_TAKES / 3)
            began = time.monotonic()
            assert (await client.get("/page")).json() == "shown"
            took = time.monotonic() - began
            assert {one.json()["environment"]["GRANTED"] for one in await waiting} == {f"student{number}" for number in range(40)}
            return took

    assert asyncio.run(ask()) < LOOK_TAKES


def test_looks_come_sooner_than_they_grow_old():
    assert LOOK_FOR_SECONDS + 3 < FRESH_SECONDS


def test_one_that_fails_costs_its_own_keys_alone(clock, caplog):
    class Broken(Slow):
        def grant(self, user: str, since: float = 0) -> dict[str, str]:
            raise OSError("no")

    found, _ = asked({"storage": Watched(Broken(), clock), "kafka": Watched(Slow(), clock)})
    assert found == {"environment": {"GRANTED": "ana"}, "missing": ["spark", "storage"]}
    assert "storage: ana got no keys" in caplog.text


@pytest.mark.parametrize("away", [True, False], ids=["away for a moment", "failing"])
def test_a_service_that_missed_a_leaver_is_compared_at_its_next_look(away):
    room = Class(Service("ana"), "ana")
    room.look()
    # Gone and back between two looks: nothing was seen of it.
    room.people.clear()
    room.service.on = not away
    real, room.service.revoke = room.service.revoke, fails
    answer, _ = asked({"storage": Watched(room.service)}, "DELETE", room.leavers)
    room.service.on, room.service.revoke = True, real
    assert answer == {"missing": ["kafka", "spark", "storage"]}
    assert room.service.held == {"ana"}
    room.look()
    assert room.service.held == set()


def fails(user: str) -> None:
    raise OSError("away")
