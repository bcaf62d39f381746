"""The storage's pages: buckets, folders, files, and a file's content.

Invariant: the storage is asked with its own account, so every place is checked against the viewer before; one page asks for one
page of a listing, however large a folder is; a file passes through in pieces. Names travel in the query, because no proxy changes
them there.
"""

import logging
from collections.abc import Iterator
from typing import Annotated
from urllib.parse import quote, urlencode

from botocore.exceptions import BotoCoreError, ClientError
from fastapi import APIRouter, FastAPI, HTTPException, Query, Request
from fastapi.responses import Response, StreamingResponse

from lab_platform import pages
from lab_platform.consoles import storage_messages as messages
from lab_platform.consoles import storage_places as places
from lab_platform.keys import storage as keys
from lab_platform.keys.storage_policy import folder
from lab_platform.settings import SettingsError
from lab_platform.viewer import Viewer, Viewing

PAGE = 200
PIECE = 256 * 1024

log = logging.getLogger("lab_platform.consoles")
router = APIRouter()
Text = Annotated[str, Query(max_length=2048)]


def prepare(app: FastAPI) -> None:
    """Make the one client that all requests share. A platform that was told of no storage shows none."""
    settings = app.state.settings
    try:
        app.state.storage = keys.server(settings).client()
        app.state.buckets = tuple(settings.text("STORAGE_BUCKETS").split())
    except SettingsError as error:
        log.warning("no pages of the storage: %s", error)
        app.state.storage, app.state.buckets = None, ()


@router.get("/")
def buckets(request: Request, viewer: Viewing) -> Response:
    """Every bucket, with the ways into it."""
    _ask(request, "list_buckets")
    rows = [(bucket, [(door, _browse(bucket, door)) for door in places.doors(viewer)]) for bucket in request.app.state.buckets]
    return pages.page("storage_buckets.html", say=messages, rows=rows)


@router.get("/browse")
def browse(request: Request, viewer: Viewing, bucket: Text, prefix: Text = "", after: Text = "") -> Response:
    """One page of a folder: its folders, then its files."""
    _check(request, viewer, bucket, prefix)
    options = {"ContinuationToken": after} if after else {}
    found = _ask(request, "list_objects_v2", Bucket=bucket, Prefix=prefix, Delimiter="/", MaxKeys=PAGE, **options)
    folders = [one["Prefix"] for one in found.get("CommonPrefixes", ())]
    files = [one for one in found.get("Contents", ()) if one["Key"] != prefix]
    more = found.get("NextContinuationToken")
    return pages.page(
        "storage_folder.html",
        say=messages,
        bucket=bucket,
        way=[(name, _browse(bucket, place)) for name, place in places.parents(prefix)],
        address=f"s3a://{bucket}/{prefix}",
        folders=[(place.removesuffix("/").rpartition("/")[2], _browse(bucket, place)) for place in folders],
        files=[
            (
                one["Key"].rpartition("/")[2],
                f"download?{urlencode({'bucket': bucket, 'key': one['Key']})}",
                places.human(one["Size"]),
                one["LastModified"].strftime("%Y-%m-%d %H:%M:%S"),
            )
            for one in files
        ],
        more=_browse(bucket, prefix, more) if more else "",
        first=_browse(bucket, prefix) if after else "",
    )


@router.get("/download")
def download(request: Request, viewer: Viewing, bucket: Text, key: Text) -> Response:
    """A file, as it is."""
    if not key or key.endswith("/"):
        raise HTTPException(404, messages.NO_OBJECT.format(place=f"{bucket}/{key}"))
    _check(request, viewer, bucket, key)
    found = _ask(request, "get_object", Bucket=bucket, Key=key)
    name = quote(key.rpartition("/")[2], safe="")
    headers = {
        "Content-Length": str(found["ContentLength"]),
        "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
    }
    return StreamingResponse(_pieces(found["Body"]), media_type="application/octet-stream", headers=headers)


def _pieces(body) -> Iterator[bytes]:
    try:
        yield from body.iter_chunks(PIECE)
    finally:
        body.close()


def _check(request: Request, viewer: Viewer, bucket: str, key: str) -> None:
    """Raise 404 or 403 unless the viewer may look there."""
    if bucket not in request.app.state.buckets:
        raise HTTPException(404, messages.NO_BUCKET.format(bucket=bucket))
    place = f"{bucket}/{key}"
    if not places.is_plain(key):
        raise HTTPException(404, messages.BAD_PLACE.format(place=place))
    if not places.may_see(viewer, key):
        raise HTTPException(403, messages.REFUSED.format(place=place, own=folder(viewer.name)))


def _ask(request: Request, method: str, **options) -> dict:
    """Ask the storage. Raises 404 for what is not there, 503 when nobody answers."""
    if request.app.state.storage is None:
        raise HTTPException(503, messages.NOT_STARTED)
    try:
        return getattr(request.app.state.storage, method)(**options)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] in (400, 404):
            place = f"{options.get('Bucket', '')}/{options.get('Key', options.get('Prefix', ''))}"
            raise HTTPException(404, messages.NO_OBJECT.format(place=place)) from error
        raise
    except BotoCoreError as error:
        raise HTTPException(503, messages.NOT_STARTED) from error


def _browse(bucket: str, prefix: str, after: str = "") -> str:
    return "browse?" + urlencode({"bucket": bucket, "prefix": prefix} | ({"after": after} if after else {}))
