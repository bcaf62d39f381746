"""The storage's content, for whoever runs the class: puts one file there, or copies everything from one server to another.

    docker exec -i <project>-platform python -m lab_platform.files put BUCKET/KEY < FILE
    docker exec <project>-platform python -m lab_platform.files copy FROM TO   (two servers that have the class's root key)

Invariant: nothing is removed. A copy is begun only if the other server has nothing that it would be mixed with, can be begun again
where it ended, and ends well only if both have the same files, as long. A file passes through in pieces.
"""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, BinaryIO

from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError, ClientError

from lab_platform import files_messages as messages
from lab_platform import settings
from lab_platform.keys import storage
from lab_platform.keys.storage_server import Server

PIECE = 16 << 20
AT_ONCE = 4
# So many files are given to the threads before a word is said of it.
TOLD_EVERY = 1000
# What a file is stored with, beside its content.
KEPT = ("ContentType", "ContentEncoding", "ContentDisposition", "ContentLanguage", "CacheControl", "Metadata")


class Refused(RuntimeError):
    """Nothing was done, or not all; the message says what, and what to do next."""


def store(client: BaseClient, bucket: str, key: str, content: BinaryIO, **options: Any) -> None:
    """Store what can be read, however much it is."""
    place = {"Bucket": bucket, "Key": key}
    piece = _read(content)
    if len(piece) < PIECE:
        client.put_object(Body=piece, **place, **options)
        return
    upload = place | {"UploadId": client.create_multipart_upload(**place, **options)["UploadId"]}
    try:
        parts = []
        while piece:
            answer = client.upload_part(PartNumber=len(parts) + 1, Body=piece, **upload)
            parts.append({"PartNumber": len(parts) + 1, "ETag": answer["ETag"]})
            piece = _read(content)
        client.complete_multipart_upload(MultipartUpload={"Parts": parts}, **upload)
    except BaseException:
        client.abort_multipart_upload(**upload)
        raise


def copy(source: BaseClient, target: BaseClient, buckets: tuple[str, ...]) -> tuple[int, int]:
    """Copy all files of these buckets; return how many there are, and how many of them were copied now. Raises Refused."""
    there = {bucket: _listed(target, bucket) for bucket in buckets}
    here = {bucket: _listed(source, bucket) for bucket in buckets}
    others = [f"{bucket}/{key}" for bucket in buckets for key in there[bucket] if key not in here[bucket]]
    if others:
        raise Refused(messages.OTHERS.format(count=len(others), example=others[0]))
    wanted = [
        (bucket, key) for bucket in buckets for key, file in here[bucket].items() if not _is_newer(there[bucket].get(key), file)
    ]

    def one(place: tuple[str, str]) -> None:
        found = source.get_object(Bucket=place[0], Key=place[1])
        try:
            store(target, *place, found["Body"], **{name: found[name] for name in KEPT if found.get(name)})
        finally:
            found["Body"].close()

    done = 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        # A pool takes all of its tasks at once, and a hundred thousand of them 200 MB, half of what this container may have.
        while some := wanted[done : done + TOLD_EVERY]:
            done += len(list(pool.map(one, some)))
            print(messages.SO_FAR.format(done=done, all=len(wanted)), flush=True)
    for bucket in buckets:
        # Neither server is written to by anybody else; whoever did is found here.
        sizes = [{key: size for key, (size, _) in _listed(client, bucket).items()} for client in (source, target)]
        if sizes[0] != sizes[1]:
            raise Refused(messages.DIFFERS.format(bucket=bucket))
    return sum(map(len, here.values())), len(wanted)


def _listed(client: BaseClient, bucket: str) -> dict[str, tuple[int, Any]]:
    """Size and time of each file."""
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return {one["Key"]: (one["Size"], one["LastModified"]) for page in pages for one in page.get("Contents", ())}


def _is_newer(found: tuple[int, Any] | None, original: tuple[int, Any]) -> bool:
    # Times are told in whole seconds: in doubt it is copied again.
    return found is not None and found[0] == original[0] and found[1] > original[1]


def _read(content: BinaryIO) -> bytes:
    """As much as one piece, unless it ends: a pipe gives less at a time."""
    return b"".join(_pieces(content))


def _pieces(content: BinaryIO) -> Iterator[bytes]:
    missing = PIECE
    while missing and (piece := content.read(missing)):
        missing -= len(piece)
        yield piece


def main(arguments: list[str]) -> str:
    """Do what is asked; return what to say of it. Raises Refused, or what the storage raises."""
    found = settings.read()
    here, buckets = storage.server(found), tuple(found.text("STORAGE_BUCKETS").split())
    match arguments:
        case ["put", place]:
            bucket, _, key = place.partition("/")
            if bucket not in buckets or not key or key.endswith("/"):
                raise Refused(messages.NO_PLACE.format(place=place, buckets=", ".join(buckets)))
            store(here.client(), bucket, key, sys.stdin.buffer)
            return messages.STORED.format(place=place)
        case ["copy", source, target]:
            clients = [Server(address, "", here.region, here.key, here.secret).client() for address in (source, target)]
            count, copied = copy(clients[0], clients[1], buckets)
            return messages.COPIED.format(count=count, copied=copied)
    raise Refused(messages.USAGE)


if __name__ == "__main__":
    try:
        print(main(sys.argv[1:]))
    except (Refused, settings.SettingsError, BotoCoreError, ClientError) as error:
        sys.exit(f"error: {error}")
