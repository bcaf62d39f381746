"""MLflow's web application as a lab serves it: behind a proxy, for one person, without what needs the outside world.

Invariant: a request that changes something is answered only if the page that sent it came from the address it is sent to;
after that check MLflow sees a local request, so its own guard stays on without knowing the class's host name.
"""

import json
from typing import Any

from mlflow.server.fastapi_app import app as mlflow_app

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
FOREIGN = b"This request came from another site and was refused."
# An assistant that runs commands for the page's visitor, and asks a provider outside the class: neither belongs here.
OFF = "/ajax-api/3.0/mlflow/assistant"
# What a first visit shows: the pages for training models, without the assistant's panel. A choice made later stays.
FIRST_VISIT = {
    "mlflow.workflowType_v1": json.dumps("machine_learning"),
    "mlflow.assistant.fab.autoOpenedOnFirstLoad_v1": "true",
}
SCRIPT = (
    f"<script>try{{for(const [k,v] of Object.entries({json.dumps(FIRST_VISIT)}))"
    "if(localStorage.getItem(k)===null)localStorage.setItem(k,v)}catch(e){}</script>"
).encode()


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """The ASGI application that the lab's MLflow server runs."""
    if scope["type"] != "http":
        await mlflow_app(scope, receive, send)
        return
    headers = dict(scope["headers"])
    origin = headers.get(b"origin", b"").decode("latin-1")
    host = headers.get(b"host", b"").decode("latin-1")
    if scope["path"].startswith(OFF):
        await _answer(send, 404, b"")
    elif scope["method"] not in SAFE_METHODS and origin and origin.partition("://")[2] != host:
        await _answer(send, 403, FOREIGN)
    else:
        local = [pair for pair in scope["headers"] if pair[0] not in (b"origin", b"host")]
        inner = {**scope, "headers": [*local, (b"host", b"localhost")]}
        await mlflow_app(inner, receive, _with_script(send) if scope["path"] == "/" else send)


async def _answer(send: Any, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _with_script(send: Any) -> Any:
    """Passes a page on with SCRIPT at the start of its head."""
    start: dict[str, Any] = {}
    body = bytearray()

    async def collect(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
            return
        body.extend(message.get("body", b""))
        if message.get("more_body"):
            return
        page = bytes(body).replace(b"<head>", b"<head>" + SCRIPT, 1)
        kept = [pair for pair in start["headers"] if pair[0].lower() != b"content-length"]
        await send({**start, "headers": [*kept, (b"content-length", str(len(page)).encode())]})
        await send({"type": "http.response.body", "body": page})

    return collect
