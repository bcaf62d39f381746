"""Whose keys are taken away, and when nobody's are; tests/platform/test_leavers.py has the same with the real hub and services."""

import asyncio
import logging

import httpx
import pytest

from lab_auth.hub import Hub, HubSilent
from lab_platform.keys.leavers import Leavers
from lab_platform.keys.turns import Turns

OWN = {"kind": "service", "name": "platform"}


class Service:
    """Keys of a service that can be switched off."""

    def __init__(self, *users: str) -> None:
        self.held, self.on, self.asked = set(users), True, 0

    def running(self) -> bool:
        return self.on

    def users(self) -> set[str]:
        self.asked += 1
        return set(self.held)

    def grant(self, user: str, since: float = 0) -> dict[str, str]:
        self.held.add(user)
        return {}

    def revoke(self, user: str) -> None:
        self.held.discard(user)


class Class:
    """A hub's accounts, a service, and a clock that the test moves. `answer` takes the hub's place for a moment."""

    def __init__(self, service: Service, *people: str) -> None:
        self.service, self.people, self.now, self.answer = service, set(people), 100.0, None
        self.hub = Hub("http://hub/hub/api", "token", "service-platform", service="platform", seconds=5)
        self.hub._client = httpx.AsyncClient(transport=httpx.MockTransport(self._hub))
        self.turns = Turns()
        self.leavers = Leavers({"storage": service}, self.hub, self.turns, 300, lambda: self.now)

    def _hub(self, request: httpx.Request) -> httpx.Response:
        if self.answer is not None:
            return self.answer(request)
        name = request.url.path.removeprefix("/hub/api/users/")
        if request.url.path == "/hub/api/user":
            return httpx.Response(200, json=OWN)
        return httpx.Response(200, json={"name": name}) if name in self.people else httpx.Response(404, json={"status": 404})

    def look(self) -> None:
        asyncio.run(self.leavers.look("storage"))


def refused(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("nobody there")


def test_whoever_is_gone_loses_their_keys_and_nobody_else():
    room = Class(Service("ana", "bruno", "carla"), "ana", "carla", "dora")
    room.look()
    assert room.service.held == {"ana", "carla"}


@pytest.mark.parametrize("answer", [
    refused,
    lambda request: httpx.Response(500),
    lambda request: httpx.Response(403, json={"status": 403}),
    lambda request: httpx.Response(404, text="a proxy that knows no hub"),
    lambda request: httpx.Response(404 if "/users/" in request.url.path else 200, json={"kind": "user", "name": "platform"}),
], ids=["silent", "failing", "refusing", "somebody else", "not as a service"])
def test_a_hub_that_does_not_say_so_takes_nobodys(answer, caplog):
    room = Class(Service("ana", "bruno"), "ana")
    room.answer = answer
    with caplog.at_level(logging.WARNING):
        room.look()
        room.look()
    assert room.service.held == {"ana", "bruno"}
    assert len([record for record in caplog.records if "nobody's were taken" in record.message]) == 1, "told once"
    room.answer = None
    room.look()
    assert room.service.held == {"ana"}, "as soon as the hub answers again"


def test_a_service_that_returns_is_compared_at_once_and_then_now_and_again():
    room = Class(Service("ana"), "ana")
    room.look()
    assert room.service.asked == 1
    room.service.on = False
    room.people.clear()
    room.look()
    assert room.service.held == {"ana"}
    room.service.on = True
    room.look()
    assert (room.service.asked, room.service.held) == (2, set())
    room.now += 299
    room.look()
    assert room.service.asked == 2
    room.now += 1
    room.look()
    assert room.service.asked == 3


def test_whoever_comes_while_the_hub_is_asked_keeps_what_they_are_given():
    room = Class(Service("ana"))

    async def race() -> None:
        asked = asyncio.Event()
        looking = room.hub.is_gone

        async def slow(user: str) -> bool:
            gone = await looking(user)
            asked.set()
            await asyncio.sleep(0.05)
            return gone

        room.hub.is_gone = slow

        async def comes() -> None:
            await asked.wait()
            room.people.add("ana")
            async with room.turns.of("ana"):
                room.service.grant("ana")

        await asyncio.gather(room.leavers.look("storage"), comes())

    asyncio.run(race())
    assert room.service.held == {"ana"}


def test_a_leaver_who_is_missed_while_others_are_compared_makes_another_look_due():
    room = Class(Service("ana", "bruno"), "ana", "bruno")

    async def race() -> None:
        looking = room.hub.is_gone

        async def slow(user: str) -> bool:
            gone = await looking(user)
            if user == "bruno":
                # Ana's turn is over; now she leaves, and the service does not hear of it.
                room.people.discard("ana")
                room.leavers.missed("storage")
            return gone

        room.hub.is_gone = slow
        await room.leavers.look("storage")
        room.hub.is_gone = looking

    asyncio.run(race())
    assert room.service.held == {"ana", "bruno"} and not room.leavers._failing
    room.look()
    assert room.service.held == {"bruno"}


def test_a_revocation_that_fails_stops_no_other_and_is_tried_again():
    room = Class(Service("ana", "bruno"))
    real = room.service.revoke

    def fails_for_ana(user: str) -> None:
        if user == "ana":
            raise OSError("away")
        real(user)

    room.service.revoke = fails_for_ana
    room.look()
    assert room.service.held == {"ana"}, "the others' are taken"
    room.service.revoke = real
    room.look()
    assert room.service.held == set()


def test_silence_is_an_error_and_no_answer():
    room = Class(Service())
    room.answer = refused
    with pytest.raises(HubSilent):
        asyncio.run(room.hub.is_gone("ana"))
