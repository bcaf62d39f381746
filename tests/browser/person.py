"""What a person does in the class, click by click.

Invariant: only what is on the page is used, the way a person would; each step has a deadline and
leaves a picture when it fails.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from tests.helpers.versions import ROOT
from tests.helpers.waiting import wait_until

SCREENSHOTS = ROOT / "screenshots"
SIZE = {"width": 1280, "height": 800}

STEP_SECONDS = 20
SPAWN_SECONDS = 120
RUN_SECONDS = 240

BUSY = "[*]:"


class Person:
    """One person with one browser window."""

    def __init__(self, page: Page, url: str, pictures: Path = SCREENSHOTS) -> None:
        self.page = page
        self.url = url.rstrip("/")
        self.pictures = pictures
        self.errors: list[str] = []
        page.set_default_timeout(STEP_SECONDS * 1000)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def picture(self, name: str) -> Path:
        """Save what is on the screen."""
        self.pictures.mkdir(parents=True, exist_ok=True)
        path = self.pictures / f"{name}.png"
        self.page.screenshot(path=path)
        return path

    # The hub

    def log_in(self, name: str, password: str) -> None:
        self.page.goto(f"{self.url}/hub/login")
        self.page.fill("#username_input", name)
        self.page.fill("#password_input", password)
        self.page.locator("form [type=submit]").first.click()

    def start_lab(self) -> None:
        """Press Start if the hub asks; return when the progress page is there."""
        self.page.goto(f"{self.url}/hub/home")
        start = self.page.locator("#start")
        with self.page.context.expect_page() if start.get_attribute("target") else _nothing():
            start.click()
        self.page = self.page.context.pages[-1]

    def wait_for_lab(self) -> None:
        """Wait until JupyterLab has loaded."""
        self.page.wait_for_url(re.compile(r".*/user/[^/]+/lab.*"), timeout=SPAWN_SECONDS * 1000)
        self.page.wait_for_selector("#jp-main-dock-panel", timeout=SPAWN_SECONDS * 1000)
        self.page.wait_for_selector("#main-panel .lm-TabBar-tab, .jp-Launcher")

    # JupyterLab

    @property
    def base(self) -> str:
        """The address of this person's server."""
        found = re.match(r"(.*?/user/[^/]+)/", self.page.url)
        assert found is not None, f"not on a person's server: {self.page.url}"
        return found[1]

    def open_lesson(self, path: str) -> None:
        """Open a notebook by its address and wait for its kernel."""
        self.page.goto(f"{self.base}/lab/tree/{path}")
        self.page.wait_for_selector(".jp-NotebookPanel .jp-Notebook", timeout=SPAWN_SECONDS * 1000)
        wait_until(self.idle, what="the kernel is idle", seconds=SPAWN_SECONDS)

    def menu(self, name: str, command: str) -> None:
        """Choose an entry of the menu bar."""
        self.page.locator(".lm-MenuBar-itemLabel", has_text=re.compile(f"^{name}$")).click()
        self.page.locator(f".lm-Menu-item[data-command='{command}']").click()

    def run_all(self) -> None:
        """Run > Run All Cells, and wait until the last one has run."""
        self.menu("Run", "runmenu:run-all")
        wait_until(
            lambda: self.idle() and not self.page.get_by_text(BUSY, exact=True).count(),
            what="all cells have run",
            seconds=RUN_SECONDS,
            every=1,
            log=lambda: f"see {self.picture('run-all-late')}",
        )

    def idle(self) -> bool:
        """Whether every kernel of this person's server is idle, by the server's own word."""
        answer = self.page.request.get(f"{self.base}/api/kernels")
        states = [kernel["execution_state"] for kernel in answer.json()] if answer.ok else []
        return bool(states) and set(states) == {"idle"}

    def cell(self, text: str) -> Locator:
        """Scroll to the cell that contains the text and return it."""
        cell = self.page.locator(".jp-Notebook .jp-Cell", has_text=text).first
        cell.scroll_into_view_if_needed()
        return cell

    def expect_text(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=STEP_SECONDS * 1000)


@contextmanager
def _nothing() -> Iterator[None]:
    yield


@contextmanager
def person(browser: Browser, url: str, pictures: Path = SCREENSHOTS) -> Iterator[Person]:
    """A person with a fresh browser window; a failed step leaves its picture."""
    context = browser.new_context(viewport=SIZE, device_scale_factor=1, locale="en-US")
    someone = Person(context.new_page(), url, pictures)
    try:
        yield someone
    except BaseException:
        someone.picture("failed")
        raise
    finally:
        context.close()
