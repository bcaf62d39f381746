"""The pages of the service, as a student sees them in a browser: at a desk, on a phone, in the dark.

Pictures go to the git-ignored folder `screenshots`.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import chromium
from tests.browser.person import SCREENSHOTS
from tests.exercises.whole.conftest import NAME, OWN_PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}
SIZES = {"desk": {"viewport": DESK}, "phone": {"viewport": PHONE}, "dark": {"viewport": DESK, "color_scheme": "dark"}}


def picture(page: Page, name: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"exercises-{name}.png", full_page=True)


def log_in(page: Page, name: str) -> None:
    page.fill("#username_input", name)
    page.fill("#password_input", OWN_PASSWORD)
    page.locator("form [type=submit]").first.click()


@pytest.fixture(scope="module")
def browser():
    """One for this module: Playwright runs once at a time."""
    with chromium.browser() as browser:
        yield browser


@pytest.fixture(scope="module", params=SIZES)
def page(request, story, browser):
    """Ana's browser, on the list of her exercises, by the hub's own log-in."""
    context = browser.new_context(**SIZES[request.param])
    page = context.new_page()
    page.errors = []
    page.on("console", lambda message: page.errors.append(message.text) if message.type == "error" else None)
    page.look = request.param
    page.goto(story.url)
    log_in(page, story.ana.name)
    page.wait_for_url(re.compile(r".*/services/exercises/$"))
    yield page
    assert page.errors == []
    context.close()


def fits(page: Page) -> bool:
    """Nothing sticks out at the side."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_from_the_list_to_the_checks(page, story):
    expect(page.locator("body")).to_contain_text("10 of 10")
    picture(page, f"list-{page.look}")
    assert fits(page)
    page.get_by_role("link", name=re.compile("Shops")).first.click()
    expect(page).to_have_url(re.compile(f"/courses/{story.course}/{NAME}$"))
    picture(page, f"exercise-{page.look}")
    assert fits(page)
    page.locator("a[href*='/submissions/']").first.click()
    expect(page.locator("body")).to_contain_text("passed")
    picture(page, f"feedback-{page.look}")
    assert fits(page)


def test_the_api_is_described(page, story):
    page.goto(f"{story.url}api-docs")
    expect(page.locator("body")).to_contain_text("/api/courses/{course}/exercises")
    assert fits(page)


def test_from_the_hubs_page_into_the_lab_and_to_a_grade(story, browser):
    """Bruno clicks all the way, and hands in what he was given."""
    if not story.bruno.server():
        story.bruno.start()
    page = browser.new_context(viewport=DESK).new_page()
    try:
        page.goto(f"{story.url}courses/{story.course}/{NAME}")
        log_in(page, story.bruno.name)
        page.get_by_role("link", name="Open it in your lab").click()
        page.wait_for_url(re.compile(rf".*/user/{story.bruno.name}/dataflow/exercises/.*"))
        page.get_by_role("button", name="Fetch it").click()
        expect(page.get_by_role("status")).to_contain_text("version 1 is in ~/exercises/")
        page.get_by_role("button", name="Submit what is saved").click()
        expect(page.get_by_role("status")).to_contain_text("submission 1 was received")
        page.get_by_role("button", name="Grade and feedback").click()
        expect(page.get_by_role("status")).to_contain_text("0 of 10 points", timeout=90_000)
        picture(page, "in-lab")
        assert fits(page)
        page.get_by_role("link", name="Open the notebook").click()
        expect(page.locator(".jp-Notebook").first).to_contain_text("YOUR CODE HERE", timeout=60_000)
    finally:
        page.context.close()
        story.bruno.stop()


def test_the_desk_shows_the_class_and_the_notebook_that_the_graders_ran(story, browser):
    """As the teacher sees it, who has a browser of their own. What the student's check() found is there, and what the run left."""
    page = browser.new_context(viewport=DESK).new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(f"{story.url}desk/{story.course}")
    log_in(page, story.teacher.name)
    page.get_by_role("link", name=re.compile("Shops")).first.click()
    row = page.get_by_role("row").filter(has_text=story.ana.name)
    expect(row).to_contain_text("1 of 1 pass")
    picture(page, "desk-board")
    row.get_by_role("link", name=re.compile("UTC")).click()
    shown = page.frame_locator("iframe")
    expect(shown.locator(".answer")).to_contain_text("groupBy")
    picture(page, "desk-submission")
    for points, total in (("-1", "9 of 10"), ("0", "10 of 10")):
        page.get_by_label("Points to add").fill(points)
        page.get_by_label("Comment").fill("Well done.")
        page.get_by_role("button", name="Save").click()
        expect(page.locator("h1")).to_contain_text(total)
    assert errors == []
    page.context.close()
