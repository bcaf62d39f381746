"""The same bytes on the lab's Python, and the flights that only the lab image has."""

import pytest

from tests.helpers import lab

HERE = f"{lab.REPO}/tests/kernel/datasets"
SCRIPT = f"""
mkdir /tmp/cases && cd /tmp/cases
cp {HERE}/test_sales.py {HERE}/test_daily_sales.py {HERE}/test_orders_api.py . && cp {HERE}/flights_cases.py test_flights.py
exec {lab.PYTHON} -m pytest -q --color=no -p no:cacheprovider --timeout=100 .
"""


@pytest.mark.docker
def test_data_sets_in_the_lab():
    done = lab.run(["sh", "-c", SCRIPT], seconds=200).raise_for_status()
    assert " passed" in done.log and " skipped" not in done.log
