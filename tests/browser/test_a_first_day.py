"""A newcomer's first day, from the one-time password to Spark's own pages.

Invariant: one person walks through once; each test looks at one thing that was promised, and the
first one that fails leaves its picture in screenshots/.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.person import Person, person
from tests.helpers.held_start import held_start
from tests.helpers.stack import Stack
from tests.helpers.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1200)]

LESSON = "course/00_medallion_architecture.ipynb"
OWN_PASSWORD = "seven blue herons at noon"


@pytest.fixture(scope="module")
def ana(browser: Browser, the_class: Stack) -> Iterator[Person]:
    with person(browser, the_class.url) as someone:
        yield someone
        assert someone.errors == [], "the pages' own scripts failed"


def test_a_one_time_password_lets_nobody_further_than_choosing_an_own(ana, newcomer):
    name, once = newcomer
    ana.log_in(name, once)
    expect(ana.page.locator("#new_password")).to_be_visible()
    ana.picture("choose-password")
    ana.page.goto(f"{ana.url}/hub/home")
    expect(ana.page.locator("#logout")).to_have_count(0)


def test_an_own_password_leads_to_a_lab_whose_start_explains_itself(ana, newcomer, the_class):
    name, once = newcomer
    ana.log_in(name, once)
    with held_start(the_class.lab(name)):
        ana.choose_password(OWN_PASSWORD)
        expect(ana.page.get_by_text("Your lab is starting")).to_be_visible()
        expect(ana.page.locator("#progress-log")).to_contain_text("Your container is started")
        ana.picture("spawn")
    ana.wait_for_lab()
    assert f"/user/{name}/lab/tree/course" in ana.page.url
    # The landing page, shown and not as text to edit; its links open lessons.
    page = ana.page.locator(".jp-RenderedMarkdown")
    expect(page.get_by_role("heading", name="The course")).to_be_visible()
    expect(page.get_by_role("link", name="00 Medallion architecture").first).to_be_visible()
    ana.picture("lab")


def test_a_lesson_runs_to_its_last_cell(ana):
    ana.open_lesson(LESSON)
    ana.run_all()
    ana.picture("lesson-end")
    last = ana.page.locator(".jp-Notebook .jp-CodeCell").last
    expect(last.locator(".jp-InputPrompt")).to_have_text(re.compile(r"\[\d+\]:"))


def test_a_query_shows_its_rows_as_a_table(ana):
    table = ana.find(ana.output("SELECT * FROM bronze.sales").locator("table"))
    ana.picture("table")
    expect(table.locator("tbody tr")).to_have_count(5)
    expect(table).to_contain_text("customer")


def test_a_picture_is_drawn(ana):
    plot = ana.find(ana.page.locator(".jp-OutputArea-output img"))
    ana.picture("plot")
    assert plot.evaluate("image => image.naturalWidth") > 300


def test_a_task_says_that_it_is_not_answered_yet(ana):
    panel = ana.find(ana.output('check("00-log-rows"').locator(".dataflow-panel"))
    ana.picture("task")
    expect(panel).to_contain_text("not answered yet")


def test_the_status_bar_shows_memory_against_the_limit(ana):
    bar = ana.page.locator("#jp-main-statusbar")
    # It is asked for every few seconds.
    found = wait_until(
        lambda: re.search(r"Memory (\d+) MiB of (\d+) GiB", bar.inner_text()),
        what="the memory in the status bar",
        seconds=60,
        every=1,
        log=bar.inner_text,
    )
    assert 0 < int(found[1]) < 1024 * int(found[2]), found[0]


def test_sparks_own_pages_are_one_click_away(ana):
    page = ana.follow(ana.find(ana.output("spark_ui()").locator("a")))
    expect(page).to_have_title(re.compile("Spark Jobs"))
    expect(page.locator("body")).to_contain_text("Completed Jobs")
    page.screenshot(path=ana.pictures / "spark.png")
    # Its pages link to each other through the hub too.
    page.get_by_role("link", name="Stages").first.click()
    expect(page).to_have_title(re.compile("Stages"))
    page.close()


def test_mlflows_own_pages_are_one_click_away(ana):
    ana.launcher()
    page = ana.follow(ana.page.locator(".jp-LauncherCard", has_text="MLflow"))
    expect(page.locator("body")).to_contain_text("Experiments", timeout=90_000)
    page.screenshot(path=ana.pictures / "mlflow.png")
    page.close()
