"""Every script is sound bash, says what it is for, and can be run."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.helpers.versions import ROOT

SCRIPTS = sorted(ROOT.glob("scripts/*.sh"))
LIBRARIES = sorted(ROOT.glob("scripts/lib/*.sh"))
OTHERS = [ROOT / ".ci/run", *sorted(ROOT.glob("images/**/start-*")), *sorted(ROOT.glob("images/**/*.sh"))]
LONGEST = 220


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", SCRIPTS + LIBRARIES + OTHERS, ids=name)
def test_shellcheck_has_nothing_to_say(path):
    command = [ROOT / ".venv/bin/shellcheck", "--norc", "--external-sources",
               "--source-path", "SCRIPTDIR", "--source-path", "SCRIPTDIR/..", path]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_a_script_can_be_run_and_is_strict(path):
    lines = path.read_text().splitlines()
    assert os.access(path, os.X_OK)
    assert lines[0] == "#!/usr/bin/env bash"
    assert lines[1].startswith("# ")
    assert 'source "$(dirname "$0")/lib/common.sh"' in lines
    assert "set -euo pipefail" in (ROOT / "scripts/lib/common.sh").read_text()


@pytest.mark.parametrize("path", SCRIPTS + LIBRARIES, ids=name)
def test_a_script_is_small(path):
    assert len(path.read_text().splitlines()) <= LONGEST


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_a_message_that_ends_a_script_says_what_to_do(path):
    text = path.read_text().replace("\\\n", " ")
    for call in re.findall(r"\bdie [12] .*", text):
        assert len(re.findall(r'"(?:[^"\\]|\\.)*"', call)) >= 2, f"{name(path)}: {call}"


def test_the_operators_guide_explains_each_message():
    """A row of its table stands for a message when the row's words are in it, with values between them."""
    guide = (ROOT / "docs/operator.md").read_text().partition("## What a message means")[2]
    rows = [re.findall(r"`([^`]+)`", line.split(" | ")[0]) for line in guide.splitlines() if line.startswith("| ")]
    known = [".*".join(map(re.escape, words.split("..."))) for row in rows for words in row]
    missing = []
    for path in SCRIPTS + LIBRARIES:
        text = path.read_text().replace("\\\n", " ")
        for message in re.findall(r'\bdie [12] "([^"]+)"', text):
            if not any(re.search(pattern, message) for pattern in known):
                missing.append(f"{name(path)}: {message}")
    assert missing == []


def test_ci_runs_what_the_readme_says():
    assert "\nmake test\n" in (ROOT / ".ci/run").read_text()
    assert "make test " in (ROOT / "README.md").read_text()
