"""A story that the tests of this folder look at from all sides, over the tests' own class: proxy, hub, exercises, runner, and labs.

An instructor writes an exercise from nothing in the terminal of their lab, checks and pushes it as their page says, and looks at
the course from a computer of their own with a token; Ana works on it in her lab, with the functions that students call. Bruno and
an outsider are there for the tests.
"""

import json
import os
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from exercises.client import Client
from tests.exercises.answers import type_in
from tests.helpers.hub_client import Lab, Person
from tests.helpers.versions import ROOT
from tests.hub.conftest import OWN_PASSWORD, enrol, stack

__all__ = ["LAWS_SECONDS", "NAME", "OWN_PASSWORD", "SOLUTION", "Story", "enrol", "stack", "story"]

NAME, CHECK = "shops", "every total"
LAWS_SECONDS = 400

SOLUTION = (
    'totals = sales.groupBy("shop").agg(F.sum("amount").alias("total"))\n'
    'totals.write.format("delta").mode("overwrite").save(lakehouse.gold("totals"))'
)


def told(result: Any) -> str:
    """All that a cell showed, as text."""
    return result.text + "\n".join(data.get("text/plain", "") + data.get("text/html", "") for data in result.displays)


@dataclass
class Story:
    """The people, and what became of what they did."""

    url: str
    course: str
    teacher: Person
    ana: Person
    bruno: Person
    outsider: Person
    # What the instructor's commands printed, by the command's first words.
    typed: dict[str, str] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    grade_seconds: float = 0.0

    def client(self, person: Person) -> Client:
        return Client(self.url, person.token)


# As a terminal of the lab runs it: a login shell with the server's environment, in the home.
TERMINAL = """
import pathlib, subprocess
done = subprocess.run(["bash", "-lc", {line!r}], cwd=pathlib.Path.home(), capture_output=True, text=True)
print(done.stdout + done.stderr + "exit code", done.returncode)
"""


def at_home(folder: Path, *arguments: str, seconds: float = 60, **environment: str) -> str:
    """What a command on the instructor's own computer prints. Raises subprocess.TimeoutExpired."""
    own = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    called = [sys.executable, "-m", "exercises", *arguments]
    done = subprocess.run(called, cwd=folder, env=own, capture_output=True, text=True, timeout=seconds)
    return done.stdout + done.stderr


@pytest.fixture(scope="session")
def story(stack, enrol, tmp_path_factory):
    course = "c" + uuid.uuid4().hex[:6]
    people = {name: enrol(name) for name in ("teacher", "ana", "bruno", "outsider")}
    stack.script("member", course, people["teacher"].name, "instructor")
    stack.script("member", course, f"{people['ana'].name} {people['bruno'].name}", "student")
    made = Story(f"{stack.url}/services/exercises/", course, **people)

    desk = Lab(made.teacher) if made.teacher.server() else made.teacher.start()
    _at_the_desk(made, desk, stack)
    token = {"EXERCISES_TOKEN": made.teacher.token, "EXERCISES_URL": made.url}
    home = tmp_path_factory.mktemp("instructor")
    made.typed["list at home"] = at_home(home, "list", "--course", course, **token)
    made.teacher.stop()

    lab = Lab(made.ana) if made.ana.server() else made.ana.start()
    _in_the_lab(made, lab)
    made.typed["results at home"] = at_home(home, "results", NAME, **token)
    yield made
    made.ana.stop()


def _at_the_desk(story: Story, lab: Lab, stack: Any) -> None:
    """The instructor's page, from its first command to the push, with the slip that everybody makes once."""
    kernel = lab.kernel()
    due = datetime.now(UTC) + timedelta(days=1)

    def type_(line: str, code: int = 0) -> str:
        said = kernel.run(TERMINAL.format(line=line), LAWS_SECONDS).ok().text
        assert said.endswith(f"exit code {code}\n"), said + stack.logs()
        return said

    def call(line: str, code: int = 0) -> None:
        story.typed[line.partition(" --due")[0]] = type_(f"python -m exercises {line}", code)

    call(f"new {NAME}")
    call("list --catalog")
    # A check gets another name, and the wrong answer still says the old one.
    type_(f"sed -i 's/the totals/{CHECK}/' {NAME}/checks.py")
    call(f"check {NAME}", 1)
    story.typed["check before the wrong answer was changed"] = story.typed.pop(f"check {NAME}")
    type_(f"sed -i 's/the totals/{CHECK}/' {NAME}/wrong/forgets-to-group.ipynb")
    for line in (f"check {NAME}", f"push {NAME} --due {due.isoformat()}", f"results {NAME}"):
        call(line)
    kernel.close()


def _in_the_lab(story: Story, lab: Lab) -> None:
    """Ana's afternoon."""
    first = lab.kernel()
    first.run("from exercises.student import *", 180).ok()
    story.shown["exercises"] = told(first.run("exercises()", 60).ok())
    story.shown["fetch"] = told(first.run(f"fetch({NAME!r})", 60).ok())
    folder = f"exercises/{story.course}/{NAME}"
    type_in(lab, folder, SOLUTION)
    first.close()
    lab.request("DELETE", f"api/kernels/{first.id}")
    # The notebook itself, as she would run it: its own cells, in a kernel of its own folder.
    kernel = lab.kernel(folder=folder)

    def run(code: str) -> Any:
        return kernel.run(code, 180).ok()

    run("from exercises.student import submit, history, feedback, restore")
    for source in json.loads(run("print(open('notebook.ipynb').read())").text)["cells"]:
        if source["cell_type"] == "code":
            text = source["source"] if isinstance(source["source"], str) else "".join(source["source"])
            story.shown["check"] = told(run(text))
    began = time.monotonic()
    story.shown["submit"] = told(run("submit(as_saved=True)"))
    story.shown["feedback"] = told(run("feedback(seconds=90)"))
    story.grade_seconds = time.monotonic() - began
    story.shown["history"] = told(run("history()"))
    story.shown["restore"] = told(run("restore(1)"))
    kernel.close()
