"""What was written in the browser, brought to disk before it is handed in.

Invariant: what is handed in was saved by the browser just now, or by the student a moment ago, or the student said that it is the
one. A kernel cannot save; the page that shows the notebook can, where the lab lets it (`LabApp.expose_app_in_browser`).
"""

import json
import time
from collections.abc import Callable
from pathlib import Path

from exercises.student import messages, times
from exercises.student.packing import NOTEBOOK
from exercises.student.place import Trouble

ANSWER_SECONDS = 3.0
LOOK_SECONDS = 0.1
# Saved so recently that the student has just pressed the keys.
FRESH_SECONDS = 20.0

# Every open document below the folder is saved, and nothing else; without the application in the page it does nothing.
# A moment later, when this script itself is out of the cell's output again and is not saved with it.
SCRIPT = """setTimeout(() => {
  const app = window.jupyterapp;
  if (!app) { return; }
  for (const widget of app.shell.widgets('main')) {
    const context = widget.context;
    if (context && context.path && context.path.startsWith(%s)) { context.save(); }
  }
}, 250);"""


class NotSaved(Trouble):
    """The notebook on disk may be older than the one in the browser."""


def script(folder: Path, root: Path) -> str:
    """Return the page's part; `root` is the folder that the lab's server shows."""
    try:
        path = folder.relative_to(root).as_posix() + "/"
    except ValueError:
        path = folder.as_posix() + "/"
    return SCRIPT % json.dumps(path)


def saved(folder: Path, root: Path, run: Callable[[str], None]) -> None:
    """Have the page save the folder's open documents; `run` shows it a script. Raises NotSaved."""
    notebook = folder / NOTEBOOK
    before = _changed(notebook)
    if before is None:
        return
    run(script(folder, root))
    end = time.monotonic() + ANSWER_SECONDS
    while time.monotonic() < end:
        if _changed(notebook) != before:
            return
        time.sleep(LOOK_SECONDS)
    ago = time.time() - before
    if ago > FRESH_SECONDS:
        raise NotSaved(messages.NOT_SAVED.format(ago=times.length(ago)))


def _changed(path: Path) -> float | None:
    try:
        return path.stat().st_mtime
    except OSError:
        return None
