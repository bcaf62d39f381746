"""Without an engine and without root: one message that says what to install, and status 2."""

import os

import pytest

from tests.ops.run import NOBODY, run


def as_nobody(checkout, state, **settings):
    """Run engine.sh as a user who is not root (as oneself, if one is not)."""
    command = ["scripts/engine.sh"]
    if os.geteuid() == 0:
        ids = ["--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups"]
        command = ["setpriv", *ids, *command]
    return run(command, root=checkout, STATE_DIR=str(state), HOME="/nonexistent", **settings)


@pytest.fixture
def no_docker(tmp_path_factory):
    """A PATH with everything but docker."""
    folder = tmp_path_factory.mktemp("bin")
    for name in ("bash", "env", "dirname", "id", "tail", "grep", "sort", "head", "stat"):
        found = next(p for p in ("/bin", "/usr/bin") if os.path.exists(f"{p}/{name}"))
        (folder / name).symlink_to(f"{found}/{name}")
    for parent in [folder, *folder.parents][:3]:
        parent.chmod(0o755)
    return str(folder)


def test_no_docker_and_not_root(open_checkout, state, no_docker):
    setpriv = "/usr/bin/setpriv"
    command = ["scripts/engine.sh"]
    if os.geteuid() == 0:
        ids = ["--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups"]
        command = [setpriv, *ids, *command]
    done = run(command, root=open_checkout, STATE_DIR=str(state), PATH=no_docker)
    assert done.status == 2
    assert done.out == ""
    assert "No Docker engine answers, and only root can install one." in done.err
    assert "apt-get install docker.io" in done.err
    assert not state.exists()


def test_an_engine_that_does_not_answer_and_not_root(open_checkout, state):
    done = as_nobody(open_checkout, state, DOCKER_HOST="unix:///nonexistent.sock")
    assert done.status == 2
    assert "No Docker engine answers" in done.err


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root: anybody else is told to ask an administrator, which the test above sees")
def test_root_does_not_start_a_second_engine_behind_a_foreign_address(state):
    done = run(["scripts/engine.sh"], STATE_DIR=str(state), DOCKER_HOST="unix:///nonexistent.sock")
    assert done.status == 2
    assert "DOCKER_HOST is unix:///nonexistent.sock, and no engine answers there." in done.err


@pytest.mark.docker
def test_an_engine_that_answers_is_not_touched(state):
    done = run(["scripts/engine.sh"], STATE_DIR=str(state))
    assert (done.status, done.text) == (0, "")
    assert not state.exists()
