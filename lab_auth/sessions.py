"""Browsers: sent to the hub to log in, and recognised when they come back.

Invariant: a cookie holds a random name only; the hub's token stays here, in memory, and is shown to the hub again
every few seconds. A restart forgets all sessions; the browser is then sent round by the hub without anybody noticing.
"""

import hashlib
import secrets
import time
from collections import OrderedDict
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

MOST = 20_000
LOGIN_SECONDS = 600


class Sessions:
    """All browsers' sessions of one process."""

    def __init__(self, prefix: str, hub_public: str, client_id: str, *, name: str, callback: str = "oauth_callback") -> None:
        """``prefix`` is the path that the session is good for; the hub sends people back to ``callback`` below it."""
        self._prefix, self._client_id, self._callback = prefix, client_id, callback
        self._cookie, self._state_cookie = f"{name}-session", f"{name}-state-"
        self._authorize = hub_public.rstrip("/") + "/hub/api/oauth2/authorize"
        self._tokens: OrderedDict[str, str] = OrderedDict()
        self._logins: OrderedDict[str, tuple[float, str]] = OrderedDict()

    @property
    def redirect_uri(self) -> str:
        return self._prefix + self._callback

    def token(self, request: Request) -> str:
        """Return the hub's token of this browser, or an empty text."""
        return self._tokens.get(request.cookies.get(self._cookie, ""), "")

    def form_word(self, request: Request) -> str:
        """Return the word that this browser's forms carry; an empty text when nobody knows the browser.

        It is made of the cookie, which no page can read, and does not tell it.
        """
        name = request.cookies.get(self._cookie, "")
        return hashlib.sha256(f"form {name}".encode()).hexdigest() if name in self._tokens else ""

    def send_to_hub(self, request: Request, wanted: str) -> Response:
        """Answer a browser that nobody knows: to the hub, and then back to the page below the prefix that it wanted."""
        state = secrets.token_urlsafe(24)
        self._logins[state] = (time.monotonic() + LOGIN_SECONDS, wanted)
        _shorten(self._logins)
        query = urlencode(
            {"client_id": self._client_id, "redirect_uri": self.redirect_uri, "response_type": "code", "state": state}
        )
        answer = RedirectResponse(f"{self._authorize}?{query}", 302)
        self._set(answer, request, self._state_of(state), state, LOGIN_SECONDS)
        return answer

    def expects(self, request: Request) -> str | None:
        """Return the page that this browser wanted before it was sent away; None if it never was."""
        state = request.query_params.get("state", "")
        if not state or not secrets.compare_digest(state.encode(), request.cookies.get(self._state_of(state), "").encode()):
            return None
        until, wanted = self._logins.pop(state, (0.0, ""))
        return wanted if until > time.monotonic() else None

    def welcome(self, request: Request, token: str, wanted: str) -> Response:
        """Remember the browser and send it to the page that it wanted."""
        name = secrets.token_urlsafe(32)
        self._tokens[name] = token
        _shorten(self._tokens)
        answer = RedirectResponse(self._prefix + wanted, 302)
        self._set(answer, request, self._cookie, name, None)
        answer.delete_cookie(self._state_of(request.query_params.get("state", "")), path=self._prefix)
        return answer

    def _state_of(self, state: str) -> str:
        """The name of a login's cookie: two tabs that log in at once have one each."""
        return self._state_cookie + hashlib.sha256(state.encode()).hexdigest()[:8]

    def _set(self, answer: Response, request: Request, key: str, value: str, seconds: int | None) -> None:
        secure = request.headers.get("x-forwarded-proto", request.url.scheme).split(",")[0] == "https"
        answer.set_cookie(key, value, max_age=seconds, path=self._prefix, httponly=True, samesite="lax", secure=secure)


def _shorten(kept: OrderedDict) -> None:
    while len(kept) > MOST:
        kept.popitem(last=False)
