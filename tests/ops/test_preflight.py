"""What would fail later is found before anything is built, all at once, each with its remedy."""

import socket
from contextlib import closing

import pytest

from tests.helpers.versions import read
from tests.ops.run import copy_checkout, run, script

CERTIFICATE = "-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n"
HUGE = str(10**9)


@pytest.fixture
def free_port():
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        yield str(probe.getsockname()[1])


@pytest.fixture(params=[socket.AF_INET, socket.AF_INET6], ids=["IPv4", "IPv6"])
def used_port(request):
    with closing(socket.socket(request.param)) as listener:
        try:
            listener.bind(("localhost" if request.param == socket.AF_INET else "::1", 0))
        except OSError:
            if request.param == socket.AF_INET:
                raise
            pytest.skip("this machine has no IPv6 loopback address, so nothing can listen there")
        listener.listen()
        yield str(listener.getsockname()[1])


def sound(state, port, **settings):
    # A class of nobody: the machine's own may run from another checkout, which is a problem of its own.
    return {"PROJECT": "dataflow-nobody", "STATE_DIR": str(state), "HUB_PORT": port, "NEED_MEMORY_MB": "1", **settings}


def test_a_sound_machine_passes_in_silence(state, free_port):
    done = script("preflight", **sound(state, free_port))
    assert (done.status, done.text) == (0, "")


def test_a_used_port_is_named_with_who_uses_it_and_another_port(state, used_port):
    done = script("preflight", **sound(state, used_port))
    assert done.status == 2
    assert f"port {used_port} is used by " in done.err
    assert f"make up HUB_PORT={int(used_port) + 1}" in done.err


@pytest.mark.parametrize("port", ["0", "70000", "http"])
def test_what_is_no_port_is_refused(state, port):
    done = script("preflight", "port", **sound(state, port))
    assert done.status == 2
    assert f"HUB_PORT={port} is no port" in done.err


def test_too_little_disk(state, free_port):
    needed = {"NEED_DISK_GB": HUGE, "NEED_DISK_BUILT_GB": HUGE}
    done = script("preflight", **sound(state, free_port, **needed))
    assert done.status == 2
    assert f"(needed: {HUGE} GB)" in done.err
    assert "docker system df" in done.err


def test_too_little_memory(state, free_port):
    project = {"PROJECT": "dataflow-none", "NEED_MEMORY_MB": HUGE}
    done = script("preflight", **sound(state, free_port, **project))
    assert done.status == 2
    assert f"needed to begin: {HUGE} MB" in done.err


@pytest.mark.parametrize(
    ("bundle", "complaint"),
    [
        ("", "is empty"),
        ("no certificate at all\n", "is broken: 0 certificates begin, 0 end"),
        (CERTIFICATE.format(body="AAAA") + "-----BEGIN CERTIFICATE-----\nAA", "2 certificates begin"),
        (CERTIFICATE.format(body="AAAA"), "a certificate in it cannot be read"),
    ],
    ids=["empty", "text", "cut", "garbage"],
)
def test_a_broken_ca_bundle(state, free_port, tmp_path, bundle, complaint):
    path = tmp_path / "bundle.crt"
    path.write_text(bundle)
    done = script("preflight", **sound(state, free_port, CA_BUNDLE=str(path)))
    assert done.status == 2
    assert complaint in done.err
    assert "update-ca-certificates" in done.err


def test_a_machine_without_a_bundle_is_sound(state, free_port, tmp_path):
    done = script("preflight", **sound(state, free_port, CA_BUNDLE=str(tmp_path / "none")))
    assert done.status == 0


def test_a_state_folder_that_cannot_be_made(tmp_path, free_port):
    (tmp_path / "file").write_text("")
    done = script("preflight", **sound(tmp_path / "file" / "state", free_port))
    assert done.status == 2
    assert "cannot be written" in done.err


@pytest.mark.docker
@pytest.mark.parametrize("there", [True, False], ids=["there", "deleted"])
def test_a_class_of_another_checkout_is_left_to_it(state, free_port, tmp_path, there):
    other = tmp_path / "other"
    if there:
        copy_checkout(other)
    labels = {"com.docker.compose.project": "dataflow-twin", "com.docker.compose.project.working_dir": other}
    flags = [word for name, value in labels.items() for word in ("--label", f"{name}={value}")]
    made = run(["docker", "create", *flags, read()["LAB_IMAGE"]]).out.strip()
    try:
        done = script("preflight", **sound(state, free_port, PROJECT="dataflow-twin"))
        down = script("down", **sound(state, free_port, PROJECT="dataflow-twin")) if there else None
        still = run(["docker", "inspect", made]).status
    finally:
        run(["docker", "rm", made])
    if there:
        assert done.status == 2
        assert f"the class dataflow-twin runs from another checkout, {other}" in done.err
        assert "make up PROJECT=dataflow-twin-2" in done.err
        assert (down.status, still) == (2, 0)
        assert f"Nothing was stopped: the class dataflow-twin runs from another checkout, {other}." in down.err
    else:
        assert (done.status, done.text) == (0, "")


def test_all_problems_are_told_together_and_nothing_is_touched(state, used_port, tmp_path):
    (tmp_path / "empty").write_text("")
    wrong = {"CA_BUNDLE": str(tmp_path / "empty"), "NEED_DISK_GB": HUGE, "NEED_DISK_BUILT_GB": HUGE}
    done = script("up", **sound(state, used_port, **wrong))
    assert done.status == 2
    assert done.err.count("problem: ") == 3
    assert done.err.count(" remedy: ") == 3
    assert "Nothing was built or started: 3 problem(s)" in done.err
    assert not state.exists()


def test_a_project_name_that_docker_would_refuse(state):
    done = script("preflight", PROJECT="My Class", STATE_DIR=str(state))
    assert done.status == 2
    assert "PROJECT=My Class cannot name containers." in done.err


def test_the_environment_wins_over_the_file():
    assert read(environment={"HUB_PORT": "1"})["HUB_PORT"] == "1"
    done = script("doctor", HUB_PORT="1")
    assert "localhost:1/" in done.out or "no engine" in done.out
