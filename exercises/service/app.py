"""The web application: parts joined, errors turned into answers.

Invariant: every route passes `access.admit`; every answer carries the headers that keep a browser from doing more
than showing it.
"""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from exercises.service import api, clock, downloads, messages, pages
from exercises.service.access import PUSH_SCOPE, NeedsLogin, admit
from exercises.service.database import Database
from exercises.service.desk import acts
from exercises.service.desk import pages as desk
from exercises.service.receiving import Gate
from exercises.service.settings import Web
from exercises.service.store import Store, full
from lab_auth.hub import Hub, HubSilent
from lab_auth.sessions import Sessions

log = logging.getLogger("exercises.service")

# Its name at the hub.
SERVICE = "exercises"
_POLICY = ("default-src 'none'", "style-src 'self'", "frame-ancestors 'self'", "base-uri 'none'", "form-action 'none'")
HEADERS = {
    "Content-Security-Policy": "; ".join(_POLICY),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


def make(settings: Web, tick: clock.Clock = clock.now) -> FastAPI:
    """Return the application; its database is brought up to date when it starts."""

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        app.state.database.migrate()
        yield
        await app.state.hub.close()
        app.state.database.close()

    app = FastAPI(
        title="DataFlow Lab exercises",
        lifespan=life,
        dependencies=[Depends(admit)],
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    state = app.state
    state.clock = tick
    state.database = Database(settings.shared.database)
    state.store = Store(settings.shared.store)
    state.hub = Hub(
        settings.hub_api, settings.token, settings.client_id, service=SERVICE, narrow=PUSH_SCOPE, seconds=settings.roles_seconds
    )
    state.sessions = Sessions(settings.prefix, settings.hub_public, settings.client_id, name=SERVICE)
    state.templates = pages.templates(settings.prefix, settings.hub_public)
    state.gate = Gate()
    app.include_router(api.router)
    app.include_router(downloads.router)
    app.include_router(pages.router)
    app.include_router(desk.router)
    app.include_router(acts.router)

    @app.middleware("http")
    async def guarded(request: Request, call_next) -> Response:
        answer = await call_next(request)
        for name, value in HEADERS.items():
            answer.headers.setdefault(name, value)
        answer.headers.setdefault("Cache-Control", "no-store")
        return answer

    @app.exception_handler(NeedsLogin)
    async def needs_login(request: Request, _: NeedsLogin) -> Response:
        return state.sessions.send_to_hub(request, request.scope["path"].lstrip("/"))

    @app.exception_handler(HubSilent)
    async def hub_silent(request: Request, error: HubSilent) -> Response:
        return _told(request, 503, messages.HUB_SILENT)

    @app.exception_handler(OSError)
    @app.exception_handler(DBAPIError)
    async def no_space(request: Request, error: Exception) -> Response:
        if not full(error):
            raise error
        log.error("the disk of the database and the store is full: %s", error)
        return _told(request, 507, messages.DISK_FULL)

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        return _told(request, error.status_code, str(error.detail), error.headers)

    return app


def _told(request: Request, status: int, message: str, headers: dict | None = None) -> Response:
    """The same words for a program and for a person."""
    if "/api/" in request.scope["path"]:
        return JSONResponse({"detail": message}, status, headers)
    return pages.error(request, status, message)
