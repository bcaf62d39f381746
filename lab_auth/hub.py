"""Who somebody is and what they may do: asked of the hub, remembered for seconds.

Invariant: an identity is what the hub says about a token that may access this service, or a named part of it; a role is a hub
group's name, an administrator is one whom the hub calls so. Nothing of it comes from anything else in a request. When the hub does
not answer, nobody is anybody.
"""

import hashlib
import re
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

STUDENT, GRADER, INSTRUCTOR = "student", "grader", "instructor"
GROUP = re.compile(r"course-(?P<course>[a-z0-9][a-z0-9_-]{0,62})-(?P<role>student|grader|instructor)")
# Which courses a token is good for, when it does not name them.
EVERYTHING, ANY = "everything", "any course"
REMEMBERED = 10_000
ANSWER_SECONDS = 10.0


class HubSilent(RuntimeError):
    """The hub did not answer, or not as it should."""


@dataclass(frozen=True)
class Person:
    """Somebody the hub knows, with their roles in each course.

    `narrow`: known by a token with the service's narrow scope only, which is good for less than the person is. The roles are
    then those of the courses that the token names.
    """

    name: str
    roles: dict[str, frozenset[str]]
    admin: bool = False
    narrow: bool = False

    def is_in(self, course: str) -> bool:
        return bool(self.roles.get(course))

    def grades(self, course: str) -> bool:
        return bool(self.roles.get(course, frozenset()) & {GRADER, INSTRUCTOR})

    def instructs(self, course: str) -> bool:
        return INSTRUCTOR in self.roles.get(course, frozenset())


class Hub:
    """The hub's API, with a memory of a few seconds."""

    def __init__(
        self,
        api: str,
        token: str,
        client_id: str,
        *,
        service: str,
        narrow: str | None = None,
        seconds: float,
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        """`narrow` is a custom scope of the hub's that makes a token good for a part of the service."""
        self.api, self.client_id, self._narrow = api, client_id, narrow
        self._scopes = {"access:services", f"access:services!service={service}"}
        self._token, self._seconds, self._tick = token, seconds, tick
        self._client = httpx.AsyncClient(timeout=ANSWER_SECONDS, trust_env=False)
        self._memory: dict[str, tuple[float, Any]] = {}

    async def close(self) -> None:
        await self._client.aclose()

    async def person(self, token: str) -> Person | None:
        """Return whose token it is, or None when it opens nothing here. Raises HubSilent."""
        holder = await self._remembered(
            "token " + hashlib.sha256(token.encode()).hexdigest(), lambda: self._holder_of(token)
        )
        if holder is None:
            return None
        name, courses = holder
        known = await self._remembered("person " + name, lambda: self._known(name))
        if known is None:
            return None
        roles = roles_of(known["groups"])
        if courses is EVERYTHING:
            return Person(name, roles, known.get("admin") is True)
        return Person(name, {course: roles[course] for course in roles if courses is ANY or course in courses}, narrow=True)

    async def members(self, course: str, role: str) -> list[str]:
        """Return the names of those who have this role in the course, sorted. Raises HubSilent. Needs the scope read:groups."""
        return await self._remembered(f"group {course} {role}", lambda: self._members(f"course-{course}-{role}"))

    async def is_gone(self, name: str) -> bool:
        """Whether the hub says, asked at this moment, that there is no such account. Raises HubSilent when it says neither."""
        own = {"Authorization": f"token {self._token}"}
        answer = await self._ask("GET", f"/users/{quote(name, safe='')}", headers=own)
        if answer.status_code != 404:
            self._json(answer)
            return False
        # Whatever stands at a wrong address answers 404 too: it counts from a hub that knows this service by its token.
        if self._json(await self._ask("GET", "/user", headers=own)).get("kind") != "service":
            raise HubSilent("what answers at the hub's address does not know this service")
        return True

    async def exchange(self, code: str, redirect_uri: str) -> str | None:
        """Return the token for the code that the hub gave a browser, or None when it is no good. Raises HubSilent."""
        form = {
            "client_id": self.client_id,
            "client_secret": self._token,
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
        }
        answer = await self._ask("POST", "/oauth2/token", data=form)
        return answer.json().get("access_token") if answer.status_code == 200 else None

    async def _holder_of(self, token: str) -> tuple[str, frozenset[str] | str] | None:
        """Return whose token it is and for which courses, or None."""
        answer = await self._ask("GET", "/user", headers={"Authorization": f"token {token}"})
        if answer.status_code in (401, 403, 404):
            return None
        model = self._json(answer)
        name, scopes = model.get("name"), set(model.get("scopes", ()))
        if model.get("kind") != "user" or not name:
            return None
        if self._scopes & scopes:
            return name, EVERYTHING
        courses = courses_of(scopes, self._narrow) if self._narrow else frozenset()
        return (name, courses) if courses else None

    async def _known(self, name: str) -> dict[str, Any] | None:
        """Return the hub's model of somebody, or None. Whether they are an administrator is told only to who may read that."""
        headers = {"Authorization": f"token {self._token}"}
        answer = await self._ask("GET", f"/users/{quote(name, safe='')}", headers=headers)
        if answer.status_code == 404:
            return None
        model = self._json(answer)
        if "groups" not in model:
            # Our own token lacks its scope: nobody must pass for a person without roles, silently.
            raise HubSilent("the hub tells this service no groups; its role lacks read:users:groups")
        return model

    async def _members(self, group: str) -> list[str]:
        headers = {"Authorization": f"token {self._token}"}
        answer = await self._ask("GET", f"/groups/{quote(group, safe='')}", headers=headers)
        if answer.status_code == 404:
            return []
        model = self._json(answer)
        if "users" not in model:
            raise HubSilent("the hub tells this service no group's members; its role lacks read:groups")
        return sorted(model["users"])

    async def _ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        try:
            return await self._client.request(method, self.api + path, **more)
        except httpx.HTTPError as error:
            raise HubSilent(f"{type(error).__name__}: {error}") from error

    @staticmethod
    def _json(answer: httpx.Response) -> dict[str, Any]:
        if answer.status_code != 200:
            raise HubSilent(f"the hub answered {answer.status_code} to {answer.request.url.path}")
        return answer.json()

    async def _remembered(self, key: str, ask: Callable[[], Any]) -> Any:
        now = self._tick()
        known = self._memory.get(key)
        if known is not None and known[0] > now:
            return known[1]
        answer = await ask()
        if len(self._memory) >= REMEMBERED:
            self._memory.clear()
        # From before the question was asked: what the hub changed meanwhile must not last longer than promised.
        self._memory[key] = (now + self._seconds, answer)
        return answer


def roles_of(groups: list[str]) -> dict[str, frozenset[str]]:
    """Return the roles by course that the groups' names give."""
    found: dict[str, set[str]] = {}
    for group in groups:
        if match := GROUP.fullmatch(group):
            found.setdefault(match["course"], set()).add(match["role"])
    return {course: frozenset(roles) for course, roles in found.items()}


def courses_of(scopes: Collection[str], narrow: str) -> frozenset[str] | str:
    """Return the courses that a token's narrow scopes name by one of their groups; none of them when another filter is on it."""
    found = set()
    for scope in scopes:
        bare, _, chosen = scope.partition("!")
        if bare != narrow:
            continue
        if not chosen:
            return ANY
        kind, _, group = chosen.partition("=")
        if kind == "group" and (match := GROUP.fullmatch(group)):
            found.add(match["course"])
    return frozenset(found)
