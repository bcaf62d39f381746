"""Who may log in: people with an account, after they have chosen a password of their own.

Invariant: `authenticate` returns somebody only for a password that person chose; a right one-time password leads to the page where
one is chosen, by FirstLogin, and to nothing else, whichever way it came (form or API). No password check blocks the hub's loop.

NativeAuthenticator gives the table of hashes and the list of common passwords. Its pages and its use of the hub's own database
session are not used; docs/decisions/accounts.md says why.
"""

import asyncio
import functools
import math

from jupyterhub.auth import Authenticator
from nativeauthenticator import NativeAuthenticator
from tornado import web
from traitlets import Any, Integer, Unicode, default

from lab_hub import account_rules as rules
from lab_hub import announcements, login, messages, pages, people_messages, sealed, sessions, stop_handler
from lab_hub.account_store import BCRYPT_ROUNDS, Account, AccountStore, hash_password, matches
from lab_hub.lockout import Lockout
from lab_hub.members import Ask, asker
from lab_hub.people import People
from lab_hub.rosters import Importer


class LabAuthenticator(NativeAuthenticator):
    """Accounts made by the operator; no sign-up."""

    bcrypt_rounds = Integer(BCRYPT_ROUNDS, config=True, help="Cost of one guess; less than the default is for tests only.")
    one_time_key = Unicode(config=True, help="What a roster's one-time passwords are sealed with.")
    api_url = Unicode(config=True, help="The hub's own API, for what the pages of people ask of it.")
    api_token = Unicode(config=True, help="What they are known by there.")
    archives = Any(config=True, help="The Archives of homes.")
    announcements = Any(config=True, help="The Announcements of the class.")
    class_address = Unicode(config=True, help="Where people find the class, on slips; empty: as the administrator found it.")
    store = Any(help="The AccountStore; the hub's database by default.")

    @default("store")
    def _default_store(self) -> AccountStore:
        return AccountStore(self.parent.db_url)

    def __init__(self, **kwargs) -> None:
        # The hub makes the tables; asking the parent for it would use the hub's session, which is going away.
        super().__init__(add_new_table=False, **kwargs)
        self.lockout = Lockout(self.allowed_failed_logins, self.seconds_before_next_try)

    @functools.cached_property
    def ask(self) -> Ask:
        return asker(self.api_url, self.api_token)

    @functools.cached_property
    def people(self) -> People:
        """What is done for one person on the pages; blocks."""
        return People(self.store, self.ask, self.archives, functools.partial(hash_password, rounds=self.bcrypt_rounds))

    @functools.cached_property
    def importer(self) -> Importer:
        """What brings a roster in on the pages; blocks."""
        return Importer(self.store, self.ask, self.one_time_key)

    @functools.cached_property
    def _nobodys_hash(self) -> bytes:
        return hash_password(rules.one_time_password(), self.bcrypt_rounds)

    async def authenticate(self, handler, data):
        """Return who logs in, or None; raises FirstLogin, HTTPError 403 for a locked account, 429 after too many attempts."""
        data = data or {}
        name = self.normalize_username(str(data.get("username") or "").strip())
        account = await self.verify(name, str(data.get("password") or ""))
        if account is None:
            return None
        if account.locked:
            self.log.warning("Log-in of %s refused: the account is locked", name)
            raise web.HTTPError(403, people_messages.ACCOUNT_LOCKED)
        if account.one_time:
            raise login.FirstLogin(account)
        return {"name": account.name, "admin": True if account.make_admin else None}

    async def verify(self, name: str, password: str) -> Account | None:
        """Return the account whose password this is, or None. Raises HTTPError 429 while the name is locked."""
        if rules.name_problem(name):
            return None
        account = self.store.find(name)
        since = account.issued_at if account else 0.0
        if seconds := self.lockout.remaining(name, since):
            self.log.warning("Log-in of %s refused: locked for %.0f s after failed attempts", name, seconds)
            raise web.HTTPError(429, messages.LOCKED_OUT.format(minutes=math.ceil(seconds / 60)))
        self.lockout.attempt(name, since)
        # A name that nobody has takes as long as one that somebody has.
        expected = account.password_hash if account else self._nobodys_hash
        right = not rules.too_long(password) and await asyncio.to_thread(self._is_right, password, expected)
        if account is None or not right:
            return None
        self.lockout.forget(name)
        return account

    def _is_right(self, password: str, expected: bytes) -> bool:
        if sealed.is_sealed(expected):
            # It takes as long as any other, so that nobody learns who has not logged in yet.
            matches(password, self._nobodys_hash)
            return sealed.opens(password, expected, self.one_time_key)
        return matches(password, expected)

    async def new_password_problem(self, account: Account, password: str, repeated: str) -> str | None:
        """Return why this cannot be that account's next password, or None."""
        problem = rules.password_problem(password, repeated, account.name, self.is_password_common)
        if problem is None and await asyncio.to_thread(self._is_right, password, account.password_hash):
            return messages.PASSWORD_SAME
        return problem

    async def set_password(self, account: Account, password: str) -> bool:
        """Store the person's own choice; return False if the account has changed in between."""
        hashed = await asyncio.to_thread(hash_password, password, self.bcrypt_rounds)
        return self.store.set_password(account.name, hashed, one_time=False, issued_at=account.issued_at)

    async def refresh_user(self, user, handler=None):
        """End open sessions of a reset, locked or removed account (asked at most once in auth_refresh_age seconds)."""
        account = self.store.find(user.name)
        return account is not None and not account.one_time and not account.locked

    def validate_username(self, username: str) -> bool:
        return rules.name_problem(username) is None

    def delete_user(self, user) -> None:
        """The hub forgets the user: so does the store. The parent's own way would use the hub's session."""
        self.store.remove(user.name)
        Authenticator.delete_user(self, user)

    def get_handlers(self, app):
        """Only these: nobody signs up, confirms, authorizes or is given a password by another over the web."""
        return login.HANDLERS + sessions.HANDLERS + pages.HANDLERS + stop_handler.HANDLERS + announcements.HANDLERS
