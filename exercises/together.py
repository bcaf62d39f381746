"""An author's answers, tried in turns in one container: the same cells, memory and judge as when each has one of its own.

Invariant: a verdict from here is believed only when it is what the law wants; anything else is tried again alone.
"""

import json
from collections.abc import Sequence
from typing import Any

from exercises import outcome as outcomes
from exercises.outcome import Outcome
from exercises.runner import left, turns
from exercises.runner.grading import GRACE_SECONDS, PYTHON, Exercise, Grader, Left, Verdict, summed
from exercises.runner.limits import Limits, SandboxError, pids
from exercises.runner.rebuild import rebuild

# What a turn may add to the time of one run: one that hangs costs this much for each of the others, and no more.
SHARE = 1 / 6
# Spark keeps some threads of each turn.
PIDS = 768


def grade(
    grader: Grader, exercise: Exercise, submitted: Sequence[dict[str, Any]], *, cpus: float = 1.0
) -> list[Verdict | None]:
    """Return the verdicts on several notebooks; None for one that has to be tried alone. Never raises SandboxError."""
    notebooks = [rebuild(exercise.handed_out, one)[0] for one in submitted]
    inputs = {name: content for name, content in exercise.hidden.items() if name.startswith("data/")}
    inputs["notebook.ipynb"] = json.dumps(turns.together(notebooks)).encode()
    seconds = exercise.seconds * (1 + SHARE * len(notebooks))
    # Never one of the warm containers: students wait for those.
    limits = Limits(seconds=seconds + GRACE_SECONDS, memory=exercise.memory, cpus=cpus, pids=pids(exercise.memory, PIDS))
    command = [PYTHON, "-m", "exercises.runner.execute", "/in", "/out", "--seconds", str(seconds)]
    try:
        run = grader.sandbox.run(command, inputs, limits)
        return [None if turn is None else _verdict(grader, exercise, turn) for turn in turns.apart(run.files, len(notebooks))]
    except SandboxError:
        return [None] * len(notebooks)


def _verdict(grader: Grader, exercise: Exercise, turn: turns.Turn) -> Verdict | None:
    status = Outcome.OK if turn.error is None else Outcome.CELL_FAILED
    fields: dict[str, Any] = {"cell": turn.cell, "error": turn.error}
    try:
        kept = left.harmless(turn.files)
    except left.LeftRefused:
        return None
    checks = grader.judge(exercise, kept, status)
    found = Left(status, outcomes.message(status, **fields), (), turn.seconds, kept)
    return None if checks is None else summed(found, checks)
