"""The disk of homes fills up under a running lab. A loop device stands for that disk, so nothing else of the machine fills up."""

import json
import os
import subprocess
import time

import pytest

from tests.helpers.waiting import wait_until
from tests.hub.conftest import docker

pytestmark = [
    pytest.mark.docker,
    pytest.mark.skipif(os.geteuid() != 0, reason="a loop device is made by root alone"),
]
DISK_MB = 96
# Until the disk has no byte left; what was written of it stays.
FILL = """
try:
    with open("fills", "wb", buffering=0) as file:
        while True:
            file.write(b"x" * 2**20)
except OSError as error:
    found = error.strerror
found
"""
NOTEBOOK = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}
SECONDS = 30


def cells(*sources: str) -> dict:
    made = [
        {"id": f"cell{number}", "cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source}
        for number, source in enumerate(sources)
    ]
    return {**NOTEBOOK, "cells": made}


@pytest.fixture
def lou(stack, enrol, tmp_path):
    """Somebody whose home is a small disk of its own."""
    person, image = enrol("lou"), tmp_path / "disk"
    with image.open("wb") as file:
        file.truncate(DISK_MB * 2**20)
    subprocess.run(["mkfs.ext4", "-q", "-m", "0", "-E", "root_owner=1000:1000", image], check=True)
    made = subprocess.run(["losetup", "--find", "--show", image], capture_output=True, text=True)
    if made.returncode != 0:
        pytest.skip(f"this machine gives no loop device: {made.stderr.strip()}")
    device, volume = made.stdout.strip(), f"{stack.project}-home-{person.name}"
    options = ["type=ext4", f"device={device}"]
    try:
        docker("volume", "create", *(word for option in options for word in ("--opt", option)), volume)
        yield person
        person.stop()
    finally:
        docker("rm", "--force", f"{stack.project}-lab-{person.name}")
        docker("volume", "rm", "--force", volume)
        subprocess.run(["losetup", "--detach", device], check=False)


def save(lab, notebook):
    """Save as JupyterLab does."""
    return lab.request("PUT", "api/contents/mine.ipynb", json={"type": "notebook", "format": "json", "content": notebook})


def saved(lab):
    content = lab.request("GET", "api/contents/mine.ipynb?content=1").json()["content"]
    return [cell["source"] for cell in content["cells"]]


def test_homes_disk_full_under_a_running_lab(lou, measured):
    lab = lou.start()
    assert save(lab, cells("first")).status_code == 201
    kernel = lab.kernel()
    kernel.run("kept = 'a variable'").ok()
    assert kernel.run(FILL).ok().value == "'No space left on device'"
    # Larger than what a file system keeps in its corners.
    refused = save(lab, cells("second" * 200_000))
    assert refused.status_code >= 500 and "No space left on device" in json.loads(refused.text)["message"], refused.text
    assert saved(lab) == ["first"], "a save that was refused has not touched what was saved before"
    assert kernel.run("kept").ok().value == "'a variable'"
    began = time.monotonic()
    kernel.run("import os\nos.remove('fills')").ok()
    wait_until(lambda: save(lab, cells("second" * 200_000)).status_code == 200, what="saving works again", seconds=SECONDS)
    measured.recovered("homes-disk-full", time.monotonic() - began)
    assert saved(lab) == ["second" * 200_000]
    kernel.close()
    lou.stop()
    assert saved(lou.start()) == ["second" * 200_000]
