"""What is sent in: read up to a limit, looked through, and kept as it arrived.

Invariant: nothing is stored that `archive.unpack` refuses, and nothing is refused in part; no more than a few bodies
are in memory at once.
"""

import asyncio
import json
from typing import Any

from fastapi import HTTPException, Request

from exercises.runner import archive
from exercises.service import messages
from exercises.service.access import refuse

NOTEBOOK = "notebook.ipynb"
AT_ONCE = 4
SMALL = 64 * 1024
WAIT_SECONDS = 60


class Gate:
    """Lets a few bodies in at a time; the others wait a while."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(AT_ONCE)

    async def body(self, request: Request, most: int) -> bytes:
        """Return the request's body. Raises HTTPException 413 or 503."""
        try:
            await asyncio.wait_for(self._places.acquire(), WAIT_SECONDS)
        except TimeoutError:
            raise refuse(503, messages.BUSY) from None
        try:
            return await _read(request, most)
        finally:
            self._places.release()


async def body(request: Request) -> bytes:
    """The dependency of routes that take an archive."""
    return await request.app.state.gate.body(request, archive.SUBMISSION.packed)


async def small_body(request: Request) -> bytes:
    """The dependency of routes that take a note or a form."""
    return await request.app.state.gate.body(request, SMALL)


async def _read(request: Request, most: int) -> bytes:
    limit = f"{most // archive.MB} MB" if most >= archive.MB else f"{most // 1024} kB"
    too_large = refuse(413, messages.BODY_TOO_LARGE, limit=limit)
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and len(declared) < 20 and int(declared) > most:
        raise too_large
    found = bytearray()
    async for piece in request.stream():
        found += piece
        if len(found) > most:
            raise too_large
    if not found:
        raise refuse(400, messages.EMPTY)
    return bytes(found)


def unpacked(data: bytes, limits: archive.Limits = archive.SUBMISSION) -> dict[str, bytes]:
    """Return the archive's files. Raises HTTPException 422 with the reason."""
    try:
        return archive.unpack(data, limits)
    except archive.ArchiveRefused as refusal:
        raise refuse(422, messages.REFUSED_WHOLE, reason=refusal) from None


def notebook_of(files: dict[str, bytes]) -> dict[str, Any]:
    """Return the submitted notebook, roughly checked; a runner looks closer. Raises HTTPException 422."""
    if NOTEBOOK not in files:
        raise HTTPException(422, messages.NO_NOTEBOOK)
    try:
        found = json.loads(files[NOTEBOOK])
        if not isinstance(found, dict) or not isinstance(found.get("cells"), list):
            raise ValueError("no cells")
    except (ValueError, RecursionError) as error:
        raise refuse(422, messages.NOT_A_NOTEBOOK, reason=error) from None
    return found
