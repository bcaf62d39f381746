"""The groups as the scripts read them, and as compose does: there is one list."""

import json

import pytest

from tests.helpers.versions import ROOT, read
from tests.ops.run import run, script

LIBRARY = "source scripts/lib/common.sh; source scripts/lib/groups.sh; "


def ask(question: str) -> list[str]:
    done = run(["bash", "-c", LIBRARY + question], cwd=ROOT)
    assert done.status == 0, done.err
    return done.out.split()


GROUPS = ("core", "processing")


def test_the_groups_are_the_files():
    assert ask("group_names") == sorted(GROUPS)


@pytest.mark.docker
@pytest.mark.parametrize("group", GROUPS)
def test_a_groups_services_are_those_of_its_profile(group, tmp_path):
    script("secrets", STATE_DIR=str(tmp_path / "state"))
    done = script("compose", "--profile", group, "config", "--format", "json", STATE_DIR=str(tmp_path / "state"))
    assert done.status == 0, done.err
    services = json.loads(done.out)["services"]
    named = ask(f"group_services {group}")
    assert named, "a group without services"
    assert sorted(named) == sorted(name for name, one in services.items() if group in one.get("profiles", []))
    volumes = {volume["source"] for name in named for volume in services[name].get("volumes", []) if volume["type"] == "volume"}
    # A server of the storage that is not chosen may have data all the same.
    others = {"seaweedfs-data", "minio-data"} if group == "core" else set()
    assert set(ask(f"group_volumes {group}")) == volumes | others
    for name in named:
        one = services[name]
        assert one["profiles"] == [group]
        assert one["container_name"].endswith(f"-{name}")
        assert one["cap_drop"] == ["ALL"] and one["security_opt"] == ["no-new-privileges:true"] and one["read_only"] is True
        assert int(one["mem_limit"]) > 0 and float(one["cpus"]) > 0 and int(one["pids_limit"]) > 0
        assert one["restart"] == "always" and one["pull_policy"] == "never"
        assert one["healthcheck"]["test"], name
        for port in one.get("ports", []):
            assert port["host_ip"] == "127.0.0.1", f"{name} is open beyond loopback"


def test_a_class_without_groups_builds_no_image_of_theirs():
    own = set(ask("class_images"))
    assert {"hub", "lab", "proxy", "exercises"} <= own
    for group in GROUPS:
        for image in ask(f"group_images {group}"):
            assert f"{image.upper().replace('-', '_')}_IMAGE" in read()
    assert own.isdisjoint({"storage", "consul", "nifi"})


@pytest.mark.parametrize(
    ("words", "said"),
    [([], "No group is named"), (["kore"], "There is no group called kore"), (["base"], "There is no group called base")],
)
@pytest.mark.parametrize("name", ["start", "stop", "wipe"])
def test_only_groups_can_be_named(name, words, said):
    done = script(name, *words)
    assert done.status == 2
    assert said in done.err and "core processing" in done.err
