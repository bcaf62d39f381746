"""Answers in the form of Spark and pandas tables, which only the lab image has."""

import pytest

from tests.helpers import lab

SCRIPT = f"""
mkdir /tmp/cases && cp {lab.REPO}/tests/kernel/checks/frames_cases.py /tmp/cases/test_frames.py && cd /tmp/cases
exec {lab.PYTHON} -m pytest -q --color=no -p no:cacheprovider --timeout=150 .
"""


@pytest.mark.docker
def test_tables_in_the_lab():
    done = lab.run(["sh", "-c", SCRIPT], seconds=250).raise_for_status()
    assert " passed" in done.log and " skipped" not in done.log
