"""Forms of the desk: who sent one, and what is in it.

Invariant: a form is taken only from a page that this service gave to the same browser: it carries the session's own word, which no
other page can know, and the browser does not say that it comes from elsewhere.
"""

import secrets
from typing import Annotated
from urllib.parse import parse_qs, urlsplit

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response

from exercises.service.access import refuse
from exercises.service.desk import messages
from exercises.service.receiving import SMALL

WORD = "word"


async def form(request: Request) -> dict[str, str]:
    """The dependency of routes that take a form. Raises HTTPException 403, 413 or 422."""
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise refuse(403, messages.NOT_FROM_HERE)
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise refuse(403, messages.NOT_FROM_HERE)
    body = await request.app.state.gate.body(request, SMALL)
    try:
        found = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=50, strict_parsing=True)
    except ValueError:
        raise refuse(422, messages.NO_FORM) from None
    fields = {name: values[-1] for name, values in found.items()}
    word = request.app.state.sessions.form_word(request)
    if not word or not secrets.compare_digest(fields.get(WORD, "").encode(), word.encode()):
        raise refuse(403, messages.NOT_FROM_HERE)
    return fields


Form = Annotated[dict[str, str], Depends(form)]


def back(request: Request, path: str) -> Response:
    """Send the browser to a page below the service's prefix, so that loading it again sends nothing twice."""
    return RedirectResponse(request.app.state.templates.globals["prefix"] + path, 303)
