"""One run of tests at a time has the tests' stack, and begins without what another checkout left under its name."""

import fcntl
import os
import uuid
from pathlib import Path

import pytest

from tests.helpers.versions import ROOT, read
from tests.ops.run import run, shell

FORGET = "source scripts/lib/test_stack.sh; forget_a_foreign_stack"


@pytest.fixture
def project():
    return f"dataflow-once{uuid.uuid4().hex[:6]}"


def test_a_second_run_is_refused_and_changes_nothing(tmp_path, project):
    with open(tmp_path / f"{project}.lock", "w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        # Of a run that this test may be a part of, the new one knows nothing.
        settings = {"TEST_PROJECT": project, "TMPDIR": str(tmp_path), "DATAFLOW_TESTS_ALONE": ""}
        done = run(["scripts/test.sh", "ops"], **settings)
    assert done.status == 2
    assert done.out == ""
    assert f"Other tests run on this machine's stack {project}" in done.err
    assert "TEST_PROJECT=" in done.err


@pytest.fixture
def left(project, request):
    """What a checkout leaves that was ended: a container as compose makes it, and the accounts."""
    labels = {
        "project": project, "service": "hub", "oneoff": "False", "container-number": "1", "config-hash": "x",
        "project.working_dir": request.param,
    }
    flags = [word for name, value in labels.items() for word in ("--label", f"com.docker.compose.{name}={value}")]
    container = run(["docker", "create", "--name", f"{project}-hub", *flags, read()["LAB_IMAGE"]]).out.strip()
    run(["docker", "volume", "create", f"{project}-hub-data"])
    yield container
    run(["docker", "rm", "--force", container])
    run(["docker", "volume", "rm", "--force", f"{project}-hub-data"])


def things(project: str) -> tuple[str, str]:
    containers = run(["docker", "ps", "--all", "--quiet", "--filter", f"label=com.docker.compose.project={project}"]).out
    return containers, run(["docker", "volume", "ls", "--quiet", "--filter", f"name={project}"]).out


@pytest.mark.docker
@pytest.mark.parametrize(
    ("left", "secrets", "stays"),
    [("/gone", True, False), (str(ROOT), False, False), (str(ROOT), True, True)],
    ids=["another checkout's", "from before it was cleaned", "its own"],
    indirect=["left"],
)
def test_what_another_checkout_left_is_removed(left, project, state, secrets, stays):
    if secrets:
        Path(state / "secrets").mkdir(parents=True)
        (state / "secrets" / "cookie_secret").write_text("x")
    before = things(project)
    assert all(before)
    done = shell(FORGET, PROJECT=project, STATE_DIR=str(state), HUB_PORT=os.environ.get("HUB_PORT", "18100"))
    assert done.status == 0, done.text
    assert things(project) == (before if stays else ("", ""))
