"""The containers that tests use are as limited as a student's, and say what happened in them."""

import pytest

from tests.helpers import lab

pytestmark = pytest.mark.docker


def test_a_missing_image_names_the_target():
    with pytest.raises(lab.LabError, match="make build/lab"):
        lab.require_image("dataflow/no-such-image:0")


def test_a_lab_is_a_students_lab(lab_image):
    probe = (
        "import os, pathlib\n"
        "status = pathlib.Path('/proc/self/status').read_text()\n"
        "fields = dict(line.split(':\\t', 1) for line in status.splitlines() if ':\\t' in line)\n"
        "print(os.getuid(), int(fields['CapEff'], 16), fields['NoNewPrivs'])\n"
        "print(sorted(os.listdir('/sys/class/net')))\n"
        "print(os.access('/repo/versions.env', os.W_OK), os.access('/out', os.W_OK))\n"
    )
    run = lab.run([lab.PYTHON, "-c", probe], seconds=60).raise_for_status()
    assert run.log.splitlines() == ["1000 0 1", "['lo']", "False True"]


def test_a_lab_that_takes_too_long_is_ended(lab_image):
    run = lab.run(["sleep", "60"], seconds=1)
    assert (run.timed_out, run.status) == (True, 124)


def test_a_lab_that_takes_too_much_memory_says_so(lab_image):
    run = lab.run([lab.PYTHON, "-c", "x = b'x' * (4 << 30)"], seconds=60)
    assert run.killed_for_memory == 1
    assert run.peak_bytes > 1e9


def test_what_a_lab_leaves_running_is_seen(lab_image):
    run = lab.run(["sh", "-c", "sleep 120 & true"], seconds=60)
    assert run.left_running == ("sleep 120",)


def test_a_terminal_finds_the_labs_own_python(lab_image):
    """A terminal is a login shell, which sets a PATH of its own."""
    done = lab.run(["bash", "-lc", "command -v python jupyter && python -m exercises --help"], seconds=60)
    assert done.status == 0 and done.log.splitlines()[:2] == ["/opt/lab/bin/python", "/opt/lab/bin/jupyter"], done.log
