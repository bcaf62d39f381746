"""jupyterhub_config.py, run against a bare Config: what a class is promised is what is set."""

import pytest
from jupyterhub.utils import url_path_join
from traitlets.config import Config

from tests.helpers.versions import ROOT
from tests.hub.unit import environment

CONFIG = ROOT / "jupyterhub_config.py"


def run(monkeypatch, folder, **changes) -> Config:
    for name, value in {**environment.complete(folder), **changes}.items():
        monkeypatch.setenv(name, value)
    config = Config()
    exec(compile(CONFIG.read_text(), str(CONFIG), "exec"), {"get_config": lambda: config})
    return config


@pytest.fixture
def c(monkeypatch, tmp_path) -> Config:
    return run(monkeypatch, tmp_path)


def test_every_setting_is_one_that_exists(c):
    """A misspelt trait is silently ignored by traitlets; here it is not."""
    from jupyterhub.app import JupyterHub
    from jupyterhub.auth import Authenticator
    from jupyterhub.proxy import ConfigurableHTTPProxy, Proxy
    from jupyterhub.spawner import Spawner

    from lab_hub.authenticator import LabAuthenticator
    from lab_hub.proxy import LabProxy
    from lab_hub.spawner import LabSpawner

    classes = [
        JupyterHub,
        Authenticator,
        ConfigurableHTTPProxy,
        Proxy,
        Spawner,
        *LabAuthenticator.mro(),
        *LabProxy.mro(),
        *LabSpawner.mro(),
    ]
    traits = {cls.__name__: cls.class_traits(config=True) for cls in classes if hasattr(cls, "class_traits")}
    unknown = [f"{section}.{name}" for section, values in c.items() for name in values if name not in traits[section]]
    assert not unknown


def test_a_restarted_hub_leaves_labs_and_routes_alone(c):
    assert (c.JupyterHub.cleanup_servers, c.JupyterHub.cleanup_proxy) == (False, False)
    assert c.ConfigurableHTTPProxy.should_start is False
    assert c.Spawner.consecutive_failure_limit == 0


def test_nobody_signs_up_and_guessing_is_slow(c):
    assert c.NativeAuthenticator.enable_signup is False
    assert "open_signup" not in c.NativeAuthenticator
    assert c.NativeAuthenticator.check_common_password is True
    assert 1 <= c.NativeAuthenticator.allowed_failed_logins <= 10
    assert c.NativeAuthenticator.seconds_before_next_try >= 300


def test_nobody_is_administrator_by_configuration(c):
    assert "admin_users" not in c.Authenticator
    assert "password" not in str(c.Authenticator).lower()


def test_a_lab_is_as_limited_as_versions_env_says(monkeypatch, tmp_path):
    c = run(monkeypatch, tmp_path, LAB_MEMORY="3G", LAB_CPUS="1.5", LAB_PIDS="300", LAB_IMAGE="x/lab:9", PROJECT="klass")
    assert (c.DockerSpawner.mem_limit, c.DockerSpawner.cpu_limit, c.LabSpawner.pids_limit) == (3 << 30, 1.5, 300)
    assert c.DockerSpawner.image == "x/lab:9"
    assert (c.DockerSpawner.network_name, c.DockerSpawner.prefix) == ("klass-labs", "klass-lab")
    assert c.DockerSpawner.volumes == {"klass-home-{username}": "/home/student"}
    assert c.Spawner.disable_user_config is True


def test_groups_have_more_and_a_home_has_an_end(monkeypatch, tmp_path):
    c = run(monkeypatch, tmp_path, LAB_LIMITS_MORE="grader:memory=4G", HOME_QUOTA="3G", HOME_FULL_PERCENT="150", SHARED_QUOTA="1G")
    assert (c.LabSpawner.limits.home, c.LabSpawner.shared_quota) == (3 << 30, 1 << 30)
    assert c.LabSpawner.limits_by_group == {"grader": {"memory": 4 << 30}}
    assert c.LabSpawner.home_full_percent == 150


def test_nobody_chooses_an_image_and_none_is_pulled(c):
    assert c.DockerSpawner.allowed_images == []
    assert c.DockerSpawner.pull_policy == "skip"


def roles(c) -> dict[str, set[str]]:
    return {role["name"]: set(role["scopes"]) for role in c.JupyterHub.load_roles}


def services(c) -> dict[str, dict]:
    return {service["name"]: service for service in c.JupyterHub.services}


def test_the_exercises_service_learns_groups_and_nothing_else(c):
    assert roles(c)["exercises"] == {"read:users:name", "read:users:groups", "read:groups"}
    assert services(c)["exercises"]["api_token"] == "ab" * 32 and "command" not in services(c)["exercises"]


def test_a_lab_opens_the_exercises_and_gains_nothing_more(c):
    assert set(c.Spawner.server_token_scopes) == {
        "users:activity!user",
        "access:servers!server",
        "access:services!service=exercises",
    }
    assert roles(c)["user"] == {
        "self",
        "access:services!service=exercises",
        "access:services!service=platform",
        # Opens nothing by itself.
        "custom:exercises:push",
    }
    assert c.Spawner.environment["EXERCISES_URL"].endswith("/services/exercises/")


def test_the_gate_learns_groups_and_administrators_and_nothing_else(c):
    assert roles(c)["platform"] == {"read:users:name", "read:users:groups", "read:roles:users"}
    assert services(c)["platform"]["api_token"] == "ab" * 32 and "command" not in services(c)["platform"]


def test_services_around_the_class_are_behind_one_door(c):
    assert list(c.Proxy.extra_routes) == ["/services/"]
    assert c.Proxy.extra_routes["/services/"] == services(c)["platform"]["url"]
    assert c.Proxy.extra_routes["/services/"].startswith("http://gateway:")


def test_what_works_for_the_operator_makes_no_tokens(c):
    people = {"list:users", "read:users", "read:servers", "delete:servers", "start:servers", "delete:users", "custom:sessions:end"}
    assert roles(c)["operator"] == {"admin:groups", "list:groups", *people}
    assert "tokens" not in str(roles(c)["operator"]), "whoever makes tokens for others is everybody"


def test_the_culler_has_four_scopes_and_no_more(c):
    assert roles(c)["culler"] == {"list:users", "read:users:activity", "read:servers", "delete:servers"}
    service = services(c)["culler"]
    assert "admin" not in service and "api_token" not in service


def test_limits_of_idleness_reach_the_culler(monkeypatch, tmp_path):
    c = run(monkeypatch, tmp_path, CULL_IDLE_SECONDS="120", CULL_EVERY_SECONDS="15")
    assert {"--timeout=120", "--cull-every=15"} <= set(c.JupyterHub.services[0]["command"])
    assert c.LabSpawner.activity_seconds == c.JupyterHub.last_activity_interval == 30


def test_metrics_are_not_public(c):
    assert c.JupyterHub.authenticate_prometheus is True


def test_labs_and_proxy_find_the_hub_by_name(c):
    assert c.JupyterHub.hub_connect_url.startswith("http://hub:")
    assert url_path_join(c.ConfigurableHTTPProxy.api_url, "api").startswith("http://proxy-api:")


def test_each_setting_has_its_reason():
    """A comment stands for one setting, or for two that belong together."""
    without = 2
    for line in CONFIG.read_text().splitlines():
        if line.startswith("#"):
            without = 0
        elif line.startswith("c."):
            without += 1
            assert without <= 2, f"no reason given: {line}"
