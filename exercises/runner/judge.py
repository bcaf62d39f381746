"""Inside a container that never ran student code: runs an exercise's checks over what a run left.

`python -m exercises.runner.judge /in/exercise /in/left /out` reads checks.py and facts.json, writes /out/verdict.json. With
`--warm` behind, it waits for /in/go first: the container is prepared before there is anything to judge.

Invariant: what was left is data; the verdict has every check of checks.py, in its order, whatever happens in one.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

from exercises.checks import Check, Result, collect
from exercises.runner.models import Store

MOST_MESSAGE = 500
GO, WARM = "go", "warm"
POLL_SECONDS = 0.01
BROKE = "This check could not be completed on what your notebook left ({kind})."


def judge(exercise: Path, left: Path) -> dict[str, Any]:
    """Return the verdict."""
    facts = json.loads((exercise / "facts.json").read_text(encoding="utf-8"))
    status = json.loads((exercise / "status.json").read_text(encoding="utf-8"))
    # One result for all checks: a table is read once. A check that changed what it was given would show in the laws.
    result = Result(left / "lakehouse", facts, status, Store(left / "mlflow.db", left / "mlflow"))
    return {"checks": [_one(check, result) for check in collect(exercise / "checks.py")]}


def _one(check: Check, result: Result) -> dict[str, Any]:
    told = {"name": check.name, "points": check.points, "visible": check.visible, "passed": True, "message": ""}
    try:
        check.run(result)
    except AssertionError as error:
        told.update(passed=False, message=str(error).split("\n")[0][:MOST_MESSAGE] or check.message)
    except Exception as error:  # a shape that the check did not expect: the type says enough, the text may say too much
        told.update(passed=False, message=check.message or BROKE.format(kind=type(error).__name__))
    told["earned"] = check.points if told["passed"] else 0.0
    return told


def wait(sign: Path) -> None:
    """Load what reading tables takes, say so, and wait for the sign that everything is there."""
    import pyarrow.parquet  # noqa: F401

    print(WARM, flush=True)
    while not sign.exists():
        time.sleep(POLL_SECONDS)


def main() -> None:
    sys.dont_write_bytecode = True
    exercise, left, out = (Path(name) for name in sys.argv[1:4])
    if "--warm" in sys.argv[4:]:
        wait(exercise.parent / GO)
    (out / "verdict.json").write_text(json.dumps(judge(exercise, left)), encoding="utf-8")


if __name__ == "__main__":
    main()
