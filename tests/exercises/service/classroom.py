"""A class for tests: a real hub, the real service beside it over HTTP, and people with tokens of that hub.

Invariant: the only thing that is not as in a class is the clock, which a test may set.
"""

import hashlib
import os
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import requests
import sqlalchemy
import uvicorn
from jupyterhub import orm
from sqlalchemy.orm import Session

from exercises.service import app
from exercises.service.prefix import under
from exercises.service.settings import Shared, Web
from tests.helpers.databases import url_of

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
PREFIX = "/services/exercises/"
START_SECONDS = 60
ROLES_SECONDS = 0.3


class SetClock:
    """A clock that a test moves; it stands still by itself."""

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def pass_(self, **length: float) -> None:
        self.time += timedelta(**length)


class RealHub:
    """A JupyterHub of its own, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.port = free_ports(3)
        self.password, self.service_token, self.admin_token, self.other_token, self.operator_token = (
            secrets.token_hex(24) for _ in range(5)
        )
        self.api = f"http://127.0.0.1:{self.port}/hub/api"
        self._log = folder / "hub.log"
        environment = {
            **os.environ,
            "TEST_HUB_PORT_NUMBER": str(self.port),
            "TEST_HUB_PASSWORD": self.password,
            "TEST_SERVICE_TOKEN": self.service_token,
            "TEST_ADMIN_TOKEN": self.admin_token,
            "TEST_OTHER_TOKEN": self.other_token,
            "TEST_OPERATOR_TOKEN": self.operator_token,
            "PYTHONPATH": str(ROOT),
            "JUPYTERHUB_CRYPT_KEY": secrets.token_hex(32),
        }
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "jupyterhub", "--config", str(HERE / "hub_config.py")],
                cwd=folder,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            wait_for(lambda: self._process.poll() is not None or answers(self.api), START_SECONDS)
            assert answers(self.api), self._log.read_text()
        except BaseException:
            # Nobody has it yet who would stop it.
            self.stop()
            raise

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def ask(self, method: str, path: str, **more) -> requests.Response:
        headers = {"Authorization": f"token {self.admin_token}"}
        answer = requests.request(method, self.api + path, headers=headers, timeout=20, **more)
        assert answer.ok or answer.status_code == 409, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer

    def token(self, name: str, *groups: str, scopes: list[str] | None = None) -> str:
        """Make the person unless they exist, put them in the groups, and return a token of theirs."""
        self.ask("POST", f"/users/{name}")
        for group in groups:
            self.join(name, group)
        wanted = {} if scopes is None else {"scopes": scopes}
        return self.ask("POST", f"/users/{name}/tokens", json=wanted).json()["token"]

    def join(self, name: str, group: str) -> None:
        self.ask("POST", f"/groups/{group}")
        self.ask("POST", f"/groups/{group}/users", json={"users": [name]})

    def crowd(self, group: str, names: list[str]) -> dict[str, str]:
        """Put many people into a group, in the hub's own database: it would take a minute to make each over its API.

        Return a token of each.
        """
        self.ask("POST", f"/groups/{group}")
        tokens = {name: secrets.token_hex(16) for name in names}
        engine = sqlalchemy.create_engine(f"sqlite:///{self._log.parent / 'hub.sqlite'}", connect_args={"timeout": START_SECONDS})
        with Session(engine) as session:
            found = session.scalars(sqlalchemy.select(orm.Group).where(orm.Group.name == group)).one()
            role = session.scalars(sqlalchemy.select(orm.Role).where(orm.Role.name == "user")).one()
            people = [orm.User(name=name) for name in names]
            session.add_all(people)
            session.flush()
            found.users.extend(people)
            role.users.extend(people)
            session.commit()
            for person in people:
                # Each commits.
                orm.APIToken.new(token=tokens[person.name], user=person, scopes=["inherit"])
        engine.dispose()
        return tokens

    def leave(self, name: str, group: str) -> None:
        self.ask("DELETE", f"/groups/{group}/users", json={"users": [name]})


class Service:
    """The web application of one data folder, served over HTTP."""

    def __init__(self, hub: RealHub, data: Path, clock: SetClock) -> None:
        self.port = hub.port + 2
        self.data, self.clock = data, clock
        shared = Shared(url_of(data), data / "store")
        settings = Web(shared, self.port, PREFIX, hub.api, "/", "service-exercises", hub.service_token, ROLES_SECONDS)
        self.app = app.make(settings, clock)
        self.url = f"http://127.0.0.1:{self.port}{PREFIX}"
        config = uvicorn.Config(under(PREFIX, self.app), host="127.0.0.1", port=self.port, log_level="warning")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        wait_for(lambda: self._server.started, START_SECONDS)

    @property
    def database(self):
        return self.app.state.database

    @property
    def store(self):
        return self.app.state.store

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(15)

    def ask(self, method: str, path: str, token: str = "", **more) -> requests.Response:
        headers = {"Authorization": f"token {token}"} if token else {}
        return requests.request(
            method, self.url + path.lstrip("/"), headers=headers, timeout=30, allow_redirects=False, **more
        )


@contextmanager
def served(hub: RealHub, data: Path, clock: SetClock) -> Iterator[Service]:
    service = Service(hub, data, clock)
    try:
        yield service
    finally:
        service.stop()


def signed_in(service: Service, token: str) -> requests.Session:
    """A browser that has been through the hub's log-in, which a test of its own goes through."""
    name = secrets.token_hex(16)
    service.app.state.sessions._tokens[name] = token
    browser = requests.Session()
    browser.cookies.set("exercises-session", name, domain="127.0.0.1", path=PREFIX)
    return browser


def form_word(browser: requests.Session) -> str:
    """The word that a page's forms carry for this browser."""
    return hashlib.sha256(f"form {browser.cookies.get('exercises-session')}".encode()).hexdigest()


def free_ports(count: int) -> int:
    """Return the first of some neighbouring ports that nobody uses."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            first = probe.getsockname()[1]
        if first + count < 65536 and all(is_free(first + number) for number in range(count)):
            return first


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).status_code < 500
    except requests.ConnectionError:
        return False


def wait_for(condition, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"nothing came of it within {seconds} s: {condition}"
        time.sleep(0.05)
