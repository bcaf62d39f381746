"""The tile "Exercises" on the lab's launcher: the service's page, in a tab of the lab.

Invariant: the tile is an address and nothing else: no process is started for it, and the page is the hub's own. Read by the lab's
server when it starts, so nothing heavier than the standard library is imported.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

TITLE = "Exercises"
NAME = "exercises"
SERVICE = "services/exercises/"
ICON = Path(__file__).with_name("exercises.svg")
# jupyter-server-proxy wants to know where a server listens, also where there is none beside the page.
NOWHERE = "/nonexistent/exercises"


def server_proxy_entry(environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the entry for jupyter-server-proxy's `servers`, to be named `exercises`; without a hub the tile is not shown."""
    environ = os.environ if environ is None else environ
    prefix, base = environ.get("JUPYTERHUB_SERVICE_PREFIX", ""), environ.get("JUPYTERHUB_BASE_URL", "/")
    tile = {"enabled": bool(prefix), "title": TITLE, "path_info": _from(prefix, base), "icon_path": str(ICON)}
    return {"unix_socket": NOWHERE, "launcher_entry": tile, "new_browser_tab": False}


def _from(prefix: str, base: str) -> str:
    """The way from the lab's own address up to the hub's, and down to the service."""
    own = prefix.removeprefix(base).strip("/")
    return "../" * len(own.split("/")) + SERVICE
