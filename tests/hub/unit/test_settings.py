"""Settings are read strictly: a wrong one stops the start and is named."""

from dataclasses import FrozenInstanceError

import pytest

from lab_hub import settings
from tests.hub.unit import environment


@pytest.fixture
def env(tmp_path):
    return environment.complete(tmp_path)


def test_a_complete_environment_is_understood(env):
    found = settings.read({**env, "LAB_MEMORY": "2G", "LAB_CPUS": "1.5", "PROJECT": "klass", "CULL_IDLE_SECONDS": "3600"})
    assert (found.lab_memory, found.lab_cpus) == (2 << 30, 1.5)
    assert (found.labs_network, found.home_volume) == ("klass-labs", "klass-home-{username}")
    assert found.hub_url == f"http://hub:{env['HUB_API_PORT']}"
    assert found.activity_seconds == 300


@pytest.mark.parametrize("name", environment.NAMES)
def test_a_missing_setting_is_named(env, name):
    del env[name]
    with pytest.raises(settings.SettingsError, match=f"{name} is not set.*versions.env"):
        settings.read(env)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LAB_MEMORY", "lots"),
        ("LAB_MEMORY", "0"),
        ("LAB_CPUS", "0"),
        ("LAB_CPUS", "inf"),
        ("LAB_PIDS", "-1"),
        ("LABS_ON_PLATFORM", "maybe"),
        ("LAB_PORT", "70000"),
        ("CULL_IDLE_SECONDS", "soon"),
        ("PROJECT", "No Spaces"),
    ],
)
def test_an_impossible_setting_says_what_was_expected(env, name, value):
    with pytest.raises(settings.SettingsError, match=f"{name}='{value}' is not "):
        settings.read({**env, name: value})


@pytest.mark.parametrize(("idle", "every"), [("3600", 300), ("120", 30), ("20", 5)])
def test_activity_is_reported_well_within_the_idle_limit(env, idle, every):
    assert settings.read({**env, "CULL_IDLE_SECONDS": idle}).activity_seconds == every


def test_settings_do_not_change(env):
    with pytest.raises(FrozenInstanceError):
        settings.read(env).lab_memory = 0


def test_labs_can_be_left_to_themselves(env):
    assert settings.read(env).platform_url == f"http://platform:{env['PLATFORM_PORT']}"
    assert settings.read({**env, "LABS_ON_PLATFORM": "off"}).platform_url == ""


def test_a_missing_secret_names_the_file_and_the_remedy(env):
    found = settings.read(env)
    (found.secrets / "proxy_auth_token").unlink()
    with pytest.raises(settings.SettingsError, match="proxy_auth_token cannot be read.*make up"):
        found.secret("proxy_auth_token")


def test_an_empty_secret_is_no_secret(env):
    found = settings.read(env)
    (found.secrets / "proxy_auth_token").write_text("\n")
    with pytest.raises(settings.SettingsError, match="is empty"):
        found.secret("proxy_auth_token")
