"""What a lab says whose home is far too large, and one that nobody uses; pictures of it are in screenshots/.

DATAFLOW_TEST_FULL=1 alone: a home is measured once a minute, nobody has to use a lab for longer than that, and the hub starts again
before and after it: five minutes in all. tests/hub/test_culler.py has the same without a browser, every time.
"""

import os
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from playwright.sync_api import Browser

from tests.browser.person import Person, person
from tests.helpers.stack import Stack

pytestmark = [
    pytest.mark.docker,
    pytest.mark.skipif(not os.environ.get("DATAFLOW_TEST_FULL"), reason="takes five minutes: DATAFLOW_TEST_FULL=1"),
]
QUOTA_MB = 16
# The page asks every 15 s, in the background every 30; a small home is measured once a minute.
SEEN_SECONDS, MEASURED_SECONDS = 45, 60
# Longer than JupyterLab's slowest question, once a minute also from a page in the background.
IDLE_SECONDS = 150
# Its person is warned in the second half of that; some rounds of looking for idle labs.
KEPT_SECONDS = 20
# What a browser says of a tab behind another one; `away` is for the test to set.
BEHIND_ANOTHER = """
Object.defineProperty(document, "hidden", { get: () => Boolean(window.away) });
Object.defineProperty(document, "visibilityState", { get: () => (window.away ? "hidden" : "visible") });
"""
TURN = "away => { window.away = away; document.dispatchEvent(new Event('visibilitychange')); }"


def hub_with(of: Stack, **settings: str) -> None:
    replace(of, more={**of.more, **settings}).script(
        "compose", "up", "--detach", "--wait", "--wait-timeout", "120", "--no-build", "hub"
    )


@pytest.fixture(scope="module")
def tight(the_class: Stack) -> Iterator[Stack]:
    """The class with a small quota and little patience."""
    hub_with(the_class, HOME_QUOTA=f"{QUOTA_MB}M", CULL_IDLE_SECONDS=str(IDLE_SECONDS), CULL_EVERY_SECONDS="5")
    yield the_class
    hub_with(the_class)


@contextmanager
def somebody(tight: Stack, browser: Browser, given: str) -> Iterator[Person]:
    """Somebody new, in their lab."""
    name = f"{given}{uuid.uuid4().hex[:6]}"
    password = tight.user(name)
    with person(browser, tight.url) as somebody:
        somebody.page.add_init_script(BEHIND_ANOTHER)
        somebody.log_in(name, password)
        somebody.choose_password("my very own words")
        somebody.start_lab()
        somebody.wait_for_lab()
        yield somebody


def test_a_full_home_is_said_in_the_lab(tight: Stack, browser: Browser) -> None:
    with somebody(tight, browser, "eva") as eva:
        token = eva.page.evaluate("document.cookie.match(/_xsrf=([^;]+)/)?.[1] ?? ''")
        large = {"type": "file", "format": "text", "content": "x" * (2 * QUOTA_MB << 20)}
        saved = eva.page.request.put(f"{eva.base}/api/contents/large.txt", data=large, headers={"X-XSRFToken": token})
        assert saved.status == 201, saved.text()
        toast = eva.page.locator(".Toastify__toast", has_text="no notebook can be started")
        toast.wait_for(timeout=(MEASURED_SECONDS + SEEN_SECONDS) * 1000)
        assert f"far more than its {QUOTA_MB} MiB" in toast.inner_text()
        # It slides in.
        eva.page.wait_for_timeout(1_000)
        eva.picture("home-full-notification")
        toast.get_by_role("button", name="Read it all").click()
        dialog = eva.page.locator(".jp-Dialog-content")
        dialog.get_by_text("then start the notebook").wait_for()
        eva.picture("home-full-dialog")
        dialog.get_by_role("button", name="Ok").click()
        # A notebook says why it does not start.
        eva.launcher()
        eva.page.locator(".jp-LauncherCard", has_text="Spark + Delta").first.click()
        dialog.get_by_text("Delete what you no longer need until it holds less than").wait_for()
        eva.picture("home-full-notebook")


def test_a_lab_that_nobody_uses_says_so_and_can_be_kept(tight: Stack, browser: Browser) -> None:
    with somebody(tight, browser, "max") as max:
        max.page.evaluate(TURN, True)
        toast = max.page.locator(".Toastify__toast", has_text="Nobody is using this lab: it stops in")
        toast.wait_for(timeout=(IDLE_SECONDS + SEEN_SECONDS) * 1000)
        # The tab itself says it to somebody who looks at another.
        assert re.match(r"\(.+\) ", max.page.title()), max.page.title()
        max.page.evaluate(TURN, False)
        # It slides in.
        max.page.wait_for_timeout(1_000)
        max.picture("stops-soon")
        toast.get_by_role("button", name="Keep it").click()
        toast.wait_for(state="detached")
        # Without a word from its person it would have stopped by now.
        max.page.evaluate(TURN, True)
        max.page.wait_for_timeout((IDLE_SECONDS / 2 + KEPT_SECONDS) * 1000)
        assert max.page.request.get(f"{max.base}/api/status").ok
        assert max.errors == []
