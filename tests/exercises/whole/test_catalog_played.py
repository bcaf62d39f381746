"""Every exercise of the catalog, played by the three people: the instructor pushes all of them, Ana solves each in her lab with
what the lab gives to students, Bruno hands in a mistake that people make.

Invariant: whoever does what the exercise asks earns everything, and whoever makes the mistake loses exactly the checks that are
there for it, and is told so in words.

A push tries all laws with three seeds, each wrong answer too; all of it takes about 45 minutes: with DATAFLOW_TEST_FULL=1 only.
"""

import json
import os
import re
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

import pytest

from exercises import folder
from exercises.client import Client
from tests.exercises.answers import answered, answers, type_in
from tests.exercises.whole.conftest import at_home, told
from tests.exercises.whole.test_three_people import wait_for_grade
from tests.helpers.hub_client import Kernel, Lab, Person

CATALOG = sorted(path.name for path in folder.catalog())
PUSH_SECONDS, CELL_SECONDS, GRADE_SECONDS = 1900, 300, 300

pytestmark = [
    pytest.mark.docker,
    pytest.mark.timeout(3600),
    pytest.mark.skipif(not os.environ.get("DATAFLOW_TEST_FULL"), reason="the catalog takes 45 minutes: DATAFLOW_TEST_FULL=1"),
]


@dataclass
class Class:
    """The people, the instructor's own computer, and Ana's lab."""

    course: str
    teacher: Client
    ana: Client
    bruno: Client
    lab: Lab
    home: Path
    environment: dict[str, str]

    def push(self, name: str) -> str:
        """What the instructor's computer prints for a copy of the catalog's exercise."""
        copied = at_home(self.home, "new", name, "--like", name)
        return copied + at_home(self.home, "push", name, "--course", self.course, seconds=PUSH_SECONDS, **self.environment)


@pytest.fixture(scope="module")
def played(stack, enrol, tmp_path_factory):
    course = "k" + uuid.uuid4().hex[:6]
    people: dict[str, Person] = {name: enrol(name) for name in ("teacher", "ana", "bruno")}
    stack.script("member", course, people["teacher"].name, "instructor")
    stack.script("member", course, f"{people['ana'].name} {people['bruno'].name}", "student")
    url = f"{stack.url}/services/exercises/"
    clients = [Client(url, people[name].token) for name in ("teacher", "ana", "bruno")]
    own = {"EXERCISES_TOKEN": people["teacher"].token, "EXERCISES_URL": url}
    yield Class(course, *clients, people["ana"].start(), tmp_path_factory.mktemp("instructor"), own)
    people["ana"].stop()


def bruno_hands_in(played: Class, name: str) -> tuple[str, set[str]]:
    """Hand in the solution with the exercise's first mistake; return the submission and the checks that must catch it."""
    path = folder.CATALOG / name
    wrong = sorted(path.glob("wrong/*.ipynb"))[0]
    version, files = played.bruno.fetch(played.course, name)
    book = answered(files["notebook.ipynb"], answers(path / "notebook.ipynb") | answers(wrong))
    receipt = played.bruno.submit(played.course, name, {**files, "notebook.ipynb": book}, version=version)
    caught_by = json.loads(wrong.read_text(encoding="utf-8"))["metadata"]["dataflow"]["caught_by"]
    return receipt["id"], set(caught_by)


def ana_solves(played: Class, name: str) -> str:
    """Fetch, fill in, run every cell and submit, in her lab; return what the last check, the receipt and the feedback said."""
    mine = f"exercises/{played.course}/{name}"
    first = played.lab.kernel()
    first.run("from exercises.student import *", CELL_SECONDS).ok()
    first.run(f"fetch({name!r})", CELL_SECONDS).ok()
    type_in(played.lab, mine, answers(folder.CATALOG / name / "notebook.ipynb"))
    end(played.lab, first)
    kernel = played.lab.kernel(folder=mine)
    book = json.loads(kernel.run("print(open('notebook.ipynb').read())", CELL_SECONDS).ok().text)
    said = ""
    for cell in book["cells"]:
        if cell["cell_type"] == "code":
            said = told(kernel.run("".join(cell["source"]), CELL_SECONDS).ok())
    said += told(kernel.run("from exercises.student import submit, feedback\nsubmit(as_saved=True)", CELL_SECONDS).ok())
    said += told(kernel.run(f"feedback(seconds={GRADE_SECONDS})", GRADE_SECONDS + 30).ok())
    end(played.lab, kernel)
    return said


def end(lab: Lab, kernel: Kernel) -> None:
    kernel.close()
    lab.request("DELETE", f"api/kernels/{kernel.id}")


@pytest.mark.parametrize("name", CATALOG)
def test_the_catalogs_exercise_from_push_to_feedback(played, name):
    began = time.monotonic()
    pushed = played.push(name)
    assert f"of {name} is accepted" in pushed, pushed
    mistake, caught_by = bruno_hands_in(played, name)
    said = ana_solves(played, name)
    assert re.search(r"all \d+ visible checks pass", said), said
    (mine,) = played.ana.submissions(played.course, name)
    assert (mine["outcome"], mine["points"]) == ("ok", mine["of"]), played.ana.feedback(mine["id"])
    assert mine["of"] > 0 and f"{mine['of']:g} of {mine['of']:g} points" in said, said

    found = wait_for_grade(played.bruno, mistake, GRADE_SECONDS)
    lost = [check for check in found["checks"] if not check["passed"]]
    assert found["outcome"] == "check_failed" and {check["name"] for check in lost} == caught_by, found
    assert all(check["message"] for check in lost)
    assert found["points"] == pytest.approx(sum(check["earned"] for check in found["checks"])) and found["points"] < found["of"]
    rows = {one["user"]: one["points"] for one in played.teacher.everybody(played.course, name)}
    assert sorted(rows.values()) == sorted([mine["points"], found["points"]])
    print(f"{name}: played in {time.monotonic() - began:.0f} s")
