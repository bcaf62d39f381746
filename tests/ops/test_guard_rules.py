"""The rules that the guard writes, and where a class's network lies, read without an engine."""

import subprocess

import pytest

from tests.helpers.versions import ROOT
from tests.ops.run import run

ENVIRONMENT = {
    "GUARD_PARTS": str(ROOT / "images/guard"),
    "LABS_BRIDGE": "dl-test",
    "LABS_PREFIX": "10.9.4",
    "LABS_SUBNET": "10.9.4.0/22",
    "LAB_PORT": "1001",
    "SERVICE_PORTS": "1002,1003",
    "NAME_SERVERS": "192.168.7.7",
    "LABS_ISOLATED": "true",
}


def rules(**more):
    done = run([str(ROOT / "images/guard/guard"), "rules"], **{**ENVIRONMENT, **more})
    assert done.status == 0, done.err
    return done.out.splitlines()


def of_chain(lines, chain):
    return [line.removeprefix(f"-A dl-test-{chain} ") for line in lines if line.startswith(f"-A dl-test-{chain} ")]


def test_every_way_ends_in_a_refusal_or_with_the_engine():
    within = [line for line in of_chain(rules(), "fwd") if line.startswith("-o dl-test ")]
    assert within[-1] == "-o dl-test -j dl-test-no"
    assert of_chain(rules(), "in")[-1] == "-j dl-test-no"
    assert of_chain(rules(), "fwd")[-1] == "-j RETURN"
    assert of_chain(rules(LABS_INTERNET="off"), "fwd")[-1] == "-j dl-test-no"


def test_a_refusal_is_told():
    assert of_chain(rules(), "no") == ["-p tcp -j REJECT --reject-with tcp-reset", "-j REJECT --reject-with icmp-admin-prohibited"]


def test_labs_are_accepted_nowhere_but_at_services_ports():
    """What has no fixed address has a source of neither zone: only rules for the whole subnet are for it."""
    accepted = [line for line in of_chain(rules(), "fwd") if line.endswith("-j ACCEPT") and "-s 10.9.4.0/22" in line]
    assert accepted == [
        "-o dl-test -s 10.9.4.0/22 -d 10.9.4.0/25 -p tcp -m multiport --dports 1002,1003 -j ACCEPT",
        "-o dl-test -s 10.9.4.0/22 -d 10.9.4.128/25 -p tcp --dport 32768:60999 -j ACCEPT",
    ]
    to_labs = [line for line in of_chain(rules(), "fwd") if "-d 10.9.4.0/22" in line]
    senders = {line.split(" -d ")[0].removeprefix("-o dl-test -s ") for line in to_labs}
    assert senders == {"10.9.4.0/30", "10.9.4.0/25", "10.9.4.128/25"}


PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10", "224.0.0.0/4"]


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_refused(address):
    assert f"-d {address} -j dl-test-no" in of_chain(rules(), "fwd")


def test_names_are_asked_for_where_the_machine_asks():
    for chain in ("fwd", "in"):
        assert [line for line in of_chain(rules(), chain) if "--dport 53" in line] == [
            f"-d 192.168.7.7 -p {protocol} --dport 53 -j RETURN" for protocol in ("udp", "tcp")]
        assert not [line for line in of_chain(rules(LABS_INTERNET="off"), chain) if "--dport 53" in line]


def test_what_the_operator_allows_comes_before_what_is_refused():
    lines = of_chain(rules(LABS_ALLOW="10.1.2.3 10.4.0.0/16"), "fwd")
    allowed = [lines.index(f"-d {address} -j RETURN") for address in ("10.1.2.3", "10.4.0.0/16")]
    assert max(allowed) < lines.index("-d 10.0.0.0/8 -j dl-test-no")


ENGINE = """#!/bin/sh
case "$*" in
  *inspect*-labs*) exit 1 ;;
  *"network ls"*) echo one ;;
  *inspect*) echo "{networks}" ;;
esac
"""


def prefix(tmp_path, *networks, **more):
    """labs_prefix, on a machine whose engine has these networks, and whose class has none yet."""
    docker = tmp_path / "docker"
    docker.write_text(ENGINE.format(networks="\n".join(networks)))
    docker.chmod(0o755)
    code = 'source scripts/lib/common.sh; source scripts/lib/docker.sh; source scripts/lib/isolation.sh; labs_prefix'
    path = f"{tmp_path}:{subprocess.run(['printenv', 'PATH'], capture_output=True, text=True).stdout.strip()}"
    return run(["bash", "-c", code], PATH=path, **{"PROJECT": "klass", "LABS_POOL": "10.77.0.0/16", **more})


def test_a_class_finds_the_same_place_again_and_two_find_different_ones(tmp_path):
    first, again, other = prefix(tmp_path), prefix(tmp_path), prefix(tmp_path, PROJECT="evening")
    assert first.out == again.out != other.out
    third = int(first.out.strip().removeprefix("10.77."))
    assert third % 4 == 0 and 0 <= third < 256


def test_a_place_that_is_taken_is_not_taken_twice(tmp_path):
    first = prefix(tmp_path).out.strip()
    third = int(first.removeprefix("10.77."))
    for taken in (f"{first}.0/22", f"10.77.{third + 3}.0/24", f"10.77.{third // 8 * 8}.0/21"):
        assert prefix(tmp_path, taken).out.strip() not in ("", first)


def test_a_pool_that_is_full_or_none_is_said(tmp_path):
    full = prefix(tmp_path, "10.77.0.0/16")
    assert full.status == 2 and "No addresses are free" in full.err
    none = prefix(tmp_path, LABS_POOL="10.77.8.0/24")
    assert none.status == 2 and "is no pool of addresses" in none.err
