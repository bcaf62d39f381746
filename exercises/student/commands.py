"""What students call: `fetch("name")`, `submit()`, `history()`, `restore(n)`, `feedback()`.

Invariant: each shows one panel and returns nothing; a situation of the student's is told in words and never raises. What is done is
in `work`, how it looks in `shown`.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from exercises.client import Client, ClientError, from_environment
from exercises.student import messages, place, saving, shown, waiting, work
from exercises.student.place import Place, Trouble


def fetch(name: str | None = None, *, course: str | None = None) -> None:
    """Bring an exercise, or its newest version, into your home. What you changed stays as you changed it."""
    _say(lambda: fetched(from_environment(), name, course))


def submit(name: str | None = None, *, course: str | None = None, as_saved: bool = False) -> None:
    """Hand in the exercise of this folder. `as_saved` hands in what is on disk, however old it is."""
    _say(lambda: submitted(from_environment(), name, course, as_saved=as_saved, run=None if as_saved else _page()))


def history(name: str | None = None, *, course: str | None = None) -> None:
    """Show your submissions of the exercise."""
    _say(lambda: made(from_environment(), name, course))


def restore(number: int | None = None, name: str | None = None, *, course: str | None = None) -> None:
    """Bring a submission back into the folder. What is there now is kept beside it."""
    _say(lambda: restored(from_environment(), number, name, course))


def feedback(
    number: int | None = None, name: str | None = None, *, course: str | None = None, seconds: float = waiting.WAIT_SECONDS
) -> None:
    """Show the checks of a submission (default: the last). Waits up to `seconds` for the grade."""
    view = View()
    _say(lambda: graded(from_environment(), number, name, course, seconds=seconds, show=view.show), view)


# --- the same, for whoever shows panels in another way


def fetched(client: Client, name: str | None, course: str | None) -> shown.Panel:
    found = _find(client, name, course, "fetch")
    return shown.fetched(work.fetch(client, found), Path.cwd())


def submitted(
    client: Client, name: str | None, course: str | None, *, as_saved: bool = False, run: Callable[[str], None] | None = None
) -> shown.Panel:
    found = _find(client, name, course, "submit")
    if run is not None and not as_saved:
        saving.saved(found.folder, Path.home(), run)
    return shown.submitted(work.submit(client, found))


def made(client: Client, name: str | None, course: str | None) -> shown.Panel:
    found = _find(client, name, course, "history")
    return shown.history(found.title, client.submissions(found.course, found.name))


def restored(client: Client, number: int | None, name: str | None, course: str | None) -> shown.Panel:
    found = _find(client, name, course, "restore")
    if number is None:
        known = [str(one["number"]) for one in client.submissions(found.course, found.name)]
        text = messages.RESTORE_WHICH if known else messages.NO_SUBMISSIONS
        raise Trouble(text.format(numbers=", ".join(known), title=found.title))
    return shown.restored(work.restore(client, found, number, datetime.now()), Path.cwd())


def graded(
    client: Client,
    number: int | None,
    name: str | None,
    course: str | None,
    *,
    seconds: float,
    show: Callable[[shown.Panel], None],
    stopped: Callable[[], bool] = lambda: False,
) -> shown.Panel:
    found = _find(client, name, course, "feedback")
    one = work.numbered(client, found, number)
    try:
        told = waiting.wait(
            client, one["id"], lambda told, passed: show(shown.waiting(told, passed)), seconds=seconds, stopped=stopped
        )
    except KeyboardInterrupt:
        # Whoever stops waiting has seen how it stands; that is no failure.
        told = {**one, "checks": None}
    return shown.feedback(told)


def words(work_to_do: Callable[[], shown.Panel]) -> shown.Panel:
    """Return the panel, or the one that says what is in the way. Never raises, but for an interrupt."""
    try:
        return work_to_do()
    except (ClientError, Trouble) as error:
        return shown.trouble(str(error))
    except OSError as error:
        return shown.trouble(str(place.trouble(Path.home(), error)))
    except Exception as error:  # a fault of ours: the notebook goes on, and somebody can be told
        return shown.trouble(messages.UNEXPECTED.format(kind=type(error).__name__, reason=error))


def _find(client: Client, name: str | None, course: str | None, call: str) -> Place:
    return work.find(client, Path.home(), Path.cwd(), name, course, call)


def _say(work_to_do: Callable[[], shown.Panel], view: "View | None" = None) -> None:
    (view or View()).show(words(work_to_do))


class View:
    """One place in a cell's output, or lines of a terminal."""

    def __init__(self) -> None:
        self._handle: Any = None
        self._last = ""

    def show(self, panel: shown.Panel) -> None:
        if kernel() is None:
            if panel.plain != self._last:
                print(panel.plain)
            self._last = panel.plain
            return
        from IPython.display import display

        if self._handle is None:
            self._handle = display(panel.bundle(), raw=True, display_id=True)
        else:
            self._handle.update(panel.bundle(), raw=True)


def _page() -> Callable[[str], None] | None:
    """Return what shows the page a script, where there is a page."""
    if kernel() is None:
        return None

    def run(script: str) -> None:
        from IPython.display import display

        handle = display({"application/javascript": script, "text/plain": ""}, raw=True, display_id=True)
        # It has been run; it must not be run again whenever the notebook is opened.
        handle.update({"text/plain": ""}, raw=True)

    return run


def kernel() -> Any:
    """The kernel that this runs in; None in a terminal or a script."""
    try:
        from IPython import get_ipython
    except ImportError:
        return None
    return getattr(get_ipython(), "kernel", None)
