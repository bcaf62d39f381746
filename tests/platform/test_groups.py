"""Groups as the operator starts and stops them, beside a class that goes on."""

import subprocess

import pytest

from tests.helpers.stack import StackError
from tests.helpers.versions import ROOT

pytestmark = pytest.mark.docker


def inspect(name: str, form: str) -> str:
    return subprocess.run(["docker", "inspect", "--format", form, name], capture_output=True, text=True).stdout.strip()


def services(stack) -> list[str]:
    """The services of the groups, as the operator's own scripts know them."""
    script = 'source scripts/lib/common.sh; source scripts/lib/groups.sh; for g in $(group_names); do group_services "$g"; done'
    return subprocess.run(["bash", "-c", script], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()


def test_every_service_of_every_group_is_healthy_and_guarded(stack):
    names = services(stack)
    assert names
    for name in names:
        container = f"{stack.project}-{name}"
        assert inspect(container, "{{.State.Health.Status}}") == "healthy", name
        assert inspect(container, "{{.HostConfig.CapDrop}}") == "[ALL]", name
        assert "no-new-privileges" in inspect(container, "{{.HostConfig.SecurityOpt}}"), name
        assert int(inspect(container, "{{.HostConfig.Memory}}")) > 0, name
        assert int(inspect(container, "{{.HostConfig.PidsLimit}}")) > 0, name
        assert inspect(container, "{{.HostConfig.RestartPolicy.Name}}") == "always", name
        assert inspect(container, "{{.Config.User}}").split(":")[0] not in ("", "0", "root"), name


def test_no_port_is_open_beyond_loopback(stack):
    """But the front door."""
    for name in services(stack):
        addresses = inspect(f"{stack.project}-{name}", "{{range .HostConfig.PortBindings}}{{range .}}{{.HostIp}} {{end}}{{end}}")
        assert set(addresses.split()) <= {"127.0.0.1"}, name


def test_the_table_shows_each_service_and_where_it_is_opened(stack):
    table = stack.script("status")
    for name in services(stack):
        row = next(line for line in table.splitlines() if line.startswith(f"{name} "))
        assert "running, healthy" in row
    assert f"http://localhost:{stack.port}/services/" in table
    assert "not started" not in table


def test_starting_again_only_looks(stack):
    before = {name: inspect(f"{stack.project}-{name}", "{{.Id}} {{.State.StartedAt}}") for name in services(stack)}
    stack.script("start", "core", "processing")
    assert {name: inspect(f"{stack.project}-{name}", "{{.Id}} {{.State.StartedAt}}") for name in before} == before


def test_a_group_that_is_none_is_refused_with_the_names_of_those_that_are(stack):
    with pytest.raises(StackError, match="There is no group called kore(.|\n)*core processing"):
        stack.script("start", "kore")


def test_wiping_asks_and_takes_no_silence_for_a_yes(stack):
    with pytest.raises(StackError, match="Nobody is there to ask"):
        stack.script("wipe", "core")
    assert inspect(f"{stack.project}-storage", "{{.State.Health.Status}}") == "healthy"
