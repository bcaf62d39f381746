"""What a lab tells its person while they work, without a reload: announcements, the limits, what they closed."""

import uuid

import pytest

from tests.browser.person import person
from tests.helpers.stack import Stack

pytestmark = pytest.mark.docker

# The page asks every 15 s, and the lab's server asks the hub at most every 10 s.
SEEN_SECONDS = 40


def test_an_announcement_reaches_somebody_who_works(the_class: Stack, browser):
    name, said = f"zoe{uuid.uuid4().hex[:6]}", f"Room {uuid.uuid4().hex[:6]} <b>& not</b> the other"
    password = the_class.user(name)
    with person(browser, the_class.url) as zoe:
        zoe.log_in(name, password)
        zoe.choose_password("my very own words")
        zoe.start_lab()
        zoe.wait_for_lab()
        line = zoe.page.locator(".jp-DataflowDesk-status")
        line.get_by_text("Memory").wait_for()
        assert " of 2 GiB | CPU " in line.inner_text() and "Processes" in line.get_attribute("title")
        identity = the_class.script("announce", said, "10m", "warning").split()[0]
        toast = zoe.page.locator(".jp-toast-message", has_text=said)
        toast.wait_for(timeout=SEEN_SECONDS * 1000)
        # Closed, it stays closed, also in a page that is loaded again.
        zoe.page.locator(".Toastify__toast", has=toast).locator(".jp-Notification-Toast-Close").click()
        toast.wait_for(state="detached")
        zoe.page.wait_for_timeout(16_000)
        zoe.page.reload()
        zoe.wait_for_lab()
        line.get_by_text("Memory").wait_for()
        zoe.page.wait_for_timeout(2_000)
        assert toast.count() == 0
        # On the hub's pages it is as long as it holds.
        zoe.page.goto(f"{the_class.url}/hub/home")
        zoe.page.locator(".announcement", has_text=said).wait_for()
        the_class.script("announce", "", "", "", "", identity)
        zoe.page.reload()
        assert zoe.page.locator(".announcement", has_text=said).count() == 0
        assert zoe.errors == []
