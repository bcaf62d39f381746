"""What a person does in the class, click by click.

Invariant: only what is on the page is used, the way a person would; each step has a deadline and
leaves a picture when it fails.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page

from tests.helpers.versions import ROOT
from tests.helpers.waiting import wait_until

SCREENSHOTS = ROOT / "screenshots"
SIZE = {"width": 1280, "height": 800}

STEP_SECONDS = 20
SPAWN_SECONDS = 120
# A lesson takes a minute on an idle machine; a busy one is no reason to fail.
RUN_SECONDS = 600
SCROLL_SECONDS = 0.2
MOST_SCREENS = 200

BUSY = "[*]:"
UNREACHABLE = "dialog[aria-label^='Server unavailable']"
NETWORK_CHANGED = "ERR_NETWORK_CHANGED"


class Person:
    """One person with one browser window."""

    def __init__(self, page: Page, url: str, pictures: Path = SCREENSHOTS) -> None:
        self.page = page
        self.url = url.rstrip("/")
        self.pictures = pictures
        self.errors: list[str] = []
        page.set_default_timeout(STEP_SECONDS * 1000)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.lost: list[str] = []
        page.on("requestfailed", lambda request: self.lost.append(f"{request.failure}"))
        page.add_locator_handler(page.locator(UNREACHABLE), self._carry_on)

    def _carry_on(self, dialog: Locator) -> None:
        """Dismiss JupyterLab's alarm if it was the browser that let go of its connections.

        Chromium does so whenever the machine gets or loses a network interface, which is what the
        start of any container does.
        """
        assert any(NETWORK_CHANGED in reason for reason in self.lost), (
            f"{dialog.inner_text()}\nfailed requests: {self.lost[-5:]}"
        )
        dialog.get_by_role("button", name="Dismiss").click()

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

    def choose_password(self, password: str) -> None:
        """Answer the page that follows a one-time password."""
        self.page.fill("#new_password", password)
        self.page.fill("#repeat_password", password)
        self.page.click("#choose_submit")

    def start_lab(self) -> None:
        """Press Start; the hub shows what happens until JupyterLab is there."""
        self.page.goto(f"{self.url}/hub/spawn")

    def wait_for_lab(self) -> None:
        """Wait until JupyterLab has loaded."""
        self.page.wait_for_url(re.compile(r".*/user/[^/]+/lab.*"), timeout=SPAWN_SECONDS * 1000)
        self.page.wait_for_selector("#jp-main-dock-panel", timeout=SPAWN_SECONDS * 1000)
        self.page.wait_for_selector("#jp-main-dock-panel .lm-TabBar-tab")

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
        wait_until(self.idle, what="the kernel is idle", seconds=SPAWN_SECONDS, every=1)

    def launcher(self) -> None:
        """Open the page with a tile for everything that can be started."""
        self.page.locator("#jp-main-dock-panel .lm-TabBar-addButton:visible").first.click()
        self.page.wait_for_selector(".jp-LauncherCard")

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

    def find(self, thing: Locator) -> Locator:
        """Scroll the notebook from its top until the thing is on the screen, and return it.

        JupyterLab keeps only the cells near the screen in the page.
        """
        notebook = self.page.locator(".jp-NotebookPanel .jp-WindowedPanel-outer").first
        notebook.evaluate("panel => panel.scrollTop = 0")
        for _ in range(MOST_SCREENS):
            if thing.count() and thing.first.is_visible():
                thing.first.scroll_into_view_if_needed()
                return thing.first
            moved = notebook.evaluate(
                "panel => { const was = panel.scrollTop; panel.scrollTop += panel.clientHeight / 2;"
                " return panel.scrollTop - was }"
            )
            self.page.wait_for_timeout(SCROLL_SECONDS * 1000)
            if not moved:
                break
        raise AssertionError(f"not in the notebook: {thing} (see {self.picture('not-found')})")

    def output(self, code: str) -> Locator:
        """The output below the cell whose code contains this text."""
        cells = self.page.locator(".jp-Notebook .jp-CodeCell")
        return cells.filter(has=self.page.locator(".jp-InputArea-editor", has_text=code)).locator(
            ".jp-OutputArea"
        )

    def follow(self, link: Locator) -> Page:
        """Click a link that opens a tab, and return the tab once it has loaded."""
        with self.page.context.expect_page() as opened:
            link.click()
        opened.value.set_default_timeout(STEP_SECONDS * 1000)
        opened.value.wait_for_load_state()
        return opened.value


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
