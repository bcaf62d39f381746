"""The lab's page of an exercise, served by a real Jupyter server with Ana's home, and walked with a browser's cookies and forms."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from exercises.student import messages
from tests.exercises.service.classroom import free_ports, wait_for
from tests.exercises.service.samples import EXERCISE, grade_all
from tests.exercises.student.samples import hand_out, student_version
from tests.helpers.versions import ROOT

pytestmark = pytest.mark.service

TOKEN, START_SECONDS = "of-the-test", 40


@pytest.fixture
def lab(home, tmp_path, monkeypatch):
    """The address of a server of the student's, and a browser that is logged in to it."""
    port = free_ports(1)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    options = [f"--ServerApp.port={port}", f"--IdentityProvider.token={TOKEN}", "--ServerApp.allow_root=True", "--no-browser"]
    options += ["--ServerApp.jpserver_extensions=exercises.student.page=True", f"--ServerApp.root_dir={home}"]
    with (tmp_path / "server.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "jupyter_server", *options], cwd=home, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"

    def answers() -> bool:
        try:
            return requests.get(f"{address}/api", timeout=2).ok
        except requests.ConnectionError:
            return process.poll() is not None

    browser = requests.Session()
    try:
        wait_for(answers, START_SECONDS)
        assert browser.get(f"{address}/api/status", params={"token": TOKEN}, timeout=10).ok, (tmp_path / "server.log").read_text()
        yield address, browser
    finally:
        process.terminate()
        process.wait(20)


class Page:
    """The page as the browser has it."""

    def __init__(self, browser: requests.Session, url: str) -> None:
        self.browser, self.url = browser, url
        self.answer = browser.get(url, timeout=30)
        self.text = self.answer.text

    def press(self, action: str) -> "Page":
        """Press a button; the page shows afterwards what came of it."""
        assert f'value="{action}"' in self.text, self.text
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', self.text))
        answer = self.browser.post(self.url, data={**fields, "action": action}, timeout=90, allow_redirects=False)
        assert answer.status_code == 303, answer.text
        return Page(self.browser, self.url.partition("/dataflow")[0] + answer.headers["Location"])

    def press_twice(self, action: str) -> None:
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', self.text))
        for _ in range(2):
            assert self.browser.post(self.url, data={**fields, "action": action}, timeout=90).ok


def test_by_clicks_from_nothing_to_the_grade(lab, home, service, people):
    hand_out(service, people, student_version(), attempts=3)
    address, browser = lab
    page = Page(browser, f"{address}/dataflow/exercises/{people.course}/{EXERCISE}")
    assert "First steps" in page.text and messages.PAGE_NOT_FETCHED in page.text
    folder = home / "exercises" / people.course / EXERCISE
    assert not folder.exists(), "to look at it has changed something"
    page = page.press("fetch")
    assert (folder / "notebook.ipynb").is_file() and "version 1 is in" in page.text
    assert f'href="/lab/tree/exercises/{people.course}/{EXERCISE}/notebook.ipynb" target="_top"' in page.text
    book = folder / "notebook.ipynb"
    book.write_text(book.read_text().replace("# First steps", "# My first steps"))
    page = page.press("fetch")
    assert "First steps" in page.text and "# My first steps" in book.read_text()
    page = page.press("submit")
    assert "submission 1 was received" in page.text
    # Loading the page again hands nothing in, and neither does a second press of one page's button.
    assert "submission 1 was received" in Page(browser, page.url).text
    page.press_twice("submit")
    grade_all(service, points=4)
    page = page.press("feedback")
    assert "submission 2: 4 of 10 points" in page.text and "not passed" in page.text
    assert "4 of 10" in page.press("history").text


def test_what_is_in_the_way_is_told(lab, service, people, home):
    address, browser = lab
    for name in ("nothing-there", "%2e%2e", "a%2fb"):
        page = Page(browser, f"{address}/dataflow/exercises/{people.course}/{name}")
        assert page.answer.status_code in (200, 404)
        if page.answer.ok:
            assert 'role="alert"' in page.text
            assert 'role="alert"' in page.press("fetch").text
    assert not [path for path in home.rglob("*") if "exercises" in path.parts[-2:]]
    stranger = requests.get(f"{address}/dataflow/exercises/{people.course}/{EXERCISE}", timeout=10, allow_redirects=False)
    assert stranger.status_code in (302, 403)


def test_a_form_of_another_site_does_nothing(lab, service, people, home):
    hand_out(service, people, student_version())
    address, browser = lab
    url = f"{address}/dataflow/exercises/{people.course}/{EXERCISE}"
    assert browser.post(url, data={"action": "fetch"}, timeout=30).status_code == 403
    assert not (Path(home) / "exercises").exists()
    assert requests.post(url, data={"action": "fetch"}, headers={"Authorization": f"token {TOKEN}"}, timeout=30).ok
    odd = requests.post(url, data={"action": "rm"}, headers={"Authorization": f"token {TOKEN}"}, timeout=30)
    assert odd.status_code == 400
