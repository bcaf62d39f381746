"""The instructors' page names everything that an instructor meets."""

import re

import pytest

from exercises import checks, cli, laws, outcome
from tests.helpers.versions import ROOT

PAGE = ROOT / "docs" / "instructor.md"
COMMANDS = next(iter(cli.parser()._subparsers._group_actions)).choices
PUBLIC = [name for kind in (checks.Result, checks.Table, checks.Stream) for name in vars(kind) if not name.startswith("_")]
LAWS = [laws.FORM, laws.LEAKS, laws.POINTS, laws.DETERMINISTIC, laws.DATA, laws.SOLUTION, laws.UNTOUCHED, laws.WRONG]


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_each_command_is_shown(name):
    assert re.search(rf"python -m exercises {name}\b", PAGE.read_text())


OPTIONS = {one for command in COMMANDS.values() for one in command._option_string_actions} - {"-h", "--help"}


@pytest.mark.parametrize("option", sorted(OPTIONS))
def test_each_option_is_named(option):
    assert option in PAGE.read_text()


@pytest.mark.parametrize("name", [*PUBLIC, *(one.value for one in outcome.Outcome)])
def test_what_a_check_has_and_how_a_run_ends_is_named(name):
    assert re.search(rf"\b{name}\b", PAGE.read_text())


@pytest.mark.parametrize("name", LAWS)
def test_each_law_is_explained(name):
    assert re.search(rf"^\| {name} \|", PAGE.read_text(), re.MULTILINE)
