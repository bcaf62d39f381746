"""`exercises()`: the list of what there is, with a row of buttons for each.

Invariant: a button does what the function of its name does, and shows the same panel. The list is there without the buttons, too:
as a table where no widgets can be, as text where there is no notebook.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Mapping
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

from exercises.client import Client, ClientError, from_environment
from exercises.student import commands, messages, saving, shown, waiting, work
from exercises.student.place import Place, Trouble

# The second click of a double click waits while the first one submits; it must not cost an attempt.
TWICE_SECONDS = 1.0


def exercises(course: str | None = None) -> None:
    """Show your exercises: due times, what is left, status and grade; fetch, submit, history and feedback by buttons."""
    client: Client | None = None

    def look() -> shown.Panel:
        nonlocal client
        client = from_environment()
        return _together([shown.listed(name, found) for name, found in listed(client, course)])

    panel = commands.words(look)
    overview = _overview(client, course) if client is not None and commands.kernel() is not None else None
    if overview is None:
        commands.View().show(panel)
        return
    from IPython.display import display

    # Where widgets are not shown (a page on a forge, a terminal), the table is.
    data = {**panel.bundle(), "application/vnd.jupyter.widget-view+json": overview.view()}
    display(data, raw=True)


def listed(client: Client, course: str | None) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the exercises by course. Raises ClientError or Trouble."""
    courses = [course] if course else sorted(client.courses())
    if not courses:
        raise Trouble(messages.NO_COURSE)
    return [(name, client.exercises(name)) for name in courses]


def _together(panels: list[shown.Panel]) -> shown.Panel:
    return shown.Panel("\n\n".join(one.plain for one in panels), "".join(one.html for one in panels))


def _overview(client: Client, course: str | None) -> "Overview | None":
    try:
        import ipywidgets
    except ImportError:
        return None
    try:
        return Overview(ipywidgets, client, course)
    except Exception:  # the table has said what is in the way
        return None


class Overview:
    """The list's widgets. Callbacks run in the kernel's thread; only a wait for a grade has one of its own."""

    COLUMNS = "minmax(8em,1fr) repeat(5,auto) max-content"

    def __init__(self, ipywidgets: Any, client: Client, course: str | None) -> None:
        self._make, self._client, self._course = ipywidgets, client, course
        self._grids = ipywidgets.VBox([])
        self._below = ipywidgets.Output()
        self._buttons = ipywidgets.VBox([])
        # Counts the clicks; a wait for a grade ends at the next one.
        self._shows = 0
        self._submitted: dict[Place, float] = {}
        refresh = self._button(messages.BUTTON_REFRESH, self.refresh)
        self.box = ipywidgets.VBox([self._grids, refresh, self._below, self._buttons])
        self.refresh()

    def view(self) -> dict[str, Any]:
        return {"version_major": 2, "version_minor": 0, "model_id": self.box.model_id}

    def refresh(self) -> None:
        """Ask the service how things stand, and show that. Raises ClientError or Trouble."""
        rows = listed(self._client, self._course)
        self._grids.children = [self._grid(course, found) for course, found in rows]

    def show(self, panel: shown.Panel, buttons: list[Any] | None = None) -> None:
        """Show a panel below the list, in the place of the one before."""
        self._put(panel.bundle())
        self._buttons.children = buttons or []

    def _put(self, data: Mapping[str, Any]) -> None:
        # Set as a value, not printed into: that works from any thread.
        self._below.outputs = ({"output_type": "display_data", "data": dict(data), "metadata": {}},)

    def _grid(self, course: str, found: list[dict[str, Any]]) -> Any:
        title = self._text(messages.LIST_TITLE.format(course=course), strong=True)
        if not found:
            return self._make.VBox([title, self._text(messages.LIST_EMPTY)])
        cells = [self._text(text, strong=True) for text in (*messages.LIST_HEADINGS, "")]
        for one in found:
            cells += [self._text(text) for text in (one["title"], *shown.row(one))]
            cells.append(self._actions(one))
        layout = self._make.Layout(grid_template_columns=self.COLUMNS, grid_gap="2px 14px", align_items="center")
        return self._make.VBox([title, self._make.GridBox(cells, layout=layout)])

    def _actions(self, one: Mapping[str, Any]) -> Any:
        where = work.of(Path.home(), one["course"], one["name"])
        fetched = where.fetched().version if where.is_fetched else 0
        newer = bool(fetched) and one["version"] > fetched
        buttons = [
            self._button(messages.BUTTON_NEWER if newer else messages.BUTTON_FETCH, partial(self._fetch, where)),
            self._button(messages.BUTTON_SUBMIT, partial(self._submit, where), off=not fetched),
            self._button(messages.BUTTON_HISTORY, partial(self._history, where), off=not one["submissions"]),
            self._button(messages.BUTTON_FEEDBACK, partial(self._feedback, where), off=not one["submissions"]),
        ]
        return self._make.HBox(buttons)

    def _fetch(self, where: Place) -> None:
        self.show(commands.words(lambda: commands.fetched(self._client, where.name, where.course)))
        self.refresh()

    def _submit(self, where: Place, *, as_saved: bool = False) -> None:
        if time.monotonic() - self._submitted.get(where, -TWICE_SECONDS) < TWICE_SECONDS:
            return
        again: list[Any] = []

        def attempt() -> shown.Panel:
            try:
                return commands.submitted(self._client, where.name, where.course, as_saved=as_saved, run=self._run)
            except saving.NotSaved:
                again.append(self._button(messages.BUTTON_AS_SAVED, partial(self._submit, where, as_saved=True)))
                raise

        panel = commands.words(attempt)
        self.show(panel, again)
        if not again:
            self._submitted[where] = time.monotonic()
            self.refresh()

    def _run(self, script: str) -> None:
        self._put({"application/javascript": script, "text/plain": ""})

    def _history(self, where: Place) -> None:
        made: list[dict[str, Any]] = []

        def look() -> shown.Panel:
            made.extend(self._client.submissions(where.course, where.name))
            return shown.history(where.title, made)

        panel = commands.words(look)
        buttons = [
            self._button(messages.BUTTON_RESTORE.format(number=one["number"]), partial(self._restore, where, one["number"]))
            for one in reversed(made)
        ]
        layout = self._make.Layout(flex_flow="row wrap")
        self.show(panel, [self._make.HBox(buttons, layout=layout)] if buttons else [])

    def _restore(self, where: Place, number: int) -> None:
        self.show(commands.words(lambda: commands.restored(self._client, number, where.name, where.course)))
        self.refresh()

    def _feedback(self, where: Place) -> None:
        """Shows how it stands at once, and the grade when it is there; the kernel is free meanwhile."""
        mine = self._shows

        def wait() -> None:
            def look() -> shown.Panel:
                return commands.graded(
                    self._client,
                    None,
                    where.name,
                    where.course,
                    seconds=waiting.WAIT_SECONDS,
                    show=show,
                    stopped=lambda: mine != self._shows,
                )

            show(commands.words(look))
            if mine == self._shows:
                # The row above has its grade, too. Without the service it stays as it is.
                with contextlib.suppress(ClientError, Trouble):
                    self.refresh()

        def show(panel: shown.Panel) -> None:
            if mine == self._shows:
                self.show(panel)

        threading.Thread(target=wait, name="exercises-feedback", daemon=True).start()

    def _button(self, label: str, do: Callable[[], None], *, off: bool = False) -> Any:
        # As wide as its label, wherever it stands.
        layout = self._make.Layout(width="auto", flex="0 0 auto", align_self="flex-start")
        button = self._make.Button(description=label, disabled=off, layout=layout)

        def clicked(_: Any) -> None:
            self._shows += 1
            button.disabled = True
            try:
                do()
            except (ClientError, Trouble) as error:
                self.show(shown.trouble(str(error)))
            finally:
                button.disabled = off

        button.on_click(clicked)
        return button

    def _text(self, text: str, *, strong: bool = False) -> Any:
        form = "<b>{}</b>" if strong else "{}"
        return self._make.HTML(form.format(escape(text)), layout=self._make.Layout(margin="0"))
