"""The README's pictures, taken from a real class: `make screenshots`.

Invariant: nothing is staged that a newcomer would not see; each picture is a PNG of one browser window
and small enough for a repository.

usage: python -m tests.browser.screenshots [NAME...]
"""

import sys
import uuid
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser import chromium
from tests.browser.person import Person, person
from tests.helpers import stack
from tests.helpers.versions import ROOT

IMAGES = ROOT / "docs" / "images"
MOST_BYTES = 250_000
PALETTES = (256, 128, 64)

PASSWORD = "seven blue herons at noon"
COURSE = "course/{lesson}.ipynb"

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
    someone.choose_password(PASSWORD)
    log = someone.page.locator("#progress-log")
    expect(log).to_contain_text("Your container is started")
    save(someone.page, "start")
    someone.wait_for_lab()


def medallion(someone: Person) -> None:
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


def tracking(someone: Person) -> None:
    """Lesson 04, then MLflow's own page with its runs."""
    someone.open_lesson(COURSE.format(lesson="04_mlflow"))
    someone.run_all()
    page = someone.follow(someone.find(someone.output("mlflow_ui()").locator("a")))
    expect(page.locator("body")).to_contain_text("Experiments", timeout=90_000)
    page.wait_for_timeout(3_000)
    save(page, "mlflow-ui")
    page.close()


def streaming(someone: Person) -> None:
    """Lesson 05: what a stream left behind."""
    someone.open_lesson(COURSE.format(lesson="05_streaming"))
    someone.run_all()
    place(someone, someone.page.locator(".jp-OutputArea-output img"), 330)
    save(someone.page, "streaming")


CHAPTERS: dict[str, Callable[[Person], None]] = {
    "medallion": medallion,
    "tracking": tracking,
    "streaming": streaming,
}


def main(names: list[str]) -> None:
    chosen = [CHAPTERS[name] for name in names or CHAPTERS]
    made = stack.of_the_tests()
    with stack.running(made), chromium.browser() as browser:
        # One newcomer for each chapter: two kernels with Spark are more than one lab has.
        for chapter in chosen:
            with person(browser, made.url, Path(ROOT / "screenshots")) as someone:
                enter(someone, made)
                chapter(someone)


if __name__ == "__main__":
    main(sys.argv[1:])
