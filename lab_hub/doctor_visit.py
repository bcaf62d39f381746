"""A first day in one minute: an account, a lab, a cell, a cell on Spark, timed; then everything of it is removed.

Invariant: whatever happens, account, lab and home are removed, or the finding says what is left; every wait has a deadline. It goes
the way that a browser goes, through the proxy, and its account may do what a student's may.
"""

import asyncio
import contextlib
import json
import secrets
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from docker.errors import NotFound
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import websocket_connect

from lab_hub import doctor_messages as messages
from lab_hub import engine
from lab_hub.account_store import AccountStore, hash_password
from lab_hub.finding import Finding, well, wrong
from lab_hub.settings import Settings

NAME = "doctor-visit"
START_SECONDS, CELL_SECONDS, STOP_SECONDS = 120, 120, 30
CELL = ("6 * 7", "42")
SPARK_CELL = ("spark.range(1000).selectExpr('sum(id)').first()[0]", "499500")


class VisitFailed(Exception):
    """The step that failed, and why."""


@dataclass
class Visit:
    """One throw-away account and what it does."""

    found: Settings
    token: str = ""
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def door(self) -> str:
        """The proxy, as labs and people reach it."""
        return f"http://proxy:{self.found.proxy_port}"

    def make_account(self) -> str:
        """Make the account, and return its password. What an earlier visit left is gone first."""
        password = secrets.token_urlsafe(24)
        store = AccountStore(self.found.database_url)
        store.remove(NAME)
        store.add(NAME, hash_password(password))
        store.set_password(NAME, hash_password(password), one_time=False)
        return password

    async def ask(self, method: str, path: str, body: Any = None, token: str = "", expect: tuple[int, ...] = (200, 201, 202, 204)):
        """Ask through the proxy. Raises VisitFailed with what was answered."""
        headers = {"Authorization": f"token {token or self.token}"} if token or self.token else {}
        request = HTTPRequest(
            self.door + path, method=method, headers=headers, request_timeout=30, allow_nonstandard_methods=True,
            body=None if body is None else json.dumps(body))
        answer = await AsyncHTTPClient().fetch(request, raise_error=False)
        if answer.code not in expect:
            raise VisitFailed(f"{answer.code} {answer.body.decode(errors='replace')[:300]}")
        return json.loads(answer.body) if answer.body else None

    async def start(self) -> None:
        await self.ask("POST", f"/hub/api/users/{NAME}/server", {})
        until = time.monotonic() + START_SECONDS
        while True:
            server = (await self.ask("GET", f"/hub/api/users/{NAME}"))["servers"].get("")
            if server and server["ready"]:
                return
            # One that is neither there nor on its way has failed.
            if not server:
                raise VisitFailed(await self.why_not_started())
            if time.monotonic() > until:
                raise VisitFailed(messages.NO_END.format(seconds=START_SECONDS))
            await asyncio.sleep(0.2)

    async def why_not_started(self) -> str:
        """What the start page says last."""
        headers = {"Authorization": f"token {self.token}"}
        request = HTTPRequest(f"{self.door}/hub/api/users/{NAME}/server/progress", headers=headers, request_timeout=10)
        told = (await AsyncHTTPClient().fetch(request, raise_error=False)).body.decode(errors="replace")
        events = [json.loads(line.removeprefix("data:")) for line in told.splitlines() if line.startswith("data:")]
        return events[-1]["message"] if events else messages.NO_REASON

    async def run(self, kernel: str, code: str, expected: str) -> None:
        """Run a cell and compare its value. Raises VisitFailed."""
        address = f"{self.door.replace('http', 'ws', 1)}/user/{NAME}/api/kernels/{kernel}/channels?session_id={uuid.uuid4().hex}"
        socket = await websocket_connect(HTTPRequest(address, headers={"Authorization": f"token {self.token}"}, connect_timeout=20))
        message = uuid.uuid4().hex
        header = {"msg_id": message, "session": message, "username": "", "msg_type": "execute_request", "version": "5.3"}
        content = {"code": code, "silent": False, "store_history": False, "user_expressions": {}, "allow_stdin": False}
        frame = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell", "buffers": []}
        await socket.write_message(json.dumps(frame))
        try:
            async with asyncio.timeout(CELL_SECONDS):
                found = await _value(socket, message)
        finally:
            socket.close()
        if found != expected:
            raise VisitFailed(messages.WRONG_ANSWER.format(found=found, expected=expected))

    @contextlib.contextmanager
    def step(self, name: str, what: str):
        """Time a step; what it raises is told with its name."""
        began = time.monotonic()
        try:
            yield
        except Exception as error:
            reason = messages.NO_END.format(seconds=CELL_SECONDS) if isinstance(error, TimeoutError) else error
            raise VisitFailed(messages.VISIT_FAILED.format(step=what, reason=reason)) from error
        self.seconds[name] = time.monotonic() - began

    async def go(self) -> None:
        with self.step("account", messages.STEP_ACCOUNT):
            password = self.make_account()
        with self.step("token", messages.STEP_TOKEN):
            auth = {"auth": {"username": NAME, "password": password}}
            self.token = (await self.ask("POST", f"/hub/api/users/{NAME}/tokens", auth))["token"]
        with self.step("start", messages.STEP_START):
            await self.start()
        with self.step("cell", messages.STEP_CELL):
            kernel = (await self.ask("POST", f"/user/{NAME}/api/kernels", {"name": "dataflow-spark"}))["id"]
            await self.run(kernel, *CELL)
        with self.step("spark", messages.STEP_SPARK):
            await self.run(kernel, *SPARK_CELL)

    async def clear(self) -> None:
        """Remove all of it; what is not there is removed. The hub stops the lab before it forgets its owner."""
        began = time.monotonic()
        operator = self.found.secret("operator_token")
        while True:
            try:
                await self.ask("DELETE", f"/hub/api/users/{NAME}", token=operator, expect=(204, 404))
                break
            except VisitFailed:
                # The lab is starting or ending at this moment.
                if time.monotonic() - began > STOP_SECONDS:
                    raise
            await asyncio.sleep(0.5)
        AccountStore(self.found.database_url).remove(NAME)
        with contextlib.suppress(NotFound):
            engine.client().remove_volume(self.found.home_volume.format(username=NAME))
        self.seconds["removed"] = time.monotonic() - began


async def check(found: Settings) -> Finding:
    visit = Visit(found)
    failure = None
    try:
        await visit.go()
    except VisitFailed as error:
        failure = error
    finally:
        left = await _cleared(visit)
    if failure is not None:
        return wrong(str(failure), messages.VISIT_REMEDY)
    if left is not None:
        volume = found.home_volume.format(username=NAME)
        return wrong(messages.VISIT_LEFT.format(name=NAME, reason=left), messages.VISIT_LEFT_REMEDY.format(volume=volume))
    return well(messages.VISIT_DONE.format(**visit.seconds))


async def _cleared(visit: Visit) -> Exception | None:
    try:
        await visit.clear()
    except Exception as error:
        return error
    return None


async def _value(socket: Any, message: str) -> str | None:
    """Return the value of the cell that was sent. Raises VisitFailed with the cell's error."""
    value = None
    while True:
        frame = await socket.read_message()
        if frame is None:
            raise VisitFailed(messages.CLOSED)
        got = json.loads(frame)
        if got["parent_header"].get("msg_id") != message:
            continue
        kind, content = got["msg_type"], got["content"]
        if kind == "execute_result":
            value = content["data"].get("text/plain")
        elif kind == "error":
            raise VisitFailed(f"{content['ename']}: {content['evalue']}"[:300])
        elif kind == "status" and content["execution_state"] == "idle":
            return value
