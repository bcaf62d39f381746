"""A model behind HTTP as a lesson starts it, in a container as limited as a lab."""

import pytest

from tests.helpers import lab

CASES = f"{lab.REPO}/tests/kernel/mlflow/in_lab/serving_cases.py"
# Copied first: beside this folder's package, `import mlflow` would find the tests.
SCRIPT = f"""
mkdir /tmp/cases && cp {CASES} /tmp/cases/test_cases.py && cd /tmp/cases
exec {lab.PYTHON} -m pytest -q --color=no -p no:cacheprovider --timeout=240 test_cases.py
"""


@pytest.mark.docker
def test_serving_in_the_lab():
    done = lab.run(["sh", "-c", SCRIPT], seconds=500)
    done.raise_for_status()
    assert " passed" in done.log and " skipped" not in done.log
    assert done.left_running == ()
