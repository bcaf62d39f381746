"""The hub's way to the keys: `POST /keys/<user>?since=<when the account was made>` and `DELETE /keys/<user>`.

Invariant: only who shows the hub's token is answered; a user's name is checked before any service hears of it; a service that fails
costs its own variables, never the lab.
"""

import importlib
import importlib.util
import logging
import re
import secrets

from fastapi import APIRouter, HTTPException, Request
from starlette.concurrency import run_in_threadpool

from lab_platform import messages
from lab_platform.keys import Keys
from lab_platform.settings import Settings

SERVICES = ("storage", "kafka", "spark")
# As the hub allows them.
NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}")

log = logging.getLogger("lab_platform.keys")
router = APIRouter(prefix="/keys")


def all_keys(settings: Settings) -> dict[str, Keys]:
    """Return what makes each service's keys."""
    found = {}
    for name in SERVICES:
        if importlib.util.find_spec(f"lab_platform.keys.{name}") is None:
            continue
        try:
            found[name] = importlib.import_module(f"lab_platform.keys.{name}").make(settings)
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


def _grant(keys: dict[str, Keys], user: str, since: float) -> dict:
    environment: dict[str, str] = {}
    missing = [name for name in SERVICES if name not in keys]
    for name, one in keys.items():
        try:
            if one.running():
                environment.update(one.grant(user, since))
                continue
        except Exception:
            log.exception("%s gave %s no keys", name, user)
        missing.append(name)
    return {"environment": environment, "missing": sorted(missing)}


def _revoke(keys: dict[str, Keys], user: str) -> dict:
    missing = [name for name in SERVICES if name not in keys]
    for name, one in keys.items():
        try:
            if one.running():
                one.revoke(user)
                continue
        except Exception:
            log.exception("%s did not take the keys of %s away", name, user)
        missing.append(name)
    return {"missing": sorted(missing)}


@router.post("/{user}")
async def grant(request: Request, user: str, since: float = 0) -> dict:
    state, user = request.app.state, _checked(request, user)
    async with state.turns.of(user):
        return await run_in_threadpool(_grant, state.keys, user, since)


@router.delete("/{user}")
async def revoke(request: Request, user: str) -> dict:
    state, user = request.app.state, _checked(request, user)
    async with state.turns.of(user):
        return await run_in_threadpool(_revoke, state.keys, user)
