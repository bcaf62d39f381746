"""`make help` is made from the Makefile, so it cannot leave a target out; the Makefile stays thin."""

import re

import pytest

from tests.helpers.versions import ROOT
from tests.ops.run import run

MAKEFILE = (ROOT / "Makefile").read_text()
PHONY = re.search(r"^\.PHONY:((?:.*\\\n)*.*)$", MAKEFILE, re.MULTILINE)[1].replace("\\", "").split()
RULES = re.findall(r"^([a-z][\w/%-]*):.*\n((?:\t.*\n)*)", MAKEFILE, re.MULTILINE)


@pytest.fixture(scope="module")
def shown():
    return run(["make", "help"]).out


def test_help_is_what_make_does_first(shown):
    assert run(["make"]).out == shown


@pytest.mark.parametrize("target", PHONY)
def test_help_lists_every_target(shown, target):
    assert re.search(rf"^  make {re.escape(target)} +\S", shown, re.MULTILINE)


def test_every_rule_is_a_listed_target():
    assert {name for name, _ in RULES if "%" not in name} == set(PHONY)


@pytest.mark.parametrize(("target", "recipe"), RULES, ids=[name for name, _ in RULES])
def test_a_target_only_calls_a_script(target, recipe):
    lines = recipe.strip().splitlines()
    assert len(lines) == 1, f"{target}: move the work into a script"
    assert re.match(r"@(scripts/[\w-]+\.sh|\.venv/bin/python )", lines[0].strip())


def test_settings_can_be_given_to_make(checkout):
    done = run(["make", "user", "NAME="], root=checkout)
    assert done.status == 2
    assert "A user needs a name." in done.err


@pytest.mark.parametrize("asked", ["NAME=kafka", "SERVICE=kafka"])
def test_logs_are_asked_for_by_either_word(asked):
    assert run(["make", "--dry-run", "logs", asked]).out.strip() == "scripts/logs.sh kafka"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (["roster"], "A roster needs a file."),
        (["roster", "CSV=no/such.csv"], "There is no file no/such.csv that can be read."),
        (["user", "NAME=ana", "LOCK=1", "REMOVE=1"], "One thing at a time: lock remove were asked for."),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_asked(checkout, asked, words):
    done = run(["make", *asked], root=checkout)
    assert done.status == 2
    assert words in done.err
