"""The lab's server without what it never uses: more than half of the processor time of a start was spent on loading it.

Invariant: nothing is taken away that a server could miss. What is lazy is loaded by its first use, whole and as ever; what is
refused is optional to whoever asks for it; the one class that is replaced is only compared with. It concerns the server's process
alone: kernels are processes of their own and load what they like.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import sys
import types
from collections.abc import Sequence

# The hub's database, which only the hub itself has.
LAZY = frozenset({"jupyterhub.orm", "jupyterhub.roles", "alembic", "alembic.command"})
# Checks addresses in JSON schemas that no lab has; builds a grammar when it is loaded, a third of a server's start.
REFUSED = frozenset({"rfc3987_syntax"})


class LightFinder(importlib.abc.MetaPathFinder):
    """Stands before Python's own finders."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname in REFUSED:
            raise ModuleNotFoundError(f"{fullname} is not loaded in a lab's server", name=fullname)
        if fullname not in LAZY:
            return None
        found = importlib.machinery.PathFinder.find_spec(fullname, path)
        if found is not None and found.loader is not None:
            found.loader = importlib.util.LazyLoader(found.loader)
        return found


def without_the_hubs_pages() -> None:
    """The server's log compares each handler with the hub's health page, and would load the whole hub to know its class."""
    pages = types.ModuleType("jupyterhub.handlers.pages")
    pages.HealthCheckHandler = type("HealthCheckHandler", (), {})
    package = types.ModuleType("jupyterhub.handlers")
    package.__path__ = []
    package.pages = pages
    sys.modules.update({package.__name__: package, pages.__name__: pages})


def install() -> None:
    sys.meta_path.insert(0, LightFinder())
    without_the_hubs_pages()


def serve() -> None:
    """Become the single-user server."""
    from jupyterhub.singleuser import main

    main()
