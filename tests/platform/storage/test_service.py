"""The storage as a service: what it opens, what a restart keeps."""

import subprocess

import httpx
import pytest

from tests.platform.storage.conftest import client_of

pytestmark = pytest.mark.docker


def test_all_buckets_are_there(storage):
    found = [one["Name"] for one in storage.server().client().list_buckets()["Buckets"]]
    assert found == sorted(storage.settings["STORAGE_BUCKETS"].split())


def test_who_has_no_key_gets_nothing(storage):
    address = storage.server().endpoint
    for path in ("/", "/bronze", "/bronze?list-type=2", "/bronze/shared/x", "/bronze?policy"):
        assert httpx.get(address + path, timeout=10).status_code == 403, path


def test_no_port_is_published(storage):
    command = ["docker", "port", storage.name]
    assert subprocess.run(command, capture_output=True, text=True).stdout == ""


def test_the_labs_network_has_no_way_to_where_keys_are_made(storage):
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://{storage.address('labs')}:{storage.settings['STORAGE_ADMIN_PORT']}/", timeout=5)


@pytest.mark.parametrize("way", [["restart"], ["kill"]], ids=lambda way: way[0])
def test_what_was_stored_outlives_a_restart_and_a_kill(storage, way):
    keys = storage.keys().grant("keeper")
    client_of(storage, keys).put_object(Bucket="gold", Key="keeper/kept", Body=b"kept", ContentType="text/plain")
    subprocess.run(["docker", *way, storage.name], check=True, stdout=subprocess.DEVNULL)
    storage.start()
    found = client_of(storage, keys).get_object(Bucket="gold", Key="keeper/kept")
    assert (found["Body"].read(), found["ContentType"]) == (b"kept", "text/plain")
    assert storage.keys().grant("keeper") == keys
