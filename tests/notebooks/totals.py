"""What a session's runs took together, and how well they kept the machine busy.

Invariant: printed, never asserted; a slow machine is no fault of a lesson.
"""

from dataclasses import dataclass

import pytest

from tests.notebooks.runner import Result

# A class's lab has two processors, and so has the smallest machine that is to run all lessons.
PROCESSORS = 2
GOAL_RATIO = 1.25
GOAL_MINUTES = 20

HEADER = ("lesson", "run", "wall s", "cpu s", "peak MB", "verdict")
ROW = "{:<34} {:<21} {:>7} {:>7} {:>8}  {}"
SUMS = "{runs} runs: {wall:.0f} s of wall and {cpu:.0f} s of processor time added up; at most {peak:.0f} MB in one lab"
OWN = (
    "all of them took {suite:.0f} s ({minutes:.1f} min, goal for all lessons: {goal_minutes}), "
    "which is {ratio:.2f} x (processor time / {processors}) (goal: at most {goal})"
)


@dataclass
class Session:
    """The results of a test session by job, and its seconds from the first start to the last end."""

    results: dict[str, Result]
    began: float = 0.0
    ended: float = 0.0

    @property
    def seconds(self) -> float:
        return max(self.ended - self.began, 0.0)


SESSION = pytest.StashKey[Session]()


def lines(session: Session) -> list[str]:
    """Returns the table of runs, the longest first, and the totals."""
    found = sorted(session.results.values(), key=lambda done: -done.run.wall_seconds)
    shown = [ROW.format(*HEADER), *map(_row, found)]
    wall = sum(done.run.wall_seconds for done in found)
    cpu = sum(done.run.cpu_seconds for done in found)
    peak = max(done.run.peak_bytes for done in found)
    shown.append(SUMS.format(runs=len(found), wall=wall, cpu=cpu, peak=peak / 1e6))
    if cpu:
        ratio = session.seconds / (cpu / PROCESSORS)
        numbers = {"suite": session.seconds, "minutes": session.seconds / 60, "ratio": ratio}
        shown.append(OWN.format(**numbers, goal_minutes=GOAL_MINUTES, processors=PROCESSORS, goal=GOAL_RATIO))
    return shown


def _row(done: Result) -> str:
    run, job = done.run, done.job
    numbers = (f"{run.wall_seconds:.1f}", f"{run.cpu_seconds:.1f}", f"{run.peak_bytes / 1e6:.0f}")
    state = f"{len(done.problems)} problems" if done.problems else "green"
    return ROW.format(job.lesson.name, " ".join(filter(None, (job.runner, job.variant))), *numbers, state)
