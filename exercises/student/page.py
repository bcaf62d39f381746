"""A page of the lab for one exercise: fetch it, open it, hand it in, read its grade, by clicks and without a notebook. The
exercise's page at the hub leads here, and a whole class can be sent here: `/hub/user-redirect/dataflow/exercises/COURSE/NAME`.

Invariant: to look at it changes nothing. A button does what the function of that name does in a notebook, in the student's own lab,
and its words are the same; loading the page again, or pressing twice, hands nothing in twice. Whatever is heavier than the server
itself is loaded when somebody comes.
"""

import os
import secrets
from collections import OrderedDict
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join
from tornado import web
from tornado.ioloop import IOLoop

PATH = r"dataflow/exercises/([^/]+)/([^/]+)"
FETCH, SUBMIT, FEEDBACK, HISTORY = "fetch", "submit", "feedback", "history"
NOTEBOOK = "notebook.ipynb"
GRADE_SECONDS = 60
# What buttons said, until the page that follows has shown it.
MOST_SAID = 20


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "exercises.student.page"}]


def _load_jupyter_server_extension(server: Any) -> None:
    base = server.web_app.settings["base_url"]
    server.web_app.add_handlers(".*$", [(url_path_join(base, PATH), ExercisePage, {"said": OrderedDict()})])


class ExercisePage(JupyterHandler):
    """`said` holds panels by the word that leads to them."""

    def initialize(self, said: OrderedDict[str, Any]) -> None:
        self.said = said

    @web.authenticated
    async def get(self, course: str, name: str) -> None:
        panel = self.said.get(self.get_argument("said", ""))
        await self.show(course, name, panel)

    @web.authenticated
    async def post(self, course: str, name: str) -> None:
        action, key = self.get_argument("action", ""), self.get_argument("key", "")
        panel = await IOLoop.current().run_in_executor(None, lambda: done(action, course, name, key))
        if panel is None:
            raise web.HTTPError(400, f"no such action: {action[:40]!r}")
        word = secrets.token_urlsafe(8)
        self.said[word] = panel
        while len(self.said) > MOST_SAID:
            self.said.popitem(last=False)
        # The page that follows may be loaded again without doing it again.
        self.redirect(f"{self.request.path}?said={word}", status=303)

    async def show(self, course: str, name: str, panel: Any) -> None:
        told = await IOLoop.current().run_in_executor(None, lambda: look(course, name))
        if told is None:
            raise web.HTTPError(404)
        base = self.settings["base_url"]
        hub = os.environ.get("JUPYTERHUB_BASE_URL", "/")
        self.set_header("Cache-Control", "no-store")
        self.finish(
            template().render(
                **told,
                panel=panel,
                key=secrets.token_urlsafe(24),
                xsrf=self.xsrf_form_html(),
                notebook=url_path_join(base, "lab/tree", quote(f"exercises/{course}/{name}/{NOTEBOOK}")),
                service=f"{hub}services/exercises/courses/{quote(course)}/{quote(name)}",
            )
        )


def template() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from exercises.student import messages

    made = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined)
    made.globals.update(words=messages)
    return made.get_template("page.html")


def look(course: str, name: str, home: Path | None = None) -> dict[str, Any] | None:
    """Return how the exercise stands; None where the names cannot be any. What is in the way is told on the page."""
    from exercises.client import ClientError, from_environment
    from exercises.student import place, shown, work

    if not (work.plain(course) and work.plain(name)):
        return None
    found = place.of(home or Path.home(), course, name)
    stands, trouble = None, None
    try:
        stands = from_environment().exercise(course, name)
    except ClientError as error:
        trouble = shown.trouble(str(error))
    version = found.fetched().version if found.is_fetched else 0
    title = stands["title"] if stands else found.title
    return {"course": course, "name": name, "title": title, "stands": stands, "version": version, "trouble": trouble}


def done(action: str, course: str, name: str, key: str, home: Path | None = None) -> Any:
    """Do what a button says and return what there is to say about it; None for no button's action. Never raises."""
    from exercises.client import from_environment
    from exercises.student import commands, place, shown, work

    if not (work.plain(course) and work.plain(name)):
        return None
    found = place.of(home or Path.home(), course, name)
    acts = {
        # No link of the panel's own: the page has one that leads out of whatever frame it is in.
        FETCH: lambda client: shown.fetched(work.fetch(client, found), None),
        SUBMIT: lambda client: shown.submitted(work.submit(client, found, key or None)),
        HISTORY: lambda client: shown.history(found.title, client.submissions(course, name)),
        FEEDBACK: lambda client: commands.graded(client, None, name, course, seconds=GRADE_SECONDS, show=lambda _: None),
    }
    if action not in acts:
        return None
    return commands.words(lambda: acts[action](from_environment()))
