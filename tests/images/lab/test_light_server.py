"""What the lab's server does not load, it does not miss."""

import json

import pytest

from tests.helpers import lab

pytestmark = pytest.mark.docker

LOADED = """
import json, sys
from lab_kernel import light_server
light_server.install()
import jupyterhub.singleuser, jupyterhub.singleuser.extension, jupyterlab.labapp, jupyter_lsp, jupyter_server_proxy
never = ("lark", "rfc3987_syntax", "sqlalchemy.engine", "sqlalchemy.orm", "alembic.command", "jupyterhub.handlers.base", "rich")
loaded = [name for name in never if name in sys.modules]
# Asked for after all, a lazy part is there, whole.
from jupyterhub import orm, scopes
import sqlalchemy.exc
assert issubclass(sqlalchemy.exc.IntegrityError, sqlalchemy.exc.SQLAlchemyError)
import httpx
assert httpx.Client
users = orm.User.__tablename__
import jsonschema
checker = jsonschema.FormatChecker()
print(json.dumps({"loaded": loaded, "users": users, "scopes": sorted(scopes._intersect_expanded_scopes({"self"}, {"self"})),
                  "uri": checker.conforms("https://example.org/x", "uri"), "no uri": checker.conforms("no uri", "uri")}))
"""


def test_the_hubs_own_parts_are_not_loaded_and_come_when_asked_for() -> None:
    done = lab.run([lab.PYTHON, "-s", "-c", LOADED], seconds=120).raise_for_status()
    found = json.loads(done.log.splitlines()[-1])
    assert found == {"loaded": [], "users": "users", "scopes": ["self"], "uri": True, "no uri": False}


ERRORS_FIRST = """
from lab_kernel import light_server
light_server.install()
import jupyterhub.singleuser, sys
first = sys.modules["sqlalchemy.exc"]
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
import sqlalchemy
assert IntegrityError is sqlalchemy.exc.IntegrityError and issubclass(IntegrityError, SQLAlchemyError)
assert first.DataError is sqlalchemy.exc.DataError
print(sqlalchemy.create_engine("sqlite://").connect().execute(sqlalchemy.text("select 7")).scalar())
"""


def test_an_extension_that_names_other_errors_of_a_database_gets_them() -> None:
    done = lab.run([lab.PYTHON, "-s", "-c", ERRORS_FIRST], seconds=120).raise_for_status()
    assert done.log.splitlines()[-1] == "7"


SECONDS = """
import resource, subprocess, sys
light = "from lab_kernel import light_server; light_server.install(); "
for first in ("", light):
    subprocess.run([sys.executable, "-s", "-c", first + "import jupyterhub.singleuser, jupyterlab.labapp"], check=True)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(used.ru_utime + used.ru_stime)
"""


def test_it_is_cheaper() -> None:
    """Processor time, not time: it says the same on a busy machine."""
    done = lab.run([lab.PYTHON, "-s", "-c", SECONDS], seconds=180).raise_for_status()
    stock, both = (float(line) for line in done.log.split()[-2:])
    assert both - stock < 0.75 * stock
