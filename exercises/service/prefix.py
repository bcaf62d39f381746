"""The service's path: the hub's proxy hands requests on with it, routes are written without it.

Invariant: what does not begin with the prefix is nothing of ours.
"""

from typing import Any

from starlette.responses import PlainTextResponse


def under(prefix: str, app: Any) -> Any:
    """Return the application, served below `prefix` ("/services/exercises/")."""
    bare = prefix.rstrip("/")

    async def served(scope: dict, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            path = scope["path"]
            if path != bare and not path.startswith(prefix):
                await PlainTextResponse("not here", 404)(scope, receive, send)
                return
            inner = path[len(bare) :] or "/"
            scope = {**scope, "path": inner, "raw_path": inner.encode(), "root_path": ""}
        await app(scope, receive, send)

    return served
