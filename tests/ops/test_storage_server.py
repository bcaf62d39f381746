"""Which server the object storage is: one setting, and a class whose tables are on another is told so before it is started."""

import json
import subprocess
import uuid

import pytest

from tests.helpers.versions import ROOT, read
from tests.ops.run import run, script

LIBRARY = "source scripts/lib/common.sh; source scripts/lib/docker.sh; source scripts/lib/groups.sh; "
SERVERS = {"versitygw": ("storage", "storage-data"), "seaweedfs": ("seaweedfs", "seaweedfs-data")}


def ask(question: str, **settings: str):
    return run(["bash", "-c", LIBRARY + question], cwd=ROOT, **settings)


@pytest.mark.parametrize("server", SERVERS)
def test_only_the_chosen_one_is_built(server):
    chosen = {image for image, _ in SERVERS.values()} & set(ask("group_images core", STORAGE_SERVER=server).out.split())
    assert chosen == {SERVERS[server][0]}
    left_out = {image for image, _ in SERVERS.values()} - chosen
    assert set(ask("other_storage_images", STORAGE_SERVER=server).out.split()) == left_out | {"minio"}


@pytest.mark.docker
@pytest.mark.parametrize("server", SERVERS)
def test_each_has_its_own_image_and_volume(server, state):
    script("secrets", STATE_DIR=str(state))
    form = ["--profile", "core", "config", "--format", "json", "storage"]
    done = script("compose", *form, STATE_DIR=str(state), STORAGE_SERVER=server)
    assert done.status == 0, done.err
    image, volume = SERVERS[server]
    assert f"dataflow/{image}:" in done.out and f'"source": "{volume}"' in done.out
    assert f'"dataflow.storage": "{server}"' in done.out


@pytest.mark.docker
def test_minio_is_pulled_and_never_built(state):
    """It was not run here: only that the overlay is whole, and that nothing else is asked for it."""
    script("secrets", STATE_DIR=str(state))
    done = script("compose", "--profile", "core", "config", "--format", "json", STATE_DIR=str(state), STORAGE_SERVER="minio")
    assert done.status == 0, done.err
    service = json.loads(done.out)["services"]["storage"]
    assert (service["image"], service["pull_policy"]) == (read()["MINIO_IMAGE"], "missing")
    assert [volume["source"] for volume in service["volumes"]] == ["minio-data"]
    assert service["cap_drop"] == ["ALL"] and service["read_only"] is True and service["mem_limit"]
    assert set(ask("group_images core", STORAGE_SERVER="minio").out.split()).isdisjoint({"storage", "seaweedfs", "minio"})


@pytest.mark.docker
def test_a_pulled_server_may_write_to_its_volume(state):
    """Nothing of MinIO's is needed for it: the volume is new, and whoever runs the services is not root."""
    project = f"dataflow-ops-{uuid.uuid4().hex[:6]}"
    volume = f"{project}-minio-data"
    write = ["--user", "10001:10001", "--cap-drop", "ALL", "--entrypoint", "mkdir", read()["LAB_IMAGE"], "/srv/storage/landing"]
    try:
        done = ask("make_pulled_servers_volume", STORAGE_SERVER="minio", PROJECT=project, STATE_DIR=str(state))
        assert done.status == 0, done.err
        done = run(["docker", "run", "--rm", "--network", "none", "--volume", f"{volume}:/srv/storage", *write])
        assert done.status == 0, done.err
    finally:
        subprocess.run(["docker", "volume", "rm", "--force", volume], check=True, stdout=subprocess.DEVNULL)


def test_a_server_that_is_none_is_refused_with_those_that_are(state):
    done = ask("check_storage_server", STORAGE_SERVER="ceph")
    assert done.status == 2
    assert "STORAGE_SERVER=ceph is no server" in done.err and "versitygw seaweedfs" in done.err


@pytest.fixture
def with_tables():
    """A class that has a volume of versitygw's."""
    project = f"dataflow-ops-{uuid.uuid4().hex[:6]}"
    subprocess.run(["docker", "volume", "create", f"{project}-storage-data"], check=True, stdout=subprocess.DEVNULL)
    yield project
    subprocess.run(["docker", "volume", "rm", f"{project}-storage-data"], check=True, stdout=subprocess.DEVNULL)


@pytest.mark.docker
def test_a_class_is_not_started_without_its_tables(with_tables, state):
    state.mkdir(exist_ok=True)
    about = {"PROJECT": with_tables, "STATE_DIR": str(state)}
    refused = ask("check_storage_change", STORAGE_SERVER="seaweedfs", **about)
    assert refused.status == 2
    assert "The class's tables lie on versitygw" in refused.err
    assert "make storage-copy FROM=versitygw STORAGE_SERVER=seaweedfs" in refused.err
    assert f"{with_tables}-storage-data" in refused.err
    assert ask("check_storage_change", STORAGE_SERVER="versitygw", **about).status == 0
    assert ask("check_storage_change", STORAGE_SERVER="seaweedfs", STORAGE_CHANGE="leave", **about).status == 0
    # After a copy, or a start without them, it is the other way round.
    assert ask("note_storage_server", STORAGE_SERVER="seaweedfs", **about).status == 0
    assert ask("check_storage_change", STORAGE_SERVER="seaweedfs", **about).status == 0
    assert ask("storage_last", **about).out.strip() == "seaweedfs"
