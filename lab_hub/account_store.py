"""Accounts at rest: who may log in, and who must choose a password first.

Invariant: an account is one row of NativeAuthenticator's `users_info` (the hash) and one of `lab_accounts` (whether that hash is of
a one-time password), written in one transaction. The store has its own connection to the hub's database and never touches the
hub's session, so the command line and a running hub can both use it.
"""

import contextlib
import time
from dataclasses import dataclass

import bcrypt
from jupyterhub import orm
from nativeauthenticator.orm import UserInfo
from sqlalchemy import Boolean, Column, Engine, Float, String, delete, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

# Cost of one guess, about a quarter of a second on a small machine. A smaller one is for tests only.
BCRYPT_ROUNDS = 12


class AccountState(orm.Base):
    """What `users_info` has no column for. The hub makes the table at its next start, like any other of its own."""

    __tablename__ = "lab_accounts"
    username = Column(String(128), primary_key=True)
    one_time = Column(Boolean, nullable=False)
    # When the present password was set, in seconds since 1970: older failures and older first log-ins no longer count.
    issued_at = Column(Float, nullable=False)
    # Asked for on the command line; carried out by the log-in that has the hub's session.
    make_admin = Column(Boolean, nullable=False, default=False)


class AccountExists(ValueError):
    """There is an account of this name."""


class NoAccount(LookupError):
    """There is no account of this name."""


@dataclass(frozen=True)
class Account:
    """One account as it was when it was read."""

    name: str
    password_hash: bytes
    one_time: bool
    issued_at: float
    make_admin: bool


def hash_password(password: str, rounds: int = BCRYPT_ROUNDS) -> bytes:
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(rounds))


def matches(password: str, password_hash: bytes) -> bool:
    return bcrypt.checkpw(password.encode(), password_hash)


class AccountStore:
    """The accounts in the hub's database. Every method is one short transaction."""

    def __init__(self, database_url: str) -> None:
        self._sessions = orm.new_session_factory(database_url)
        _write_ahead(self._sessions.kw["bind"])

    def find(self, name: str) -> Account | None:
        with self._sessions() as db:
            info = _info(db, name)
            if info is None:
                return None
            state = db.get(AccountState, name)
            return Account(
                name=name,
                password_hash=info.password,
                # A hash that this project did not put there is nobody's choice.
                one_time=True if state is None else state.one_time,
                issued_at=0.0 if state is None else state.issued_at,
                make_admin=state is not None and state.make_admin,
            )

    def add(self, name: str, password_hash: bytes, *, admin: bool = False) -> None:
        """Make an account with a one-time password, and the hub's user of that name. Raises AccountExists."""
        with self._sessions.begin() as db:
            if _info(db, name) is not None:
                raise AccountExists(name)
            db.add(UserInfo(username=name, password=password_hash, is_authorized=True))
            db.merge(AccountState(username=name, one_time=True, issued_at=time.time(), make_admin=admin))
            if orm.User.find(db, name) is None:
                # A user the hub already knows is left alone: its own session has a copy of it.
                user = orm.User(name=name, admin=admin)
                # What assign_default_roles does, which would commit half of this transaction. Before its first start the hub
                # has no roles yet; it then gives them itself, as at every log-in.
                names = ["user", "admin"] if admin else ["user"]
                user.roles = list(db.scalars(select(orm.Role).where(orm.Role.name.in_(names))))
                db.add(user)

    def set_password(self, name: str, password_hash: bytes, *, one_time: bool, issued_at: float | None = None) -> bool:
        """Replace the password; return False if it is no longer the one set at ``issued_at``. Raises NoAccount."""
        with self._sessions.begin() as db:
            info = _info(db, name)
            if info is None:
                raise NoAccount(name)
            state = db.get(AccountState, name) or AccountState(username=name, issued_at=0.0, make_admin=False)
            if issued_at is not None and state.issued_at != issued_at:
                return False
            info.password = password_hash
            state.one_time = one_time
            state.issued_at = time.time()
            db.add(state)
            return True

    def made_admin(self, name: str) -> None:
        """Note that the hub has made this user an administrator, so that it can be taken back there."""
        with self._sessions.begin() as db:
            state = db.get(AccountState, name)
            if state is not None:
                state.make_admin = False

    def remove(self, name: str) -> None:
        """Remove the account if there is one; the name can then be used again."""
        with self._sessions.begin() as db:
            db.execute(delete(UserInfo).where(UserInfo.username == name))
            db.execute(delete(AccountState).where(AccountState.username == name))


def _info(db: Session, name: str) -> UserInfo | None:
    return db.scalars(select(UserInfo).where(UserInfo.username == name)).first()


def _write_ahead(engine: Engine) -> None:
    """Let a writer on the command line and the running hub not wait for each other's reads. The file remembers it."""
    with contextlib.suppress(OperationalError), engine.connect() as connection:
        # Locked at this moment: the next process does it.
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
