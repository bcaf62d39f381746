"""Inside the stock arm's container: an nbgrader course, its autograder and its exchange, by nbgrader's own commands.

`stock.py grade FOLDER` grades each notebook of the folder alone, in a course of its own; `stock.py exchange COUNT STUDENTS` has
STUDENTS fetch and submit what it releases, and collects COUNT submissions. Both print JSON on the last line.
"""

import json
import os
import shutil
import subprocess
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path("/tmp/stock")
NBGRADER = ["/opt/nbgrader/bin/python", "-m", "nbgrader"]
TASK, COURSE = "numbers", "bench"
AT_ONCE = 2
CONFIG = """
c = get_config()
c.CourseDirectory.root = {root!r}
c.CourseDirectory.course_id = "bench"
c.CourseDirectory.ignore = []
c.Exchange.root = {exchange!r}
c.Exchange.path_includes_course = False
c.ExchangeCollect.check_owner = False
c.ExecutePreprocessor.timeout = 300
c.ExecutePreprocessor.startup_timeout = 120
"""


def call(root: Path, *arguments: str, check: bool = True, **more: str) -> float:
    """Run one command of nbgrader's; return its seconds."""
    # Its own commands, and the lab's kernel.
    own = {**os.environ, "PATH": f"/opt/nbgrader/bin:{os.environ['PATH']}", "JUPYTER_PATH": "/opt/lab/share/jupyter", **more}
    began = time.monotonic()
    done = subprocess.run([*NBGRADER, *arguments], cwd=root, env=own, capture_output=True, text=True)
    if check and done.returncode != 0:
        sys.exit(f"nbgrader {' '.join(arguments)}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return time.monotonic() - began


def course(root: Path) -> Path:
    """Make a course with the assignment, released to its own folder. What students get has the visible data."""
    (root / "source" / TASK).mkdir(parents=True)
    exchange = root / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    (root / "nbgrader_config.py").write_text(CONFIG.format(root=str(root), exchange=str(exchange)))
    shutil.copy("/tmp/assignment.ipynb", root / "source" / TASK / f"{TASK}.ipynb")
    (root / "source" / TASK / "data").mkdir()
    shutil.copy("/tmp/visible.csv", root / "source" / TASK / "data" / "numbers.csv")
    call(root, "generate_assignment", TASK, "--create")
    # An instructor who wants others to be used for grading changes them now: the autograder puts the source's files in place.
    shutil.copy("/tmp/hidden.csv", root / "source" / TASK / "data" / "numbers.csv")
    return root


def grade(folder: Path) -> dict[str, float]:
    """Return the points of each notebook in the folder."""
    made = course(HERE / "course")
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return dict(threads.map(lambda path: (path.stem, _points(made, path)), sorted(folder.glob("*.ipynb"))))


def _points(made: Path, path: Path) -> float:
    root = HERE / f"course-{path.stem}"
    shutil.copytree(made, root)
    config = (root / "nbgrader_config.py").read_text()
    (root / "nbgrader_config.py").write_text(config.replace(str(made), str(root)))
    own = root / "submitted" / path.stem / TASK
    own.mkdir(parents=True)
    shutil.copy(path, own / f"{TASK}.ipynb")
    shutil.copytree(root / "release" / TASK / "data", own / "data")
    # With a home of its own: the lab keeps tables there, and one student's would be another's.
    home = root / "home"
    home.mkdir()
    # What fails in one is no grade; the others go on.
    call(root, "autograde", TASK, "--create", f"--student={path.stem}", check=False, HOME=str(home))
    from nbgrader.api import Gradebook, MissingEntry

    with Gradebook(f"sqlite:///{root}/gradebook.db") as book:
        try:
            return book.find_submission(TASK, path.stem).score
        except MissingEntry:
            return 0.0


def exchange(count: int, students: int) -> dict[str, object]:
    """Return what each step took; each is a command as somebody types it."""
    root = course(HERE / "exchange-course")
    told: dict[str, object] = {"release": call(root, "release_assignment", TASK)}
    fetched, submitted = [], []
    for number in range(students):
        home = HERE / f"home-{number}"
        home.mkdir()
        shutil.copy(root / "nbgrader_config.py", home)
        fetched.append(call(home, "fetch_assignment", TASK, "--course", COURSE))
        submitted.append(call(home, "submit", TASK, "--course", COURSE))
    inbound = root / "exchange" / COURSE / "inbound"
    if not inbound.is_dir():
        inbound = root / "exchange" / "inbound"
    first = sorted(inbound.iterdir())[0]
    # The others hand in the same, in the form that `submit` gave it: 300 starts of Python are no property of the exchange.
    _, task, when, _ = first.name.split("+")
    for path in inbound.iterdir():
        if path != first:
            shutil.rmtree(path)
    for number in range(count - 1):
        shutil.copytree(first, inbound / f"student-{number}+{task}+{when}+{uuid.uuid4().hex[:12]}")
    told |= {"fetch": fetched, "submit": submitted, "collect": call(root, "collect", TASK)}
    return {**told, "collected": len(list((root / "submitted").iterdir()))}


if __name__ == "__main__":
    HERE.mkdir(exist_ok=True)
    print(json.dumps(grade(Path(sys.argv[2])) if sys.argv[1] == "grade" else exchange(int(sys.argv[2]), int(sys.argv[3]))))
