"""The flow definitions ask for what NiFi's image has, and write below its own folders only."""

import json
import re

import pytest

from tests.helpers.versions import ROOT, read

DEFINITIONS = sorted((ROOT / "compose/nifi/flows").glob("*.json"))
# The NARs of the image that bring processors; images/nifi/assemble.py packs them.
NARS = {"nifi-standard-nar", "nifi-update-attribute-nar"}
FOLDERS = re.compile(r"/srv/(drop|landing/[a-z]+)")


@pytest.mark.parametrize("path", DEFINITIONS, ids=lambda path: path.stem)
def test_a_definition_fits_the_image(path):
    flow = json.loads(path.read_text())["flowContents"]
    assert flow["name"] == path.stem.replace("-", " ")
    for processor in flow["processors"]:
        assert processor["bundle"]["artifact"] in NARS
        assert processor["bundle"]["version"] == read(environment={})["MVN_NIFI"]
        places = [value for key, value in processor["properties"].items() if "Directory" in key and value.startswith("/")]
        assert [place for place in places if not FOLDERS.fullmatch(place)] == []


@pytest.mark.parametrize("path", DEFINITIONS, ids=lambda path: path.stem)
def test_what_cannot_be_written_is_kept(path):
    flow = json.loads(path.read_text())["flowContents"]
    writer = next(one for one in flow["processors"] if one["type"].endswith(".PutFile"))
    assert "failure" not in writer["autoTerminatedRelationships"]
    assert any(
        one["source"]["id"] == one["destination"]["id"] == writer["identifier"] and one["selectedRelationships"] == ["failure"]
        for one in flow["connections"]
    )


def test_there_are_definitions():
    assert len(DEFINITIONS) == 3
