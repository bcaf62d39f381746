"""The table of faults in docs/reliability.md is the registry's, row by row, and says what a test run has seen."""

import ast

import pytest

from tests.helpers.versions import ROOT
from tests.hub.faults import measured
from tests.hub.faults.measured import Measured
from tests.hub.faults.registry import FAULTS

PAGE = measured.PAGE.read_text(encoding="utf-8")


def test_the_page_is_what_the_registry_makes_of_it():
    assert measured.split(PAGE)[1] == measured.table(measured.read(PAGE)), "make test-hub WRITE=1"


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_each_fault_was_seen_within_its_bound_and_has_its_test(fault):
    assert measured.longest(measured.read(PAGE)[fault.name]) <= fault.seconds, "make test-hub WRITE=1"
    name, _, test = fault.test.partition("::")
    source = (ROOT / name).read_text(encoding="utf-8")
    functions = {node.name: ast.unparse(node) for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}
    assert repr(fault.name) in functions[test], "the test reports what it took under this name"


def test_a_late_recovery_fails_and_is_not_noted():
    run, fault = Measured(), FAULTS[0]
    with pytest.raises(AssertionError, match="and the bound is"):
        run.recovered(fault.name, fault.seconds + 0.1)
    assert run.texts() == {}


def test_what_a_run_did_not_do_stays(tmp_path):
    path = tmp_path / "page.md"
    first, second, *_ = (fault.name for fault in FAULTS)
    path.write_text(f"before\n{measured.BEGIN}\n{measured.table({first: '1.0 s', second: '2.0 s'})}\n{measured.END}\nafter\n")
    run = Measured()
    for seconds in (3.0, 4.0):
        run.recovered(second, seconds)
    measured.write(run.texts(), path)
    assert measured.read(path.read_text()) == {
        **{fault.name: measured.NOT_SEEN for fault in FAULTS}, first: "1.0 s", second: "4.0 s, the longest of 2"
    }
    assert path.read_text().startswith("before\n") and path.read_text().endswith("\nafter\n")
    assert measured.longest("4.0 s, the longest of 2") == 4.0
    with pytest.raises(ValueError):
        measured.longest(measured.NOT_SEEN)
