"""Pages for services that have none of their own.

A service has a module here of its own name with `router`, whose paths are below `/services/<name>`; each page depends on
`lab_platform.viewer.Viewing`. What needs the settings makes it from `request.app.state.settings`, or has a function
`prepare(app)` in its module, which is called once at the start.
"""

import importlib
import importlib.util
import logging

from fastapi import FastAPI

from lab_platform.settings import SettingsError

SERVICES = ("storage", "kafka")
log = logging.getLogger("lab_platform.consoles")


def mount(app: FastAPI) -> None:
    """Join the consoles that are there to the application."""
    for name in SERVICES:
        if importlib.util.find_spec(f"lab_platform.consoles.{name}") is None:
            continue
        try:
            module = importlib.import_module(f"lab_platform.consoles.{name}")
            if hasattr(module, "prepare"):
                module.prepare(app)
        except (ImportError, SettingsError):
            # Nobody is to be locked out of the rest for it.
            log.exception("no pages for %s", name)
            continue
        app.include_router(module.router, prefix=f"/services/{name}")
