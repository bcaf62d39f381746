"""Plain words for a student, everything for the operator, one incident for both."""

import pytest

from lab_hub import start_failures
from lab_hub.start_failures import StartFailed


def test_a_student_reads_what_and_what_to_do_an_operator_the_rest():
    failure = StartFailed(start_failures.image_missing("x/lab:1"), "trace of something")
    assert failure.jupyterhub_message.startswith("The lab image x/lab:1 is not on this machine. You cannot mend this yourself")
    assert failure.jupyterhub_message.endswith(f"Incident {failure.incident}.")
    assert "trace of something" in failure.log_message and "trace" not in failure.jupyterhub_message
    assert failure.status_code == 503


def test_incidents_differ():
    assert len({StartFailed(start_failures.unknown()).incident for _ in range(50)}) == 50


@pytest.mark.parametrize(
    ("number", "words"), [(2 << 30, "2 GiB"), (1610612736, "1.5 GiB"), (512 << 20, "512 MiB"), (4000 << 30, "4000 GiB")]
)
def test_sizes_as_people_say_them(number, words):
    assert start_failures.size(number) == words
