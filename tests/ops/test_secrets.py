"""Secrets are made once, are nobody else's to read, and are never printed."""

import os
import subprocess

import pytest

from tests.helpers.versions import ROOT
from tests.ops.run import script, shell


@pytest.fixture
def made(state):
    done = script("secrets", STATE_DIR=str(state))
    assert done.status == 0, done.err
    return done, {path.name: path for path in (state / "secrets").iterdir()}


def test_they_are_there_and_long(made):
    _, files = made
    lengths = {name: len(path.read_text()) for name, path in files.items()}
    assert lengths == {
        "admin_password": 17,
        "cookie_secret": 64,
        "crypt_key": 64,
        "exercises_token": 64,
        "gateway_token": 64,
        "kafka_admin_password": 48,
        "nifi_sensitive_key": 64,
        "operator_token": 64,
        "platform_token": 64,
        "proxy_auth_token": 64,
        "spark_secret": 64,
        "storage_root_key": 20,
        "storage_root_secret": 64,
    }


def test_only_their_owner_may_read_them(made, state):
    _, files = made
    assert {oct(path.stat().st_mode & 0o777) for path in files.values()} == {"0o600"}
    assert oct(state.stat().st_mode & 0o777) == oct((state / "secrets").stat().st_mode & 0o777)
    assert oct(state.stat().st_mode & 0o777) == "0o700"


def test_their_owner_is_who_the_containers_run_as(made, state):
    _, files = made
    owner = shell("source scripts/lib/identity.sh; service_uid", STATE_DIR=str(state)).out.strip()
    assert {str(path.stat().st_uid) for path in files.values()} == {owner}
    assert owner != "0"


def test_none_is_printed(made):
    done, files = made
    assert not [name for name, path in files.items() if path.read_text() in done.text]


def test_a_second_start_keeps_them(made, state):
    _, files = made
    before = {name: path.read_text() for name, path in files.items()}
    again = script("secrets", STATE_DIR=str(state))
    assert (again.status, again.text) == (0, "")
    assert {name: path.read_text() for name, path in files.items()} == before


def test_two_classes_share_none(made, tmp_path):
    _, files = made
    script("secrets", STATE_DIR=str(tmp_path / "other"))
    for name, path in files.items():
        assert path.read_text() != (tmp_path / "other" / "secrets" / name).read_text()


def test_doctor_finds_one_that_others_may_read(made, state):
    _, files = made
    files["crypt_key"].chmod(0o644)
    done = script("doctor", STATE_DIR=str(state))
    assert done.status == 1
    assert "secrets that others may read: crypt_key" in done.out


@pytest.mark.parametrize("folder", [".state", ".state-test", ".state-evening"])
def test_git_ignores_every_state_folder(folder):
    path = os.path.join(folder, "secrets", "crypt_key")
    assert subprocess.run(["git", "check-ignore", "-q", path], cwd=ROOT).returncode == 0
