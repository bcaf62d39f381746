"""A real Kafka, started the way a lesson starts it, in a container as limited as a student's lab."""

import logging

import pytest

from lab_kernel.kafka import broker
from tests.helpers import lab

CASES = f"{lab.REPO}/tests/kernel/kafka/in_lab/broker_cases.py"
# Copied first: beside this folder's package, `import kafka` would find the tests and not the client.
SCRIPT = f"""
mkdir /tmp/cases && cp {CASES} /tmp/cases/test_cases.py && cd /tmp/cases
exec {lab.PYTHON} -m pytest -q --color=no -p no:cacheprovider --timeout=150 test_cases.py
"""


@pytest.mark.docker
def test_broker_in_the_lab():
    done = lab.run(["sh", "-c", SCRIPT], seconds=400)
    done.raise_for_status()
    assert " passed" in done.log and " skipped" not in done.log
    assert done.left_running == ()


def test_a_busy_machine_is_no_warning_in_a_cell(caplog):
    """The client's own remark about a step of a tenth of a second."""
    assert broker.Broker
    logging.getLogger("kafka.net.selector").warning("Task ran for 0.101s (>0.100s threshold)")
    assert caplog.records == []
