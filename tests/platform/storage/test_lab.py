"""A real lab on the storage, with the keys that it is granted."""

import os
import re
import subprocess
import threading
import time
from pathlib import Path

import pytest

from tests.helpers import lab as labs
from tests.helpers.versions import ROOT

pytestmark = [pytest.mark.docker, pytest.mark.timeout(900)]
CASES = f"{labs.REPO}/tests/platform/storage/in_lab"
SECONDS = 600


def serve(storage, meeting: Path, over: threading.Event) -> None:
    """Do what the lab asks for: each request once."""
    actions = {
        "kill": storage.fall,
        "revoke": lambda: storage.keys().revoke("ana"),
        "stop": lambda: subprocess.run(["docker", "stop", storage.name], check=True, stdout=subprocess.DEVNULL),
    }
    while not over.wait(0.1):
        for name, action in actions.items():
            if (meeting / f"please-{name}").exists() and not (meeting / f"done-{name}").exists():
                action()
                (meeting / f"done-{name}").touch()


def test_a_notebook_is_the_same_on_the_storage(storage, tmp_path):
    tmp_path.chmod(0o777)
    over = threading.Event()
    host = threading.Thread(target=serve, args=(storage, tmp_path, over), daemon=True)
    options = storage.for_a_lab(storage.keys().grant("ana"))
    options[options.index("1g")] = "2g"
    for place in ([ROOT / "lab_kernel"] if os.environ.get("DATAFLOW_TEST_LIVE") else []):
        options = ["--volume", f"{place}:/opt/live/lab_kernel:ro", *options]
    own = ["--env", f"PYTHONPATH=/opt/live:{labs.REPO}", "--env", "JUPYTERHUB_USER=ana", "--env", "PYTHONDONTWRITEBYTECODE=1"]
    pytest_options = ["-q", "--color=no", "-p", "no:cacheprovider", f"--rootdir={CASES}", f"--confcutdir={CASES}", "--timeout=400"]
    command = ["docker", "run", "--rm", "--init", "--volume", f"{tmp_path}:/meeting", *own, *options]
    host.start()
    try:
        began = time.monotonic()
        done = subprocess.run(
            [*command, "-m", "pytest", *pytest_options, "-W", "default", "--durations=8", f"{CASES}/kernel_cases.py"],
            capture_output=True, text=True, timeout=SECONDS,
        )
    finally:
        over.set()
        host.join()
        storage.start()
    assert re.search(r"\b15 passed", done.stdout), f"{time.monotonic() - began:.0f} s\n{done.stdout[-8000:]}\n{done.stderr[-2000:]}"
