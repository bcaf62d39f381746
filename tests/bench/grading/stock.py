"""Inside the stock arm's container: an nbgrader course with the silver exercise, and `nbgrader autograde` over a block of students.

`stock.py setup` makes the course, `stock.py block N` hands in N complete notebooks and grades them; prints JSON on the last line.
The tests are cells of the notebook, as nbgrader has them; they ask less than the checks of ours do.
"""

import json
import os
import shutil
import subprocess
import sys
import time
import uuid
from pathlib import Path

COURSE = Path("/tmp/course")
NBGRADER = ["/opt/nbgrader/bin/python", "-m", "nbgrader"]
POINTS = 20
CONFIG = """
c = get_config()
c.CourseDirectory.root = "/tmp/course"
c.CourseDirectory.course_id = "bench"
c.CourseDirectory.ignore = []
c.ExecutePreprocessor.timeout = 300
c.ExecutePreprocessor.startup_timeout = 120
"""
TESTS = """
assert spark.table("silver.sales").count() == spark.table("silver.sales").select("id").distinct().count()
assert dict(spark.table("silver.sales").dtypes)["amount"] == "decimal(12,2)"
assert spark.table("silver.sales_quarantine").where("size(reasons) = 0").count() == 0
assert spark.table("silver.sales").where("amount < 0").count() == 0
"""


def call(*arguments: str) -> str:
    # Its own commands, and the lab's kernel.
    own = {**os.environ, "PATH": f"/opt/nbgrader/bin:{os.environ['PATH']}", "JUPYTER_PATH": "/opt/lab/share/jupyter"}
    done = subprocess.run([*NBGRADER, *arguments], cwd=COURSE, env=own, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"nbgrader {' '.join(arguments)}: {done.stdout[-3000:]}{done.stderr[-3000:]}")
    return done.stderr


def with_tests() -> dict:
    book = json.loads(Path("/tmp/notebook.ipynb").read_text())
    told = {"grade": True, "solution": False, "locked": True, "task": False, "points": POINTS, "schema_version": 3}
    cell = {"cell_type": "code", "id": "tests", "source": TESTS, "outputs": [], "execution_count": None}
    book["cells"].append({**cell, "metadata": {"nbgrader": {**told, "grade_id": "tests", "cell_type": "code"}}})
    return book


def setup() -> dict:
    source = COURSE / "source" / "silver"
    source.mkdir(parents=True)
    (COURSE / "nbgrader_config.py").write_text(CONFIG)
    (source / "silver.ipynb").write_text(json.dumps(with_tests()))
    shutil.copytree("/tmp/data", source / "data")
    call("generate_assignment", "silver", "--create")
    return {}


def block(count: int) -> dict:
    prefix = f"b{uuid.uuid4().hex[:6]}"
    for number in range(count):
        folder = COURSE / "submitted" / f"{prefix}-{number}" / "silver"
        folder.mkdir(parents=True)
        (folder / "silver.ipynb").write_text(json.dumps(with_tests()))
        shutil.copytree("/tmp/data", folder / "data")
    began = time.monotonic()
    log = call("autograde", "silver", "--create", f"--student={prefix}-*")
    seconds = time.monotonic() - began
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{COURSE}/gradebook.db") as book:
        scores = [book.find_submission("silver", f"{prefix}-{number}").score for number in range(count)]
    return {"seconds": seconds, "points": sum(scores), "of": float(POINTS * count), "log": log[-1500:]}


if __name__ == "__main__":
    print(json.dumps(setup() if sys.argv[1] == "setup" else block(int(sys.argv[2]))))
