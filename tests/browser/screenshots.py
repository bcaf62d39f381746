"""The README's pictures, taken from a real class: `make screenshots`.

Invariant: nothing is staged that a newcomer would not see; each picture is a PNG of one browser window
and small enough for a repository.

usage: python -m tests.browser.screenshots [NAME...]
"""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect

from exercises.client import Client
from tests.browser import chromium
from tests.browser.person import Person, person
from tests.helpers import hub_client, stack
from tests.helpers.held_start import held_start
from tests.helpers.versions import ROOT
from tests.helpers.waiting import wait_until

IMAGES = ROOT / "docs" / "images"
MOST_BYTES = 250_000
PALETTES = (256, 128, 64)

PASSWORD = "seven blue herons at noon"
COURSE = "course/{lesson}.ipynb"
EXERCISE, MISTAKE = "silver-quarantine", "first-reason-only"

TAKEN = "{path}: {size:.0f} kB"


def save(page: Page, name: str) -> None:
    """Take the picture, with as many colours as its size allows."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    path = IMAGES / f"{name}.png"
    page.screenshot(path=path)
    picture = Image.open(path).convert("RGB")
    for colours in PALETTES:
        picture.quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size <= MOST_BYTES:
            break
    print(TAKEN.format(path=path.relative_to(ROOT), size=path.stat().st_size / 1000), flush=True)


def place(someone: Person, thing: object, above: int = 260) -> None:
    """Scroll so that the thing is this many pixels below the top of the notebook."""
    found = someone.find(thing)  # type: ignore[arg-type]
    someone.page.evaluate(
        "([element, above]) => { const panel = document.querySelector('.jp-WindowedPanel-outer');"
        " panel.scrollTop += element.getBoundingClientRect().top"
        " - panel.getBoundingClientRect().top - above }",
        [found.element_handle(), above],
    )
    # No frame around a cell that nobody is working in, and room for the lesson.
    someone.page.mouse.move(640, 790)
    someone.page.wait_for_timeout(700)


def more_room(someone: Person) -> None:
    """Close the file browser."""
    someone.page.keyboard.press("Control+b")
    someone.page.wait_for_timeout(500)


def enter(someone: Person, made: stack.Stack) -> None:
    """From the login page to JupyterLab, with pictures of the way."""
    name = f"ana{uuid.uuid4().hex[:4]}"
    once = made.user(name)
    someone.page.goto(f"{someone.url}/hub/login")
    someone.page.fill("#username_input", name)
    save(someone.page, "login")
    someone.log_in(name, once)
    with held_start(made.lab(name)):
        someone.choose_password(PASSWORD)
        expect(someone.page.locator("#progress-log")).to_contain_text("Your container is started")
        save(someone.page, "start")
    someone.wait_for_lab()


def medallion(someone: Person, made: stack.Stack) -> None:
    """Lesson 00: text and diagram, a table, a plot, a self-check, Spark's own page."""
    someone.open_lesson(COURSE.format(lesson="00_medallion_architecture"))
    someone.page.wait_for_timeout(2_000)
    save(someone.page, "lesson")
    someone.run_all()
    more_room(someone)
    place(someone, someone.output("SELECT * FROM bronze.sales").locator("table"), 330)
    save(someone.page, "table")
    place(someone, someone.page.locator(".jp-OutputArea-output img"), 480)
    save(someone.page, "plot")
    page = someone.follow(someone.find(someone.output("spark_ui()").locator("a")))
    expect(page.locator("body")).to_contain_text("Completed Jobs")
    save(page, "spark-ui")
    page.close()


def tracking(someone: Person, made: stack.Stack) -> None:
    """Lesson 04, then MLflow's own page with its runs."""
    someone.open_lesson(COURSE.format(lesson="04_mlflow"))
    someone.run_all()
    page = someone.follow(someone.find(someone.output("mlflow_ui()").locator("a")))
    expect(page.locator("body")).to_contain_text("Experiments", timeout=90_000)
    page.wait_for_timeout(3_000)
    save(page, "mlflow-ui")
    page.close()


def streaming(someone: Person, made: stack.Stack) -> None:
    """Lesson 05: what a stream left behind."""
    someone.open_lesson(COURSE.format(lesson="05_streaming"))
    someone.run_all()
    place(someone, someone.page.locator(".jp-OutputArea-output img"), 330)
    save(someone.page, "streaming")


def _lesson(someone: Person, lesson: str, picture: str, shown: Callable[[], object], above: int) -> None:
    """Run a lesson to its end and take what it shows."""
    someone.open_lesson(COURSE.format(lesson=lesson))
    someone.run_all()
    more_room(someone)
    place(someone, shown(), above)
    save(someone.page, picture)


def plans(someone: Person, made: stack.Stack) -> None:
    """Lesson 13: a plan with its shuffles, scans and joins marked."""
    _lesson(someone, "13_reading_plans", "plan", lambda: someone.page.locator(".dataflow-plan"), 200)


def maintenance(someone: Person, made: stack.Stack) -> None:
    """Lesson 12: small files, before and after."""
    _lesson(someone, "12_table_maintenance", "small-files", lambda: someone.page.locator(".jp-OutputArea-output img"), 260)


def recovery(someone: Person, made: stack.Stack) -> None:
    """Lesson 16: batches, a killed JVM, and what came after."""
    _lesson(someone, "16_crash_recovery", "crash", lambda: someone.page.locator(".jp-OutputArea-output img"), 260)


def _in_the_lab(someone: Person) -> None:
    """The launcher's tile, and the list with what Fetch did."""
    page = someone.page
    someone.launcher()
    save(page, "exercises-launcher")
    page.locator(".jp-LauncherCard", has_text="Spark + Delta").first.click()
    # A cell that is run before its kernel is there is not run at all.
    wait_until(someone.idle, what="the kernel is idle", seconds=90, every=1)
    page.locator(".jp-Notebook .jp-Cell .cm-content").first.click()
    page.keyboard.type("from exercises.student import *\nexercises()")
    page.keyboard.press("Shift+Enter")
    expect(page.locator(".jp-OutputArea-output").get_by_role("button", name="Fetch").first).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Fetch").first.click()
    page.wait_for_timeout(3_000)
    save(page, "exercises-list")


def _at_work(someone: Person, ana: hub_client.Person, course: str) -> None:
    """check() in the exercise's own notebook, with the answers of somebody who made a known mistake, and the receipt."""
    lab = hub_client.Lab(ana)
    path = f"exercises/{course}/{EXERCISE}/notebook.ipynb"
    book = answered(lab.request("GET", f"api/contents/{path}").json()["content"], MISTAKE)
    hand_in = {"cell_type": "code", "metadata": {}, "source": "from exercises.student import submit\nsubmit()"}
    book["cells"].append({**hand_in, "id": "hand-in", "outputs": [], "execution_count": None})
    # Two kernels with Spark are more than one lab has.
    for kernel in lab.request("GET", "api/kernels").json():
        lab.request("DELETE", f"api/kernels/{kernel['id']}")
    lab.request("PUT", f"api/contents/{path}", json={"type": "notebook", "format": "json", "content": book})
    # What was open would ask which kernel it gets instead.
    someone.open_lesson(path + "?reset")
    someone.run_all()
    more_room(someone)
    place(someone, someone.page.get_by_text("visible checks pass").first, 330)
    save(someone.page, "exercises-check")
    place(someone, someone.page.get_by_text("was received").first, 330)
    save(someone.page, "exercises-receipt")


def _at_the_desk(someone: Person, service: str, course: str, teacher: str) -> None:
    """The class board and a submission, in a browser of the teacher's own."""
    browser = someone.page.context.browser
    assert browser is not None
    page = browser.new_context(viewport=someone.page.viewport_size).new_page()
    page.goto(f"{service}desk/{course}/exercises/{EXERCISE}")
    page.fill("#username_input", teacher)
    page.fill("#password_input", PASSWORD)
    page.locator("form [type=submit]").first.click()
    expect(page.locator(".board")).to_be_visible()
    save(page, "exercises-desk")
    page.context.close()


def exercises(someone: Person, made: stack.Stack) -> None:
    """A class in small: somebody teaches, the newcomer fetches, submits a known mistake and reads what is wrong."""
    name = someone.page.url.partition("/user/")[2].partition("/")[0]
    course = "spark1"
    teacher = f"joao{uuid.uuid4().hex[:4]}"
    token = hub_client.log_in(made.url, teacher, made.user(teacher), PASSWORD).token
    made.script("member", course, teacher, "instructor")
    made.script("member", course, name, "student")
    service = f"{made.url}/services/exercises/"
    environment = {**os.environ, "EXERCISES_TOKEN": token, "EXERCISES_URL": service, "PYTHONPATH": str(ROOT)}
    due = (datetime.now(UTC) + timedelta(days=6, hours=5)).isoformat(timespec="minutes")
    push = [sys.executable, "-m", "exercises", "push", EXERCISE, "--course", course, "--due", due]
    subprocess.run(push, cwd=ROOT / "exercises" / "catalog", env=environment, check=True)
    _in_the_lab(someone)
    ana = hub_client.log_in(made.url, name, PASSWORD)
    _at_work(someone, ana, course)
    student = Client(service, ana.token)
    (receipt,) = student.submissions(course, EXERCISE)
    wait_until(lambda: student.submission(receipt["id"])["status"] == "graded", what="a grade", seconds=120)
    someone.page.goto(f"{service}submissions/{receipt['id']}")
    save(someone.page, "exercises-feedback")
    someone.page.goto(service)
    save(someone.page, "exercises-page")
    someone.page.goto(f"{service}courses/{course}/{EXERCISE}")
    someone.page.get_by_role("link", name="Open it in your lab").click()
    expect(someone.page.get_by_role("button", name="Submit what is saved")).to_be_visible(timeout=30_000)
    save(someone.page, "exercises-in-lab")
    _at_the_desk(someone, service, course, teacher)


def answered(handed_out: dict, mistake: str) -> dict:
    """The student's notebook with the solution's answers, but for those of a wrong answer of the catalog."""
    folder = ROOT / "exercises" / "catalog" / EXERCISE
    answers: dict[str, str] = {}
    for path in (folder / "notebook.ipynb", folder / "wrong" / f"{mistake}.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            told = cell["metadata"].get("nbgrader", {})
            if told.get("solution"):
                lines = "".join(cell["source"]).splitlines()
                answers[told["grade_id"]] = "\n".join(line for line in lines if not line.strip().startswith("### "))
    for cell in handed_out["cells"]:
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
        cell["source"] = answers.get(grade_id, cell["source"])
    return handed_out


CHAPTERS: dict[str, Callable[[Person, stack.Stack], None]] = {
    "medallion": medallion,
    "tracking": tracking,
    "streaming": streaming,
    "plans": plans,
    "maintenance": maintenance,
    "recovery": recovery,
    "exercises": exercises,
}


def main(names: list[str]) -> None:
    chosen = [CHAPTERS[name] for name in names or CHAPTERS]
    made = stack.of_the_tests()
    with stack.running(made), chromium.browser() as browser:
        # One newcomer for each chapter: two kernels with Spark are more than one lab has.
        for chapter in chosen:
            with person(browser, made.url, Path(ROOT / "screenshots")) as someone:
                enter(someone, made)
                chapter(someone, made)


if __name__ == "__main__":
    main(sys.argv[1:])
