"""The images of the groups' services: what they contain, and what they must not. The class's own are in tests/images."""

import pytest

from tests.helpers import images
from tests.helpers.versions import read

pytestmark = pytest.mark.docker
SETTINGS = read()
# The image, how its program is asked for its version, and the setting that it must be.
EVERY = {
    "storage": (["versitygw", "--version"], "GO_VERSITYGW"),
    "consul": (["consul", "version"], "GO_CONSUL"),
    "seaweedfs": (["grep", "-aom1", f"seaweedfs.v{SETTINGS['GO_SEAWEEDFS']}", "/usr/local/bin/weed"], "GO_SEAWEEDFS"),
    "nifi": (["sh", "-c", "ls /opt/nifi/lib | grep nifi-server-nar"], "MVN_NIFI"),
}


# Of the servers that the storage can be, only the chosen one is built.
SERVERS = {"versitygw": "storage", "seaweedfs": "seaweedfs"}
CHOSEN = SERVERS.get(SETTINGS["STORAGE_SERVER"])
BUILT = {name: how for name, how in EVERY.items() if name == CHOSEN or name not in SERVERS.values()}


def image_of(name: str) -> str:
    return SETTINGS[f"{name.upper()}_IMAGE"]


@pytest.mark.parametrize("name", BUILT)
def test_it_is_a_services_image(name: str) -> None:
    images.assert_is_a_service(images.look(image_of(name)))


@pytest.mark.parametrize("name", BUILT)
def test_it_is_the_version_of_versions_env(name: str) -> None:
    command, setting = BUILT[name]
    assert SETTINGS[setting] in images.inside(image_of(name), *command)
