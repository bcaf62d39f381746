"""Layers that a change does not run must still begin.

CI has no time for `platform`: what nobody can set up there would be known nowhere else.
"""

import subprocess
import sys

from tests.helpers.versions import ROOT

SECONDS = 120


def test_every_fixture_of_every_layer_can_be_had():
    """Plans all tests without doing anything: names, scopes and circles of fixtures are looked at, no fixture is made."""
    plan = [sys.executable, "-m", "pytest", "--setup-plan", "--quiet", "-p", "no:cacheprovider", "-m", "docker or service", "tests"]
    done = subprocess.run(plan, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS)
    wrong = [line for line in done.stdout.splitlines() if line.startswith(("E  ", "ERROR ", "ScopeMismatch"))]
    assert done.returncode == 0, "\n".join(wrong[:20]) or done.stdout[-3000:] + done.stderr[-3000:]
