"""What the image of the exercises' service and runner contains, and that its own Python does what both need."""

import json
import subprocess

import pytest

from tests.helpers.versions import ROOT, Versions

pytestmark = pytest.mark.docker

FACTS = """
import importlib.util, json, os, pathlib
root = pathlib.Path("/opt/exercises")
print(json.dumps({
    "uid": os.getuid(),
    "pip": importlib.util.find_spec("pip") is not None,
    "writable": [str(path) for path in map(pathlib.Path, ("/opt/exercises", "/usr", "/etc")) if os.access(path, os.W_OK)],
    "data": os.access("/srv/exercises", os.W_OK),
    "catalog": sorted(path.parent.name for path in root.rglob("exercises/catalog/*/exercise.toml")),
    "pages": [str(path) for path in root.rglob("labextensions")],
    "tokens": [name for name in os.environ if "TOKEN" in name or "SECRET" in name],
}))
"""

# The way of an exercise through the service: packed, unpacked, derived by nbgrader's preprocessors.
WAY = r"""
import json, sys
from exercises.form import notebooks
from exercises.form.pipeline import derive
from exercises.runner import archive
files = archive.unpack(archive.pack({"notebook.ipynb": sys.stdin.buffer.read()}, compress=True))
student = derive(notebooks.read(files["notebook.ipynb"]), exercise="template")
try:
    whole = archive.pack(files)
    archive.unpack(whole[: -(-len(whole.rstrip(b"\0")) // 512) * 512])
except archive.ArchiveRefused as refusal:
    print(refusal)
print("YOUR CODE HERE" in json.dumps(student), "groupBy" in json.dumps(student))
"""


def python(settings: Versions, code: str, **more) -> str:
    command = ["docker", "run", "--rm", "--interactive", "--network", "none", "--entrypoint", "python"]
    done = subprocess.run([*command, settings["EXERCISES_IMAGE"], "-c", code], capture_output=True, timeout=120, **more)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


@pytest.fixture(scope="module")
def facts(settings: Versions) -> dict:
    return json.loads(python(settings, FACTS))


def test_it_is_not_root_and_can_change_only_its_data(facts: dict) -> None:
    assert facts["uid"] != 0
    assert facts["writable"] == []
    assert facts["data"] is True


def test_nothing_can_be_installed_later_and_no_secret_is_in_it(facts: dict) -> None:
    assert (facts["pip"], facts["tokens"]) == (False, [])


def test_the_catalog_is_in_it_and_no_page_of_a_notebook_server(facts: dict) -> None:
    assert facts["catalog"] == sorted(path.parent.name for path in ROOT.glob("exercises/catalog/*/exercise.toml"))
    assert facts["pages"] == []


def test_an_exercise_finds_its_way_under_the_images_own_python(settings: Versions) -> None:
    notebook = (ROOT / "exercises/template/notebook.ipynb").read_bytes()
    assert python(settings, WAY, input=notebook).splitlines() == [
        "it is not a complete tar archive (its end is missing)",
        "True False",
    ]
