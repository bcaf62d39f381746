"""The same in a real kernel: panels, the list with its buttons, and saving before submitting."""

import os
import time

import pytest

from exercises.student import saving
from tests.exercises.service.samples import EXERCISE, grade_all
from tests.exercises.student.samples import hand_out, student_version
from tests.helpers.versions import ROOT

CELL_SECONDS = 60
# What a browser does, from within the kernel: press the button with this text, in this row.
PRESS = """
import gc, time
from exercises.student.overview import Overview
overview = next(one for one in gc.get_objects() if type(one) is Overview)
def buttons(box):
    for child in getattr(box, "children", ()):
        if type(child).__name__ == "Button":
            yield child
        yield from buttons(child)
def press(label):
    (button,) = [one for one in buttons(overview.box) if one.description == label]
    assert not button.disabled, label
    button.click()
def below():
    return overview._below.outputs[-1]["data"]["text/plain"]
"""


class Notebook:
    """A kernel and the messages that it sends."""

    def __init__(self, client) -> None:
        self._client = client

    def run(self, code: str) -> list[dict]:
        """Run a cell; return the data that it showed, updates included. Fails when the cell fails."""
        identity = self._client.execute(code)
        shown, end = [], time.monotonic() + CELL_SECONDS
        while True:
            message = self._client.get_iopub_msg(timeout=max(0.1, end - time.monotonic()))
            if message["parent_header"].get("msg_id") != identity:
                continue
            kind, content = message["msg_type"], message["content"]
            assert kind != "error", "\n".join(content["traceback"])
            if kind in ("display_data", "update_display_data", "execute_result"):
                shown.append(content["data"])
            if kind == "stream":
                shown.append({"text/plain": content["text"]})
            if kind == "status" and content["execution_state"] == "idle":
                return shown

    def said(self, code: str) -> str:
        return self.run(code)[-1]["text/plain"]


@pytest.fixture
def notebook(home):
    from jupyter_client.manager import start_new_kernel

    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(home), env=environment, startup_timeout=CELL_SECONDS)
    made = Notebook(client)
    # No page answers here; the wait for it is not what is tested.
    made.run("from exercises.student import saving\nsaving.ANSWER_SECONDS = 0.3")
    yield made
    client.stop_channels()
    manager.shutdown_kernel(now=True)


@pytest.fixture
def listed(notebook, service, people):
    hand_out(service, people, student_version(), attempts=3)
    (data,) = notebook.run("from exercises.student import *\nexercises()")[-1:]
    notebook.run(PRESS)
    return data


def test_the_list_is_a_widget_and_a_table(listed):
    assert set(listed) == {"application/vnd.jupyter.widget-view+json", "text/html", "text/plain"}
    assert "First steps" in listed["text/html"] and "not submitted" in listed["text/plain"]


def test_the_buttons_do_the_whole_way(listed, notebook, service, people, home):
    assert "version 1 is in ~/exercises/" in notebook.said("press('Fetch'); print(below())")
    assert (home / "exercises" / people.course / EXERCISE / "notebook.ipynb").is_file()
    assert "submission 1 was received" in notebook.said("press('Submit'); print(below())")
    assert "waiting to be graded" in notebook.said("press('Feedback'); time.sleep(0.5); print(below())")
    grade_all(service)
    wait = "end = time.time() + 20\nwhile '10 of 10' not in below() and time.time() < end: time.sleep(0.1)\nprint(below())"
    assert "10 of 10 points" in notebook.said(wait)
    row = "[one.value for one in overview._grids.children[0].children[1].children[7:13]]"
    wait = f"end = time.time() + 20\nwhile 'graded' not in {row} and time.time() < end: time.sleep(0.1)\nprint({row})"
    assert "10 of 10" in notebook.said(wait)
    assert "graded" in notebook.said("press('History'); print(below())")
    assert "your folder has submission 1 already" in notebook.said("press('Restore 1'); print(below())")
    hand_out(service, people, student_version(notes_dot_md=b"new"))
    assert "new: notes.md" in notebook.said("press('Refresh'); press('Fetch new version'); print(below())")


def test_a_double_click_submits_once(listed, notebook, clients, people):
    notebook.run("press('Fetch')\nold = [one for one in buttons(overview.box) if one.description == 'Submit'][0]")
    notebook.run("old.click(); old.click()")
    assert len(clients.ana.submissions(people.course, EXERCISE)) == 1
    notebook.run("time.sleep(1.1); old.click()")
    assert len(clients.ana.submissions(people.course, EXERCISE)) == 2


def test_a_button_tells_trouble_in_words(listed, notebook, service):
    notebook.run("press('Fetch')")
    service.stop()
    code = "import exercises.client as c; overview._client._pauses = (); press('Refresh'); print(below())"
    assert "cannot be reached" in notebook.said(code)


def test_a_panel_stands_in_one_place_and_is_updated(notebook, service, people, home):
    hand_out(service, people, student_version())
    notebook.run(f"from exercises.student import *\nimport os\nfetch({EXERCISE!r})")
    folder = home / "exercises" / people.course / EXERCISE
    notebook.run(f"os.chdir({str(folder)!r})")
    shown = notebook.run("submit()")
    assert "window.jupyterapp" in shown[0]["application/javascript"] and EXERCISE in shown[0]["application/javascript"]
    assert shown[1] == {"text/plain": ""} and "was received" in shown[2]["text/plain"] and "<div" in shown[2]["text/html"]
    assert len(shown) == 3
    shown = notebook.run("feedback(seconds=1)")
    assert "waiting to be graded (0 s)" in shown[0]["text/plain"] and "Look later" in shown[-1]["text/plain"]
    assert "visible checks" in notebook.said("check()") or "needs the kernel" in notebook.said("check()")


def test_an_old_notebook_is_asked_about(notebook, service, people, home, clients):
    hand_out(service, people, student_version())
    notebook.run(f"from exercises.student import *\nfetch({EXERCISE!r})")
    path = home / "exercises" / people.course / EXERCISE / "notebook.ipynb"
    os.utime(path, (time.time() - 600, time.time() - 600))
    text = notebook.said(f"submit({EXERCISE!r})")
    assert "last saved 10 min ago" in text and "submit(as_saved=True)" in text
    assert clients.ana.submissions(people.course, EXERCISE) == []
    assert "was received" in notebook.said(f"submit({EXERCISE!r}, as_saved=True)")


def test_the_page_saves_and_the_kernel_notices(tmp_path):
    path = tmp_path / "exercises" / "c" / "n" / "notebook.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text("{}")
    os.utime(path, (1, 1))
    seen = []

    def run(script):
        seen.append(script)
        path.write_text("{ }")

    began = time.monotonic()
    saving.saved(path.parent, tmp_path, run)
    assert time.monotonic() - began < saving.ANSWER_SECONDS
    assert '.startsWith("exercises/c/n/")' in seen[0]
