"""Everything is copied from one server to another, and nothing is mixed: between two real ones, of the kind that is tested."""

import io
import time
import uuid
from collections.abc import Iterator

import pytest

from lab_platform import files
from tests.platform.storage.conftest import Storage

pytestmark = pytest.mark.docker
BUCKETS = ("landing", "bronze")
ODD = "ana/day=1/a <b> & ção+%20.csv"


@pytest.fixture(scope="module")
def other(storage) -> Iterator[Storage]:
    """A second one with the same root key."""
    made = Storage(storage.state)
    try:
        made.start()
        yield made
    finally:
        made.compose("down", "--volumes", "--timeout", "5")


@pytest.fixture
def clients(storage, other):
    """The original, with nothing in these buckets, and an empty one to copy to."""
    found = storage.server().client(), other.server().client()
    for client in found:
        for bucket in BUCKETS:
            for key in files._listed(client, bucket):
                client.delete_object(Bucket=bucket, Key=key)
    return found


def content(client, bucket: str, key: str) -> bytes:
    return client.get_object(Bucket=bucket, Key=key)["Body"].read()


def test_all_is_copied_once_and_what_changed_again(clients):
    source, target = clients
    large = uuid.uuid4().bytes * ((files.PIECE + (1 << 20)) // 16)
    files.store(source, "bronze", "ana/large", io.BytesIO(large))
    files.store(source, "bronze", ODD, io.BytesIO(b"odd"), ContentType="text/csv", Metadata={"who": "ana"})
    files.store(source, "landing", "shared/empty", io.BytesIO())
    time.sleep(1.1)
    assert files.copy(source, target, BUCKETS) == (3, 3)
    assert content(target, "bronze", "ana/large") == large
    assert content(target, "landing", "shared/empty") == b""
    found = target.get_object(Bucket="bronze", Key=ODD)
    assert (found["Body"].read(), found["ContentType"], found["Metadata"]) == (b"odd", "text/csv", {"who": "ana"})
    assert files.copy(source, target, BUCKETS) == (3, 0)
    # As long as before, so only its time tells.
    files.store(source, "bronze", ODD, io.BytesIO(b"new"))
    assert files.copy(source, target, BUCKETS) == (3, 1)
    assert content(target, "bronze", ODD) == b"new"


def test_nothing_is_mixed_with_what_is_there(clients):
    source, target = clients
    files.store(source, "bronze", "ana/mine", io.BytesIO(b"mine"))
    files.store(target, "landing", "bob/other", io.BytesIO(b"other"))
    with pytest.raises(files.Refused, match="1 file.s. that the other has not, such as landing/bob/other"):
        files.copy(source, target, BUCKETS)
    assert list(files._listed(target, "bronze")) == []
