"""What a student's lab needs to work on the class's platform: asked of the platform's own service whenever a lab starts.

Invariant: no lab fails to start because of the platform. A service that is not started is simply not used; one that should answer
and does not is told to the student, because their tables would seem to be gone, and to the operator.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote

from tornado.httpclient import AsyncHTTPClient, HTTPRequest

# Keys are made in well under a second; a start should not seem to hang for longer than a person looks at a progress bar.
SECONDS = 15

# Method and path below the service's address: the status and the answer's body. Raises OSError and the like when nobody answers.
Ask = Callable[[str, str], Awaitable[tuple[int, bytes]]]


class PlatformSilent(Exception):
    """The platform's service did not give what was asked for; the message says why, for the operator's log."""


@dataclass(frozen=True)
class Granted:
    """Variables for the lab, and the services that could have been there and are not."""

    environment: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


async def grant(ask: Ask, user: str, since: datetime | None = None) -> Granted:
    """Make or renew a user's keys; return what their lab is told. Raises PlatformSilent.

    `since` is when the account was made (UTC): older keys were those of somebody who had the name before.
    """
    query = f"?since={int(since.replace(tzinfo=UTC).timestamp())}" if since else ""
    try:
        status, body = await ask("POST", _path(user) + query)
        found = json.loads(body) if status == 200 else None
        if found is None:
            raise PlatformSilent(f"HTTP {status}: {body[:200].decode(errors='replace')}")
        environment = {str(key): str(value) for key, value in found["environment"].items()}
        return Granted(environment, tuple(str(name) for name in found["missing"]))
    except PlatformSilent:
        raise
    except Exception as error:
        raise PlatformSilent(f"{type(error).__name__}: {error}") from error


async def revoke(ask: Ask, user: str) -> None:
    """Make a user's keys worthless. Raises PlatformSilent."""
    try:
        status, body = await ask("DELETE", _path(user))
    except Exception as error:
        raise PlatformSilent(f"{type(error).__name__}: {error}") from error
    if status not in (200, 204):
        raise PlatformSilent(f"HTTP {status}: {body[:200].decode(errors='replace')}")


def asker(url: str, token: str) -> Ask:
    """Return a way to ask the service at `url`."""

    async def ask(method: str, path: str) -> tuple[int, bytes]:
        body = b"" if method == "POST" else None
        request = HTTPRequest(
            url.rstrip("/") + path,
            method=method,
            body=body,
            headers={"Authorization": f"Bearer {token}"},
            connect_timeout=3,
            request_timeout=SECONDS,
        )
        answer = await AsyncHTTPClient().fetch(request, raise_error=False)
        if answer.code == 599:  # tornado's own word for "no answer"
            raise ConnectionError(str(answer.error))
        return answer.code, answer.body

    return ask


def _path(user: str) -> str:
    return f"/keys/{quote(user, safe='')}"
