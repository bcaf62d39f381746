"""Which process counts as the broker, where no broker is needed to tell."""

import os
import subprocess

import pytest

from lab_kernel.kafka.process import BrokerProcess, _command
from lab_kernel.kafka.settings import read


@pytest.fixture
def sleeper():
    process = subprocess.Popen(["sleep", "60"])
    yield process
    process.kill()
    process.wait()


@pytest.fixture
def broker(tmp_path, settings):
    ports = {name: settings[name] for name in ("KAFKA_PORT", "KAFKA_CONTROLLER_PORT")}
    made = BrokerProcess(read({"HOME": str(tmp_path), **ports}))
    made.home.mkdir(parents=True, exist_ok=True)
    return made


def test_the_process_that_was_launched_lives_whatever_its_command_line_says_at_the_moment(broker, sleeper):
    """Between two programs of one process it is empty; the broker was then taken for dead."""
    broker.pid_file.write_text(str(sleeper.pid))
    assert broker.pid() is None
    broker._children = [sleeper]
    assert broker.pid() == sleeper.pid
    sleeper.kill()
    sleeper.wait()
    assert broker.pid() is None


def test_a_command_line_is_read_to_its_end_and_none_is_empty(sleeper):
    assert _command(sleeper.pid)[:2] == [b"sleep", b"60"]
    sleeper.kill()
    # Dead, but not waited for: its entry is still there, and names no program.
    os.waitid(os.P_PID, sleeper.pid, os.WEXITED | os.WNOWAIT)
    assert _command(sleeper.pid) == []
