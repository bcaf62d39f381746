"""The lab's server without what it never uses: more than half of the processor time of a start was spent on loading it.

Invariant: nothing is taken away that a server could miss. What is lazy is loaded by its first use, whole and as ever; what is
refused is optional to whoever asks for it; the two classes that are replaced are only compared with. It concerns the server's
process alone: kernels are processes of their own and load what they like.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import sys
import types
from collections.abc import Sequence

# The hub's database, which only the hub itself has.
LAZY = frozenset({"jupyterhub.orm", "jupyterhub.roles", "alembic", "alembic.command", "sqlalchemy"})
# The first checks addresses in JSON schemas that no lab has, and builds a grammar when it is loaded, a third of a server's start;
# the other is a command line, with colours.
REFUSED = frozenset({"rfc3987_syntax", "httpx._main"})
# A module of names to compare errors with; it makes way as soon as somebody wants the whole.
DATABASE, ITS_ERRORS = "sqlalchemy", "sqlalchemy.exc"


class WholeDatabase(importlib.abc.Loader):
    """Loads it with its own errors, once somebody uses it after all."""

    def __init__(self, loader: importlib.abc.Loader) -> None:
        self._loader = loader

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: types.ModuleType) -> None:
        sys.modules.pop(ITS_ERRORS, None)
        self._loader.exec_module(module)


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
            loader = WholeDatabase(found.loader) if fullname == DATABASE else found.loader
            found.loader = importlib.util.LazyLoader(loader)
        return found


def without_the_hubs_pages() -> None:
    """The server's log compares each handler with the hub's health page, and would load the whole hub to know its class."""
    pages = types.ModuleType("jupyterhub.handlers.pages")
    pages.HealthCheckHandler = type("HealthCheckHandler", (), {})
    package = types.ModuleType("jupyterhub.handlers")
    package.__path__ = []
    package.pages = pages
    sys.modules.update({package.__name__: package, pages.__name__: pages})


def without_the_hubs_database() -> None:
    """The hub's helpers name the errors of its database, which no lab ever meets, and would load all of it for that."""
    if DATABASE in sys.modules:
        return
    errors = types.ModuleType(ITS_ERRORS)
    errors.SQLAlchemyError = type("SQLAlchemyError", (Exception,), {})

    def load(name: str) -> object:
        """Whoever names another one gets it, and the whole database with it."""
        if name.startswith("__"):
            raise AttributeError(name)
        if sys.modules.get(ITS_ERRORS) is errors:
            del sys.modules[ITS_ERRORS]
        whole = importlib.import_module(ITS_ERRORS)
        # One import statement may go on to name others of the module that it began with.
        errors.__dict__.update(whole.__dict__)
        return getattr(whole, name)

    errors.__getattr__ = load
    sys.modules[ITS_ERRORS] = errors


def install() -> None:
    sys.meta_path.insert(0, LightFinder())
    without_the_hubs_pages()
    without_the_hubs_database()


def serve() -> None:
    """Become the single-user server."""
    from jupyterhub.singleuser import main

    main()
