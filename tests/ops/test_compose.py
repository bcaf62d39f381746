"""What compose is told, once every setting is in its place: eight guarded services, one open port, no secret in sight."""

import ipaddress
import json
import re

import pytest

from tests.helpers.versions import read
from tests.ops.run import run, script

pytestmark = pytest.mark.docker

SERVICES = ("backup", "exercises", "gateway", "guard", "hub", "platform", "proxy", "runner")


@pytest.fixture(scope="module")
def state(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ops") / "state"
    script("secrets", STATE_DIR=str(folder))
    return folder


@pytest.fixture(scope="module")
def config(state):
    done = script("compose", "config", "--format", "json", STATE_DIR=str(state), PROJECT="dataflow-ops", HUB_PORT="1234")
    assert done.status == 0, done.err
    assert "variable is not set" not in done.err
    return json.loads(done.out)


@pytest.fixture(params=SERVICES)
def service(request, config):
    return config["services"][request.param]


def test_it_is_these_services(config):
    assert sorted(config["services"]) == sorted(SERVICES)


def test_a_service_may_do_nothing_it_need_not(service):
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not service.get("privileged")
    # The kernel lets nobody else write its packet filter.
    filters = service["container_name"].endswith("-guard")
    assert (service["user"].split(":")[0] in ("", "0", "root")) == filters
    assert service.get("cap_add", []) == (["NET_ADMIN", "NET_RAW"] if filters else [])


def test_the_guard_has_the_machines_network_and_nothing_else_of_it(config):
    guard = config["services"]["guard"]
    assert guard["network_mode"] == "host"
    assert not {"volumes", "secrets", "ports", "pid", "ipc", "devices", "group_add"} & set(guard)
    assert [name for name, one in config["services"].items() if one.get("network_mode") == "host"] == ["guard"]


def test_nothing_on_the_labs_network_reaches_anything_unless_it_is_named(state):
    """A service has an address of its own there, in the half for services or, where students' code runs, in the other."""
    done = script(
        *("compose", "--profile", "core", "--profile", "processing", "config", "--format", "json"),
        **{"STATE_DIR": str(state), "PROJECT": "dataflow-ops"},
    )
    assert done.status == 0, done.err
    config = json.loads(done.out)
    labs = config["networks"]["labs"]
    assert labs["driver_opts"]["com.docker.network.bridge.enable_icc"] == "false"
    pool = labs["ipam"]["config"][0]
    subnet, range_of_labs = ipaddress.ip_network(pool["subnet"]), ipaddress.ip_network(pool["ip_range"])
    assert subnet.prefixlen == 22 and range_of_labs.subnet_of(subnet) and range_of_labs.num_addresses >= 512
    services, workers = list(next(subnet.subnets(new_prefix=24)).subnets(new_prefix=25))
    on = {name: one["networks"]["labs"] for name, one in config["services"].items() if "labs" in one.get("networks", {})}
    where = {name: ipaddress.ip_address(network["ipv4_address"]) for name, network in on.items()}
    assert len(set(where.values())) == len(where) >= 9
    for name, address in where.items():
        assert address in (workers if name.startswith("spark-worker-") else services), name
    callers = next(services.subnets(new_prefix=30))
    assert {name for name, address in where.items() if address in callers} == {"proxy", "hub"}


def test_labs_are_not_isolated_only_where_somebody_said_so(state):
    done = script("compose", "config", "--format", "json", STATE_DIR=str(state), PROJECT="dataflow-ops", LABS_ISOLATION="off")
    config = json.loads(done.out)
    assert config["networks"]["labs"]["driver_opts"]["com.docker.network.bridge.enable_icc"] == "true"
    assert config["services"]["guard"]["environment"]["LABS_ISOLATED"] == "false"


def test_a_service_has_limits_and_comes_back(service):
    assert service["restart"] == "always"
    assert int(service["mem_limit"]) > 0
    assert float(service["cpus"]) > 0
    assert int(service["pids_limit"]) > 0
    assert service["healthcheck"]["test"][0] == "CMD"
    assert service["logging"]["options"].keys() == {"max-size", "max-file"}


def test_images_are_ours_and_never_pulled(config):
    versions = read()
    image_of = {"runner": "exercises", "backup": "hub"}
    keys = {name: f"{image_of.get(name, name).upper()}_IMAGE" for name in SERVICES}
    assert {name: one["image"] for name, one in config["services"].items()} == {name: versions[key] for name, key in keys.items()}
    assert {one["pull_policy"] for one in config["services"].values()} == {"never"}


def test_one_port_is_open(config):
    ports = {name: one.get("ports", []) for name, one in config["services"].items()}
    assert [name for name, open_ones in ports.items() if open_ones] == ["proxy"]
    assert [(port["published"], port["target"]) for port in ports["proxy"]] == [("1234", int(read()["PROXY_PORT"]))]


def test_the_proxy_takes_orders_on_the_hubs_network_only(config):
    assert config["networks"]["hub"]["internal"] is True
    networks = config["services"]["proxy"]["networks"]
    assert networks["hub"]["aliases"] == ["proxy-api"]
    assert not (networks["labs"] or {}).get("aliases")


def test_everything_is_called_after_the_project(config):
    names = [config["name"]]
    for kind in ("networks", "volumes"):
        names += [one["name"] for one in config[kind].values()]
    names += [one["container_name"] for one in config["services"].values()]
    assert [name for name in names if not name.startswith("dataflow-ops")] == []


def test_only_what_starts_containers_has_the_socket(config):
    mounts = {name: [v["target"] for v in one.get("volumes", [])] for name, one in config["services"].items()}
    assert {name for name, targets in mounts.items() if "/var/run/docker.sock" in targets} == {"hub", "runner"}
    assert mounts["proxy"] == []


def test_labs_reach_exercises_through_the_proxy_only_and_nobody_reaches_the_runner(config):
    assert set(config["services"]["exercises"]["networks"]) == {"hub"}
    assert config["services"]["runner"]["network_mode"] == "none"
    assert not config["services"]["runner"].get("secrets")


def test_pages_of_services_are_reached_through_the_door_only(config):
    """Where labs are, neither the door nor the gate is; the way in is the proxy, which has both networks."""
    for name in ("gateway", "platform"):
        assert set(config["services"][name]["networks"]) == {"hub", "platform"}
    assert config["networks"]["platform"]["internal"] is True
    assert {secret["source"] for secret in config["services"]["gateway"]["secrets"]} == {"gateway_token"}
    assert "gateway_token" not in {secret["source"] for secret in config["services"]["hub"]["secrets"]}


def test_what_students_run_reaches_no_service_that_trusts_the_door(state):
    """NiFi and Consul ask nobody for a password: a worker of Spark, where students' code runs, is not on their network."""
    done = script(
        *("compose", "--profile", "core", "--profile", "processing", "config", "--format", "json"),
        **{"STATE_DIR": str(state), "PROJECT": "dataflow-ops"},
    )
    assert done.status == 0, done.err
    config = json.loads(done.out)
    on = {name: set(one.get("networks", {})) for name, one in config["services"].items()}
    workers = [name for name in on if name.startswith("spark-worker-")]
    assert len(workers) == 3 and all(on[name] == {"labs", "cluster"} for name in workers)
    assert on["consul"] == {"platform"} and "cluster" not in on["nifi"] | on["platform"] | on["gateway"]
    assert config["networks"]["cluster"]["internal"] is config["networks"]["platform"]["internal"] is True


def test_no_secret_is_in_what_docker_inspect_shows(config, state):
    told = json.dumps(config)
    for path in (state / "secrets").iterdir():
        assert path.read_text() not in told
    # The first administrator's; other names end in it.
    assert not re.search(r"(?<!\w)admin_password", told)


def test_compose_by_hand_says_what_to_do_instead():
    done = run(["docker", "compose", "--file", "compose.yaml", "config"], PROJECT="")
    assert done.status != 0
    assert "run make up" in done.err
