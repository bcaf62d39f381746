"""Where the exercises' tests keep their rows: SQLite, or a PostgreSQL server that somebody has.

Invariant: a folder has one database, whichever process asks; a new folder's is empty.
"""

import os
import secrets
from pathlib import Path

import sqlalchemy

SERVER = "EXERCISES_TEST_SERVER"


def url_of(folder: Path) -> str:
    """Return the URL of the folder's database; made on the server that EXERCISES_TEST_SERVER names, if it names one."""
    server = os.environ.get(SERVER)
    if not server:
        return f"sqlite:///{folder / 'exercises.sqlite'}"
    known = folder / "database.url"
    if not known.is_file():
        name = f"exercises_{secrets.token_hex(6)}"
        engine = sqlalchemy.create_engine(server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        engine.dispose()
        known.write_text(sqlalchemy.make_url(server).set(database=name).render_as_string(hide_password=False))
    return known.read_text()
