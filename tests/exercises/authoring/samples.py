"""A small exercise in plain Python, and a grader that runs it here: for tests of the laws, the scaffold and the command line.

Invariant: only what starts containers and Spark is played; forms, files, data and verdicts are the real ones.
"""

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from exercises.form import notebooks
from exercises.outcome import Outcome
from exercises.runner.grading import Exercise, PrepareFailed, Verdict
from exercises.runner.limits import SandboxError
from exercises.runner.prepare import prepare
from exercises.runner.rebuild import rebuild
from tests.exercises.authoring import cells

TOML = b'title = "Sums"\npoints = 3\nseed = 5\n'
DATA = b"""
import json

def make(directory, seed):
    (directory / "numbers.json").write_text(json.dumps([seed, 2 * seed]))

def facts(seed):
    return {"sum": 3 * seed, "count": 2}
"""
CHECKS = b"""
from exercises.checks import CheckFailed, check

@check("the count", points=1)
def count(result):
    if result.left.get("count") != result.facts["count"]:
        raise CheckFailed("The count is not right.")

@check("the sum", points=2, visible=False, message="The sum is not right.")
def total(result):
    assert result.left.get("sum") == result.facts["sum"]
"""
SOLUTION = "### BEGIN SOLUTION\nleft['sum'] = sum(found)\nleft['count'] = len(found)\n### END SOLUTION"


def wrong(source: str, *caught_by: str, mistake: str = "It is wrong.", cell: str = "answer") -> bytes:
    made = cells.notebook(cells.answer(source, cell))
    made["metadata"]["dataflow"] = {"caught_by": list(caught_by), "mistake": mistake}
    return notebooks.dump(made)


def files() -> dict[str, bytes]:
    """Return the exercise, of which every law holds."""
    complete = cells.notebook(cells.given("found = numbers"), cells.answer(SOLUTION))
    return {
        "exercise.toml": TOML,
        "notebook.ipynb": notebooks.dump(complete),
        "checks.py": CHECKS,
        "data.py": DATA,
        "wrong/forgets-the-sum.ipynb": wrong("left['sum'] = 0\nleft['count'] = len(found)", "the sum"),
        "wrong/counts-one-more.ipynb": wrong("left['sum'] = sum(found)\nleft['count'] = len(found) + 1", "the count"),
    }


class Left:
    """What stands in the place of a lakehouse."""

    def __init__(self, left: dict[str, Any], facts: dict[str, Any]) -> None:
        self.left, self.facts = left, facts


class PlayedGrader:
    """Grades the small exercise by running its cells in this process."""

    def __init__(self) -> None:
        self.prepared: list[int] = []
        self.graded = 0
        self.sandbox = self

    def run(self, command: Any, inputs: Any, limits: Any) -> Any:
        raise SandboxError("here nothing takes turns")

    def prepare(self, given: Mapping[str, bytes], seed: int) -> dict[str, bytes]:
        self.prepared.append(seed)
        with tempfile.TemporaryDirectory() as folder:
            here, out = Path(folder, "in"), Path(folder, "out")
            here.mkdir()
            for name, content in given.items():
                (here / name).parent.mkdir(exist_ok=True, parents=True)
                (here / name).write_bytes(content)
            try:
                prepare(here, out, seed)
            except Exception as error:
                raise PrepareFailed(str(error)) from error
            return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}

    def grade(self, exercise: Exercise, submitted: dict[str, Any]) -> Verdict:
        self.graded += 1
        made, _ = rebuild(exercise.handed_out, submitted)
        space: dict[str, Any] = {"left": {}, "numbers": json.loads(exercise.hidden["data/numbers.json"])}
        for cell in made["cells"]:
            try:
                exec(cell["source"], space)
            except Exception:
                break
        return self._judged(exercise, space["left"])

    def _judged(self, exercise: Exercise, left: dict[str, Any]) -> Verdict:
        from exercises.checks import collect

        told = []
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "checks.py").write_bytes(exercise.checks)
            for one in collect(Path(folder, "checks.py")):
                try:
                    one.run(Left(left, json.loads(exercise.hidden["facts.json"])))
                    passed, message = True, ""
                except AssertionError as error:
                    passed, message = False, str(error) or one.message
                earned = one.points if passed else 0.0
                told.append({"name": one.name, "points": one.points, "earned": earned, "passed": passed, "message": message})
        points, of = sum(one["earned"] for one in told), sum(one["points"] for one in told)
        return Verdict(Outcome.OK, points, of, told, "All checks passed.", 0.1)
