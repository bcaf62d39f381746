"""Pages of the platform: one look, no script.

Invariant: every value is escaped; a template that asks for something it was not given fails in its test.
"""

from functools import cache
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined

from lab_platform import messages

HERE = Path(__file__).parent


@cache
def environment() -> Environment:
    """Templates of this folder and of `consoles/templates`, which may extend `base.html`."""
    folders = (HERE / "templates", HERE / "consoles" / "templates")
    loader = ChoiceLoader([FileSystemLoader(folder) for folder in folders])
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    made.globals["text"] = messages
    return made


def page(template: str, *, status: int = 200, **fields: Any) -> HTMLResponse:
    """Return a page made from a template."""
    return HTMLResponse(environment().get_template(template).render(**fields), status)


def told(status: int, message: str, title: str = messages.TITLE) -> HTMLResponse:
    """Return a page that says one thing."""
    return page("told.html", status=status, title=title, message=message)
