"""The command line as one file: what is in it, and an author's way with nothing but it and Python."""

import io
import os
import subprocess
import sys
import threading
import time
import zipfile

import pytest

from exercises import folder, portable
from tests.exercises.service.samples import accept_all

SECONDS = 60


@pytest.fixture
def tool(service, tmp_path):
    """Run the downloaded file in an empty folder, by a Python that knows nothing else; return what came of it."""
    answer = service.ask("GET", "/exercises.pyz")
    assert answer.status_code == 200 and answer.headers["content-type"] == "application/zip"
    file = tmp_path / "bin" / "exercises.pyz"
    file.parent.mkdir()
    file.write_bytes(answer.content)
    work = tmp_path / "work"
    work.mkdir()

    def run(*arguments, token="", **more):
        environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LANG": "C.UTF-8"}
        if token:
            environment |= {"EXERCISES_URL": service.url, "EXERCISES_TOKEN": token}
        command = [sys.executable, "-I", "-S", str(file), *arguments]
        return subprocess.run(command, cwd=work, env=environment, capture_output=True, text=True, timeout=SECONDS, **more)

    run.work, run.file = work, file
    return run


@pytest.fixture
def laws_hold(service):
    """Let the laws of whatever is pushed hold, as a runner would find out."""
    stop = threading.Event()

    def decide():
        while not stop.is_set():
            accept_all(service)
            time.sleep(0.1)

    thread = threading.Thread(target=decide)
    thread.start()
    yield
    stop.set()
    thread.join(SECONDS)


def test_it_holds_no_solution_of_the_catalog_and_nothing_of_the_service():
    names = zipfile.ZipFile(io.BytesIO(portable.packed())).namelist()
    assert not [name for name in names if "catalog" in name or "__pycache__" in name]
    assert [name for name in names if "/service/" in name] == [f"exercises/{name}" for name in portable.OF_SERVICE]
    assert {"__main__.py", "exercises/cli.py", "exercises/template/exercise.toml", "exercises/course/ci.sh"} <= set(names)
    for one in folder.catalog():
        assert f"{one.name}/notebook.ipynb" not in names


def test_the_same_sources_make_the_same_bytes():
    first = portable.packed()
    portable.packed.cache_clear()
    assert portable.packed() == first


def test_an_author_needs_python_alone(tool, people, laws_hold):
    made = tool("new", "shops")
    assert (made.returncode, made.stderr) == (0, ""), made.stderr
    assert folder.read(tool.work / "shops")["notebook.ipynb"].count(b"Shops")
    # The command that it tells to type next must be one that works here.
    assert made.stdout.rstrip().endswith(f"python {tool.file} check shops"), made.stdout
    pushed = tool("push", "shops", token=people.teacher)
    assert pushed.returncode == 0, pushed.stderr
    assert f"Version 1 of shops is accepted: students of {people.course} get it" in pushed.stdout
    again = tool("push", "shops", token=people.teacher)
    assert "is this already" in again.stdout and again.returncode == 0
    listed = tool("list", "--course", people.course, token=people.teacher)
    assert listed.stdout.splitlines()[1].split()[:2] == ["shops", "1"]


def test_what_it_cannot_do_it_says_in_a_sentence(tool, people):
    assert tool("new", "shops").returncode == 0
    for arguments, said in (
        (("push", "shops"), "Where is the exercises service?"),
        (("check", "nothing"), "There is no exercise at nothing"),
        (("new", "shops"), "is there already"),
        (("import", "shops", "bakery"), "nbgrader"),
    ):
        answer = tool(*arguments)
        assert answer.returncode == 2 and said in answer.stderr and "Traceback" not in answer.stderr, answer
    student = tool("push", "shops", token=people.ana)
    assert student.returncode == 2 and "You teach no course" in student.stderr


def test_a_course_repository_pushes_by_its_own_script(service, hub, tool, people, laws_hold, tmp_path):
    made = tool("course", "spark")
    assert made.returncode == 0, made.stderr
    repository = tool.work / "spark"
    assert {path.name for path in repository.iterdir()} == {
        ".github", ".gitignore", ".gitlab-ci.yml", "README.md", "ci.sh", "first-steps",
    }
    scope = f"custom:exercises:push!group=course-{people.course}-instructor"
    token = hub.token(f"teacher-{people.course}", scopes=[scope])
    environment = {"PATH": os.environ["PATH"], "TMPDIR": str(tmp_path), "EXERCISES_URL": service.url, "EXERCISES_TOKEN": token}

    def ci(*arguments, **more):
        command = ["sh", str(repository / "ci.sh"), *arguments]
        return subprocess.run(command, env={**environment, **more}, capture_output=True, text=True, timeout=SECONDS)

    pushed = ci("push")
    assert pushed.returncode == 0, pushed.stderr
    assert "=== first-steps" in pushed.stdout and "Version 1 of first-steps is accepted" in pushed.stdout
    assert "is this already" in ci("push").stdout
    (repository / "broken").mkdir()
    (repository / "broken" / "exercise.toml").write_text("points = 'many'\n")
    partly = ci("push")
    assert partly.returncode == 1 and "Failed: broken" in partly.stderr and "is this already" in partly.stdout
    assert ci("publish").returncode == 2
    assert "EXERCISES_TOKEN" in ci("push", EXERCISES_TOKEN="").stderr
