"""The web application: gate, keys and consoles joined, errors turned into answers.

Invariant: every answer carries the headers that keep a browser from doing more than showing it, and nothing is cached.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from lab_auth.hub import Hub, HubSilent
from lab_auth.sessions import Sessions
from lab_platform import consoles, gate, messages, pages
from lab_platform.gate.routes import CALLBACK
from lab_platform.keys import api as keys
from lab_platform.keys.leavers import Leavers
from lab_platform.keys.turns import Turns
from lab_platform.settings import PREFIX, SERVICE, Settings

_POLICY = (
    "default-src 'none'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "frame-ancestors 'self'",
    "base-uri 'none'",
    "form-action 'self'",
)
HEADERS = {
    "Content-Security-Policy": "; ".join(_POLICY),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def make(settings: Settings) -> FastAPI:
    """Return the application."""

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        state = app.state
        watching = asyncio.create_task(state.leavers.watch())
        yield
        watching.cancel()
        await state.hub.close()

    app = FastAPI(title="DataFlow Lab platform", lifespan=life, docs_url=None, redoc_url=None, openapi_url=None)
    state = app.state
    state.settings = settings
    state.hub = Hub(
        settings.hub_api, settings.token, settings.client_id, service=SERVICE, seconds=settings.remembered_seconds
    )
    state.sessions = Sessions(PREFIX, settings.hub_public, settings.client_id, name="dataflow", callback=CALLBACK)
    state.keys = keys.all_keys(settings)
    state.turns = Turns()
    state.leavers = Leavers(state.keys, state.hub, state.turns, settings.leavers_seconds)
    app.include_router(gate.router)
    app.include_router(keys.router)
    consoles.mount(app)

    @app.middleware("http")
    async def guarded(request: Request, call_next) -> Response:
        answer = await call_next(request)
        for name, value in HEADERS.items():
            answer.headers.setdefault(name, value)
        return answer

    @app.exception_handler(HubSilent)
    async def hub_silent(request: Request, error: HubSilent) -> Response:
        return pages.told(503, messages.HUB_SILENT)

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        message = messages.NOT_FOUND if error.status_code == 404 and error.detail == "Not Found" else str(error.detail)
        if request.scope["path"].startswith("/keys/"):
            return JSONResponse({"detail": message}, error.status_code)
        return pages.told(error.status_code, message)

    return app
