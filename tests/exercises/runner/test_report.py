"""What the runner believes of how a notebook ended, when its report is gone or is nonsense."""

import pytest

from exercises.outcome import Outcome
from exercises.runner.grading import Exercise, _status
from exercises.runner.limits import MB
from exercises.runner.limits import Outcome as Run

EXERCISE = Exercise({}, b"", {}, seconds=20, memory=64 * MB)


@pytest.mark.parametrize(
    ("exit_code", "report", "outcome"),
    [
        (0, b'{"status": "ok"}', Outcome.OK),
        # The report is written before the end with 0: what ran has emptied it since, and its tables are looked at all the same.
        (0, b"", Outcome.OK),
        (0, b"[" * 9000, Outcome.OK),
        (0, b'{"status": "died"}', Outcome.KERNEL_DIED),
        (137, b"", Outcome.KERNEL_DIED),
        (None, b"", Outcome.KERNEL_DIED),
        (0, b'{"status": "failed", "cell": "a", "error": "b"}', Outcome.CELL_FAILED),
    ],
)
def test_a_report_that_was_taken_away_is_no_dead_kernel(exit_code, report, outcome):
    run = Run(exit_code, 1.0, False, False, {"run.json": report}, None, "")
    assert _status(run, EXERCISE)[0] is outcome
