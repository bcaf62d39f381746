"""The hub's way to the keys: `POST /keys/<user>?since=<when the account was made>` and `DELETE /keys/<user>`.

Invariant: only who shows the hub's token is answered; a user's name is checked before any service hears of it; a service that fails
costs its own variables, never the lab.
"""

import asyncio
import importlib
import importlib.util
import logging
import re
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from fastapi import APIRouter, HTTPException, Request

from lab_platform import messages
from lab_platform.keys.presence import Watched
from lab_platform.settings import Settings

SERVICES = ("storage", "kafka", "spark")
# When a class starts at once, many wait for their turn at a service: each service has threads of its own, so that neither another's
# keys nor a page, which has the server's threads, wait with them.
THREADS = {name: ThreadPoolExecutor(16, thread_name_prefix=f"keys-{name}") for name in SERVICES}
# As the hub allows them.
NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}")

log = logging.getLogger("lab_platform.keys")
router = APIRouter(prefix="/keys")


def all_keys(settings: Settings) -> dict[str, Watched]:
    """Return what makes each service's keys."""
    found = {}
    for name in SERVICES:
        if importlib.util.find_spec(f"lab_platform.keys.{name}") is None:
            continue
        try:
            found[name] = Watched(importlib.import_module(f"lab_platform.keys.{name}").make(settings))
        except Exception:
            # Nobody is to be locked out of the rest for it.
            log.exception("no keys for %s can be made", name)
    return found


def _checked(request: Request, user: str) -> str:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    known = request.app.state.settings.token
    if kind.lower() != "bearer" or not secrets.compare_digest(token.strip().encode(), known.encode()):
        raise HTTPException(401, messages.NOT_THE_HUB)
    if NAME.fullmatch(user) is None:
        raise HTTPException(422, messages.BAD_USER)
    return user


async def _of_each(keys: dict[str, Watched], what: str, do: Callable[[Watched], dict[str, str] | None]) -> dict:
    """Do something with the keys of every service that runs, of all at the same time."""

    def one(name: str, service: Watched) -> dict[str, str] | None:
        try:
            return (do(service) or {}) if service.runs() else None
        except Exception:
            log.exception("%s: %s", name, what)
            return None

    loop = asyncio.get_running_loop()
    found = await asyncio.gather(*(loop.run_in_executor(THREADS[name], one, name, service) for name, service in keys.items()))
    given = dict(zip(keys, found, strict=True))
    environment = {key: value for name in SERVICES for key, value in (given.get(name) or {}).items()}
    return {"environment": environment, "missing": sorted(name for name in SERVICES if given.get(name) is None)}


@router.post("/{user}")
async def grant(request: Request, user: str, since: float = 0) -> dict:
    state, user = request.app.state, _checked(request, user)
    async with state.turns.of(user):
        return await _of_each(state.keys, f"{user} got no keys", lambda service: service.grant(user, since))


@router.delete("/{user}")
async def revoke(request: Request, user: str) -> dict:
    state, user = request.app.state, _checked(request, user)
    async with state.turns.of(user):
        found = await _of_each(state.keys, f"the keys of {user} were not taken away", lambda service: service.revoke(user))
        for name in found["missing"]:
            state.leavers.missed(name)
        return {"missing": found["missing"]}
