"""The pages of logging in: log in, choose a password at the first time, change it later.

Invariant: a session exists only after a password of the person's own choice was checked. Between the one-time password and that
choice there is nothing but a signed cookie, good for ten minutes, for one page, and only until the account's password changes.
"""

import json

from jupyterhub.handlers import BaseHandler
from jupyterhub.handlers.login import LoginHandler
from jupyterhub.utils import url_path_join
from tornado import web
from tornado.httputil import url_concat

from lab_hub import account_rules as rules
from lab_hub import messages, sessions
from lab_hub.account_store import Account

FIRST_LOGIN_COOKIE = "dataflow-first-login"
FIRST_LOGIN_SECONDS = 600
_DAY_SECONDS = 86_400


class FirstLogin(web.HTTPError):
    """The one-time password is right: its owner must now choose another."""

    def __init__(self, account: Account) -> None:
        super().__init__(403, messages.MUST_CHOOSE)
        self.account = account


class LabLoginHandler(LoginHandler):
    """The hub's log-in page; a one-time password leads on to the choice."""

    async def post(self) -> None:
        if not self.get_body_argument("username", "") or not self.get_body_argument("password", "", strip=False):
            self.set_status(400)
            self.finish(await self._render(login_error=messages.NAME_AND_PASSWORD))
            return
        try:
            await super().post()
        except FirstLogin as first:
            self.remember(first.account)
            page = url_path_join(self.hub.base_url, "choose-password")
            # Judged again when it is used: get_next_url lets nobody be sent off this hub.
            self.redirect(url_concat(page, {"next": self.get_argument("next", "")}))

    def remember(self, account: Account) -> None:
        """Let this browser choose the password of this account, for a short time."""
        value = json.dumps([account.name, account.issued_at])
        self._set_cookie(
            FIRST_LOGIN_COOKIE,
            value,
            path=url_path_join(self.hub.base_url, "choose-password"),
            max_age=FIRST_LOGIN_SECONDS,
            samesite="Strict",
        )


class ChoosePasswordHandler(LabLoginHandler):
    """/hub/choose-password: what a one-time password opens, and the only thing it opens."""

    async def get(self) -> None:
        account = self.remembered()
        if account is None:
            await self.start_again()
        else:
            await self.show(account)

    async def post(self) -> None:
        account = self.remembered()
        if account is None:
            await self.start_again()
            return
        password = self.get_body_argument("new_password", "", strip=False)
        repeated = self.get_body_argument("repeat_password", "", strip=False)
        problem = await self.authenticator.new_password_problem(account, password, repeated)
        if problem:
            self.set_status(400)
            await self.show(account, problem)
            return
        chosen = await self.authenticator.set_password(account, password)
        self.clear_cookie(FIRST_LOGIN_COOKIE, path=url_path_join(self.hub.base_url, "choose-password"))
        user = await self.login_user({"username": account.name, "password": password}) if chosen else None
        if user is None:
            await self.start_again()
            return
        if account.make_admin:
            self.authenticator.store.made_admin(account.name)
        # A reset is also for whoever fears that somebody else was here: no token from before it is left.
        await end_sessions(self, user, tokens=True)
        self.redirect(self.get_next_url(user))

    def remembered(self) -> Account | None:
        """Return the account whose one-time password this browser has just given."""
        value = self.get_secure_cookie(FIRST_LOGIN_COOKIE, max_age_days=FIRST_LOGIN_SECONDS / _DAY_SECONDS)
        if value is None:
            return None
        name, issued_at = json.loads(value)
        account = self.authenticator.store.find(name)
        if account is None or account.locked or not account.one_time or account.issued_at != issued_at:
            return None
        return account

    async def show(self, account: Account, problem: str = "") -> None:
        page = await self.render_template(
            "choose_password.html",
            person=account.name,
            problem=problem,
            shortest=rules.SHORTEST_PASSWORD,
            action=url_concat(self.request.path, {"next": self.get_argument("next", "")}),
        )
        self.finish(page)

    async def start_again(self) -> None:
        self.set_status(403)
        self.finish(await self._render(login_error=messages.CHOICE_EXPIRED))


class ChangePasswordHandler(BaseHandler):
    """/hub/change-password, linked from every page of the hub."""

    @web.authenticated
    async def get(self) -> None:
        await self.show()

    @web.authenticated
    async def post(self) -> None:
        user = self.current_user
        account = await self.authenticator.verify(user.name, self.get_body_argument("old_password", "", strip=False))
        if account is None:
            await self.show(messages.PASSWORD_WRONG)
            return
        password = self.get_body_argument("new_password", "", strip=False)
        repeated = self.get_body_argument("repeat_password", "", strip=False)
        problem = await self.authenticator.new_password_problem(account, password, repeated)
        if problem is None and not await self.authenticator.set_password(account, password):
            problem = messages.PASSWORD_WRONG
        if problem:
            await self.show(problem)
            return
        await end_sessions(self, user, tokens=False)
        self.log.info("Password changed: %s", user.name)
        await self.show(done=messages.PASSWORD_CHANGED)

    async def show(self, problem: str = "", done: str = "") -> None:
        if problem:
            self.set_status(400)
        page = await self.render_template(
            "change_password.html", problem=problem, done=done, shortest=rules.SHORTEST_PASSWORD, action=self.request.path
        )
        self.finish(page)


async def end_sessions(handler: BaseHandler, user, *, tokens: bool) -> None:
    """Log the user out everywhere, then in again here: whoever knew the old password is out."""
    await sessions.end(handler.db, user, tokens=tokens)
    handler.set_hub_cookie(user)


HANDLERS = [
    (r"/login", LabLoginHandler),
    (r"/choose-password", ChoosePasswordHandler),
    (r"/change-password", ChangePasswordHandler),
]
