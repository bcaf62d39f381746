"""One submission, from its files to its verdict: run it in one container, judge what it left in another.

Invariant: the first container holds nothing hidden but its own input data; the second never ran a student's code.
Nothing of either is believed beyond its shape.
"""

import json
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from exercises import outcome as outcomes
from exercises.outcome import Outcome
from exercises.runner import left
from exercises.runner.limits import MB, Limits, SandboxError, pids
from exercises.runner.limits import Outcome as Run
from exercises.runner.rebuild import rebuild

if TYPE_CHECKING:
    from exercises.runner.pool import Pool
    from exercises.runner.sandbox import Sandbox

PYTHON = "/opt/lab/bin/python"
EXECUTE = (PYTHON, "-m", "exercises.runner.execute", "/in", "/out")
JUDGING = (PYTHON, "-m", "exercises.runner.judge", "/in/exercise", "/in/left", "/out")
# Between the notebook's own deadline, which is told kindly, and the container's, which is not.
GRACE_SECONDS = 20.0
JUDGE = Limits(seconds=60.0, memory=1024 * MB, inputs=160 * MB, outputs=4 * MB, output_files=20, pids=128)
PREPARE = Limits(seconds=120.0, memory=1024 * MB, outputs=64 * MB, output_files=2000, pids=128)
MOST_TEXT = 500
# An executed notebook larger than this is not kept: it is for a person to read.
EXECUTED, MOST_EXECUTED = "executed.ipynb", 4 * MB

NOT_JUDGED = "The judging container gave no verdict: {log}"
NOT_PREPARED = "data.py failed: {log}"
TOO_MUCH = "it takes too much time or memory to read"


class PrepareFailed(ValueError):
    """The exercise's own data.py does not run; its author reads the text."""


@dataclass(frozen=True)
class Exercise:
    """What grading needs of a version. `hidden` has data/… and facts.json for the grader's seed."""

    handed_out: dict[str, Any]
    checks: bytes
    hidden: Mapping[str, bytes]
    seconds: float = 120.0
    memory: int = 2048 * MB
    # Files that checks.py may import or read beside it.
    beside: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """`checks` as the student may read them; `seconds` is the notebook's own time in its container.

    `executed` is the notebook as the run left it: hostile, and with the graders' data in its outputs.
    """

    outcome: Outcome
    points: float
    of: float
    checks: list[dict[str, Any]]
    message: str
    seconds: float
    executed: bytes | None = field(default=None, repr=False)
    left: "Left | None" = field(default=None, repr=False)


@dataclass(frozen=True)
class Left:
    """What a run left for the checks, and how it ended: all that judging it again takes. Every file of it is hostile.

    `message` is the student's sentence if the run did not end well, `missing` the answer cells that were not there.
    """

    status: Outcome
    message: str
    missing: tuple[str, ...]
    seconds: float
    files: Mapping[str, bytes] = field(repr=False)


class Grader:
    """Grades with one image. Thread-safe."""

    def __init__(self, sandbox: "Sandbox", pool: "Pool | None" = None, judges: "Pool | None" = None) -> None:
        """`pool` and `judges` keep containers ready: for notebooks, with Spark started, and for checks, with the reader loaded."""
        self.sandbox, self.pool, self.judges = sandbox, pool, judges

    def prepare(self, files: Mapping[str, bytes], seed: int) -> dict[str, bytes]:
        """Return data/… and facts.json for a seed. Raises PrepareFailed, SandboxError."""
        command = [PYTHON, "-m", "exercises.runner.prepare", "/in", "/out", "--seed", str(seed)]
        run = self.sandbox.run(command, files, PREPARE)
        if not run.ok or "facts.json" not in run.files:
            raise PrepareFailed(NOT_PREPARED.format(log=run.refused or run.log[-MOST_TEXT:] or run))
        return dict(run.files)

    def grade(self, exercise: Exercise, submitted: dict[str, Any]) -> Verdict:
        """Return the verdict on a notebook. Raises SandboxError when our side failed."""
        notebook, missing = rebuild(exercise.handed_out, submitted)
        inputs = {name: content for name, content in exercise.hidden.items() if name.startswith("data/")}
        inputs["notebook.ipynb"] = json.dumps(notebook).encode()
        with ExitStack() as ending:
            run = self._execute(exercise, inputs, ending)
            return replace(self.verdict(exercise, _left(run, exercise, missing)), executed=_executed(run))

    def verdict(self, exercise: Exercise, found: Left) -> Verdict:
        """Return the verdict on what a run left. Raises SandboxError."""
        checks = self.judge(exercise, found.files, found.status)
        if checks is None:
            told = outcomes.message(Outcome.TOO_BIG, reason=TOO_MUCH)
            found = replace(found, status=Outcome.TOO_BIG, message=told, files={})
            checks = self.judge(exercise, {}, found.status)
        return summed(found, checks)

    def _execute(self, exercise: Exercise, inputs: Mapping[str, bytes], ending: ExitStack) -> Run:
        limits = Limits(seconds=exercise.seconds + GRACE_SECONDS, memory=exercise.memory, pids=pids(exercise.memory))
        box = self.pool.take(limits) if self.pool is not None else None
        if box is None:
            return self.sandbox.run([*EXECUTE, "--seconds", str(exercise.seconds)], inputs, limits)
        try:
            return box.run(inputs, exercise.seconds, limits.seconds)
        finally:
            # Everything in it is dead by now; it is cleared away while the checks run.
            ending.callback(_meanwhile(box.close).join)

    def judge(self, exercise: Exercise, kept: Mapping[str, bytes], status: Outcome) -> list[dict[str, Any]] | None:
        """Return the checks' results; None when reading what was left is too much. Raises SandboxError."""
        inputs = {f"exercise/{name}": content for name, content in exercise.beside.items()}
        inputs["exercise/checks.py"] = exercise.checks
        inputs["exercise/facts.json"] = exercise.hidden["facts.json"]
        inputs["exercise/status.json"] = json.dumps(status.value).encode()
        inputs |= {f"left/{name}": content for name, content in kept.items()}
        run = self._run_judge(inputs)
        if kept and (run.timed_out or run.out_of_memory):
            return None
        try:
            return _checks(json.loads(run.files["verdict.json"]))
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            raise SandboxError(NOT_JUDGED.format(log=run.log[-MOST_TEXT:] or error)) from None

    def _run_judge(self, inputs: Mapping[str, bytes]) -> Run:
        box = self.judges.take(JUDGE) if self.judges is not None else None
        if box is None:
            return self.sandbox.run(JUDGING, inputs, JUDGE)
        try:
            return box.run(inputs, JUDGE.seconds, JUDGE.seconds)
        finally:
            _meanwhile(box.close)


def summed(found: Left, checks: list[dict[str, Any]]) -> Verdict:
    """Return what the checks' results are together."""
    status, message = found.status, found.message
    failed = sum(not one["passed"] for one in checks)
    if status is Outcome.OK:
        status = Outcome.OK if not failed else Outcome.CELL_MISSING if found.missing else Outcome.CHECK_FAILED
        message = outcomes.message(status, failed=failed, count=len(checks), cells=", ".join(found.missing))
    points, of = sum(one["earned"] for one in checks), sum(one["points"] for one in checks)
    return Verdict(status, points, of, checks, message, found.seconds, left=found)


def _left(run: Run, exercise: Exercise, missing: list[str]) -> Left:
    status, fields = _status(run, exercise)
    files: dict[str, bytes] = {}
    try:
        files = left.harmless(run.files)
    except left.LeftRefused as refusal:
        status, fields = Outcome.WRONG_TABLE, {"reason": refusal}
    return Left(status, outcomes.message(status, **fields), tuple(missing), run.seconds, files)


def _meanwhile(close: Callable[[], None]) -> threading.Thread:
    """Clear a dead container away while something else goes on. One that cannot be is swept at the runner's next start."""

    def clear() -> None:
        with suppress(SandboxError):
            close()

    thread = threading.Thread(target=clear, name="clear")
    thread.start()
    return thread


def _status(run: Run, exercise: Exercise) -> tuple[Outcome, dict[str, Any]]:
    """What became of the notebook: what the engine says comes first, what the container wrote only then."""
    report = _report(run)
    said = report.get("status")
    if run.timed_out or said == "out_of_time":
        return Outcome.OUT_OF_TIME, {"seconds": int(exercise.seconds)}
    if run.out_of_memory and said != "ok":
        return Outcome.OUT_OF_MEMORY, {"memory": exercise.memory // MB}
    if run.refused is not None:
        return Outcome.TOO_BIG, {"reason": run.refused}
    if said == "failed":
        return Outcome.CELL_FAILED, {key: str(report.get(key))[:MOST_TEXT] for key in ("cell", "error")}
    # Whoever wrote the report ends with 0 when it is written, and not otherwise: what ran has taken it away since.
    if said != "ok" and (report or run.exit_code != 0):
        return Outcome.KERNEL_DIED, {}
    return Outcome.OK, {}


def _report(run: Run) -> dict[str, Any]:
    try:
        found = json.loads(run.files["run.json"])
    except (KeyError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _executed(run: Run) -> bytes | None:
    """The notebook with its outputs, if the run left one that somebody could read."""
    found = run.files.get(EXECUTED)
    return found if found and len(found) <= MOST_EXECUTED else None


def _checks(verdict: dict[str, Any]) -> list[dict[str, Any]]:
    made = []
    for one in verdict["checks"]:
        points, passed = float(one["points"]), one["passed"] is True
        told = {"name": str(one["name"])[:MOST_TEXT], "message": str(one["message"])[:MOST_TEXT]}
        told |= {"points": points, "earned": points if passed else 0.0, "passed": passed}
        made.append({**told, "visible": one["visible"] is True})
    return made
