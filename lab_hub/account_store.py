"""Accounts at rest: who may log in, and who must choose a password first.

Invariant: an account is one row of NativeAuthenticator's `users_info` (the hash), one of `lab_accounts` (whether that hash is of
a one-time password) and at most one of `lab_people` (who that is, and whether they are locked out), written in one transaction. The
store has its own connection to the hub's database and never touches the hub's session, so the command line and a running hub can
both use it.
"""

import contextlib
import time
from collections.abc import Mapping
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


class PersonState(orm.Base):
    """What is known of the person. A table of its own, so that a class that is older than it needs no change to the other."""

    __tablename__ = "lab_people"
    username = Column(String(128), primary_key=True)
    full_name = Column(String(128), nullable=False, default="")
    email = Column(String(254), nullable=False, default="")
    # Since when nobody can log in with this account, in seconds since 1970; null: somebody can.
    locked_at = Column(Float)
    # When a password of the person's own choice was first set.
    first_login_at = Column(Float)


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
    locked: bool = False


@dataclass(frozen=True)
class Known:
    """Who has an account, as a list of people shows it."""

    name: str
    full_name: str = ""
    email: str = ""
    one_time: bool = True
    # Never logged in: the first one-time password was never used.
    never: bool = True
    locked: bool = False


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
            person = db.get(PersonState, name)
            return Account(
                name=name,
                password_hash=info.password,
                # A hash that this project did not put there is nobody's choice.
                one_time=True if state is None else state.one_time,
                issued_at=0.0 if state is None else state.issued_at,
                make_admin=state is not None and state.make_admin,
                locked=person is not None and person.locked_at is not None,
            )

    def known(self) -> dict[str, Known]:
        """Return everybody who has an account, by name."""
        with self._sessions() as db:
            states = {state.username: state for state in db.scalars(select(AccountState))}
            people = {person.username: person for person in db.scalars(select(PersonState))}
            names = sorted(db.scalars(select(UserInfo.username)))
            return {name: _known(name, states.get(name), people.get(name)) for name in names}

    def add(self, name: str, password_hash: bytes, *, admin: bool = False) -> None:
        """Make an account with a one-time password, and the hub's user of that name. Raises AccountExists."""
        with self._sessions.begin() as db:
            _add(db, {name: password_hash}, admin)

    def enrol(self, new: Mapping[str, bytes], renewed: Mapping[str, bytes], details: Mapping[str, Mapping[str, str]]) -> None:
        """Make and change many accounts, all or none of them. Raises AccountExists.

        ``new`` and ``renewed`` are one-time passwords as they are stored, ``details`` full_name and email as far as they are known.
        """
        with self._sessions.begin() as db:
            _add(db, new, admin=False)
            for name, password_hash in renewed.items():
                _set_password(db, name, password_hash, one_time=True)
            people = {person.username: person for person in db.scalars(select(PersonState))}
            for name, values in details.items():
                person = people.get(name) or PersonState(username=name, full_name="", email="")
                db.add(person)
                for field in ("full_name", "email"):
                    if field in values:
                        setattr(person, field, values[field])

    def set_locked(self, name: str, locked: bool) -> bool:
        """Lock or unlock an account; return whether that was new. Raises NoAccount."""
        with self._sessions.begin() as db:
            if _info(db, name) is None:
                raise NoAccount(name)
            person = _person(db, name)
            if (person.locked_at is not None) == locked:
                return False
            person.locked_at = time.time() if locked else None
            return True

    def set_password(self, name: str, password_hash: bytes, *, one_time: bool, issued_at: float | None = None) -> bool:
        """Replace the password; return False if it is no longer the one set at ``issued_at``. Raises NoAccount."""
        with self._sessions.begin() as db:
            if _info(db, name) is None:
                raise NoAccount(name)
            state = db.get(AccountState, name)
            if issued_at is not None and (0.0 if state is None else state.issued_at) != issued_at:
                return False
            _set_password(db, name, password_hash, one_time)
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
            db.execute(delete(PersonState).where(PersonState.username == name))


def _info(db: Session, name: str) -> UserInfo | None:
    return db.scalars(select(UserInfo).where(UserInfo.username == name)).first()


def _add(db: Session, password_hashes: Mapping[str, bytes], admin: bool) -> None:
    """Add accounts, and the hub's users of their names. What is asked of the database does not grow with their number."""
    there = set(db.scalars(select(UserInfo.username)))
    for name in password_hashes:
        if name in there:
            raise AccountExists(name)
    now = time.time()
    left_over = {state.username: state for state in db.scalars(select(AccountState))}
    users = set(db.scalars(select(orm.User.name)))
    # What assign_default_roles does, which would commit half of this transaction. Before its first start the hub has no roles
    # yet; it then gives them itself, as at every log-in.
    roles = list(db.scalars(select(orm.Role).where(orm.Role.name.in_(["user", "admin"] if admin else ["user"]))))
    for name, password_hash in password_hashes.items():
        db.add(UserInfo(username=name, password=password_hash, is_authorized=True))
        state = left_over.get(name) or AccountState(username=name)
        state.one_time, state.issued_at, state.make_admin = True, now, admin
        db.add(state)
        if name not in users:
            # A user the hub already knows is left alone: its own session has a copy of it. The row of the lab to come is what the
            # hub adds when it first meets somebody, with a commit for each: half of the time that a class of 300 took.
            user = orm.User(name=name, admin=admin, roles=list(roles))
            db.add_all([user, orm.Spawner(name="", display_name="", user=user)])


def _set_password(db: Session, name: str, password_hash: bytes, one_time: bool) -> None:
    state = db.get(AccountState, name) or AccountState(username=name, make_admin=False)
    info = _info(db, name)
    if info is None:
        raise NoAccount(name)
    info.password, state.one_time, state.issued_at = password_hash, one_time, time.time()
    db.add(state)
    if not one_time:
        person = _person(db, name)
        person.first_login_at = person.first_login_at or state.issued_at


def _person(db: Session, name: str) -> PersonState:
    person = db.get(PersonState, name)
    if person is None:
        person = PersonState(username=name, full_name="", email="")
        db.add(person)
    return person


def _known(name: str, state: AccountState | None, person: PersonState | None) -> Known:
    one_time = state is None or state.one_time
    if person is None:
        # An account that is older than the table of people.
        return Known(name, one_time=one_time, never=one_time)
    never = one_time and person.first_login_at is None
    return Known(name, person.full_name, person.email, one_time, never, person.locked_at is not None)


def _write_ahead(engine: Engine) -> None:
    """Let a writer on the command line and the running hub not wait for each other's reads. The file remembers it."""
    with contextlib.suppress(OperationalError), engine.connect() as connection:
        # Locked at this moment: the next process does it.
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
