"""Browsers: sent to the hub to log in, and recognised when they come back.

Invariant: a cookie holds a random name only; the hub's token stays here, in memory, and is shown to the hub again
every few seconds. A restart forgets all sessions; the browser is then sent round by the hub without anybody noticing.
"""

import secrets
import time
from collections import OrderedDict
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

COOKIE, STATE_COOKIE = "exercises-session", "exercises-state"
MOST = 20_000
LOGIN_SECONDS = 600


class Sessions:
    """All browsers' sessions of one process."""

    def __init__(self, prefix: str, hub_public: str, client_id: str) -> None:
        self._prefix, self._client_id = prefix, client_id
        self._authorize = hub_public.rstrip("/") + "/hub/api/oauth2/authorize"
        self._tokens: OrderedDict[str, str] = OrderedDict()
        self._logins: OrderedDict[str, tuple[float, str]] = OrderedDict()

    @property
    def redirect_uri(self) -> str:
        return self._prefix + "oauth_callback"

    def token(self, request: Request) -> str:
        """Return the hub's token of this browser, or an empty text."""
        return self._tokens.get(request.cookies.get(COOKIE, ""), "")

    def send_to_hub(self, request: Request) -> Response:
        """Answer a browser that nobody knows: to the hub, and then back to the page it wanted."""
        state = secrets.token_urlsafe(24)
        wanted = request.scope["path"].lstrip("/")
        self._logins[state] = (time.monotonic() + LOGIN_SECONDS, wanted)
        _shorten(self._logins)
        query = urlencode(
            {"client_id": self._client_id, "redirect_uri": self.redirect_uri, "response_type": "code", "state": state}
        )
        answer = RedirectResponse(f"{self._authorize}?{query}", 302)
        self._set(answer, request, STATE_COOKIE, state, LOGIN_SECONDS)
        return answer

    def expects(self, request: Request) -> str | None:
        """Return the page that this browser wanted before it was sent away; None if it never was."""
        state = request.query_params.get("state", "")
        if not state or not secrets.compare_digest(state, request.cookies.get(STATE_COOKIE, "")):
            return None
        until, wanted = self._logins.pop(state, (0.0, ""))
        return wanted if until > time.monotonic() else None

    def welcome(self, request: Request, token: str, wanted: str) -> Response:
        """Remember the browser and send it to the page that it wanted."""
        name = secrets.token_urlsafe(32)
        self._tokens[name] = token
        _shorten(self._tokens)
        answer = RedirectResponse(self._prefix + wanted, 302)
        self._set(answer, request, COOKIE, name, None)
        answer.delete_cookie(STATE_COOKIE, path=self._prefix)
        return answer

    def _set(self, answer: Response, request: Request, key: str, value: str, seconds: int | None) -> None:
        secure = request.headers.get("x-forwarded-proto", request.url.scheme).split(",")[0] == "https"
        answer.set_cookie(key, value, max_age=seconds, path=self._prefix, httponly=True, samesite="lax", secure=secure)


def _shorten(kept: OrderedDict) -> None:
    while len(kept) > MOST:
        kept.popitem(last=False)
