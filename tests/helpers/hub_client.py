"""A person at the hub's door, without a browser: log in, start a lab, run cells.

Invariant: everything goes through the class's one port, over the pages, the REST API and the websocket that a browser uses; every
wait has a deadline. Reusable: `log_in`, then `lab.kernel()`, then `kernel.run(code)`.
"""

import json
import re
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import requests
import websocket

SPAWN_SECONDS = 180
CELL_SECONDS = 180
SPARK = "dataflow-spark"

NO_FORM = "{url} shows no form:\n{text}"
NOT_LOGGED_IN = "{name} could not log in at {url}: {status}\n{text}"
FAILED = "the lab of {name} did not start: {message}"


class HubError(AssertionError):
    """The hub did not do what was asked; the message has its answer."""


@dataclass
class Result:
    """What one cell gave. ``value`` is the text of its last value, ``data`` all representations of it."""

    text: str = ""
    value: str | None = None
    data: dict[str, Any] = field(default_factory=dict)
    displays: list[dict[str, Any]] = field(default_factory=list)
    error: str | None = None

    def ok(self) -> "Result":
        """Return self, or raise HubError with the cell's error."""
        if self.error is not None:
            raise HubError(f"the cell failed:\n{self.error}\n{self.text}")
        return self


class Kernel:
    """One kernel and one websocket to it."""

    def __init__(self, lab: "Lab", kernel_id: str) -> None:
        self.lab, self.id = lab, kernel_id
        self.session = uuid.uuid4().hex
        self.socket = self._connect()

    def _connect(self) -> websocket.WebSocket:
        address = f"{self.lab.url.replace('http', 'ws', 1)}/api/kernels/{self.id}/channels?session_id={self.session}"
        headers = [f"Authorization: token {self.lab.person.token}"]
        return websocket.create_connection(address, header=headers, timeout=30)

    def reconnect(self) -> None:
        self.close()
        self.socket = self._connect()

    def send(self, code: str) -> str:
        """Send a cell without waiting; return its message's id."""
        message = uuid.uuid4().hex
        content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}
        # A kernel drops what is asked in the moment after an error, unless it is told not to.
        content["stop_on_error"] = False
        header = {"msg_id": message, "session": self.session, "username": "", "msg_type": "execute_request", "version": "5.3"}
        frame = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell", "buffers": []}
        self.socket.send(json.dumps(frame))
        return message

    def run(self, code: str, seconds: float = CELL_SECONDS) -> Result:
        """Run a cell and return what it gave. Raises TimeoutError after ``seconds``."""
        return self.result(self.send(code), seconds)

    def result(self, message: str, seconds: float = CELL_SECONDS) -> Result:
        """Collect the outputs of a cell that was sent before."""
        found, replied, idle = Result(), False, False
        deadline = time.monotonic() + seconds
        while not (replied and idle):
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"cell not finished within {seconds:g} s; so far: {found}")
            self.socket.settimeout(left)
            try:
                frame = self.socket.recv()
            except websocket.WebSocketTimeoutException:
                continue
            if not isinstance(frame, str) or not frame:
                continue
            got = json.loads(frame)
            if got["parent_header"].get("msg_id") != message:
                continue
            kind, content = got["msg_type"], got["content"]
            if kind == "stream":
                found.text += content["text"]
            elif kind == "execute_result":
                found.data, found.value = content["data"], content["data"].get("text/plain")
            elif kind in ("display_data", "update_display_data"):
                found.displays.append(content["data"])
            elif kind == "error":
                found.error = "\n".join(content["traceback"])
            elif kind == "execute_reply":
                replied = True
            elif kind == "status":
                idle = idle or content["execution_state"] == "idle"
        return found

    def alive(self) -> bool:
        """Whether this websocket still answers; a dropped one raises."""
        return self.run("1 + 1", 60).ok().value == "2"

    def close(self) -> None:
        self.socket.close()


class Lab:
    """A person's running lab."""

    def __init__(self, person: "Person") -> None:
        self.person = person
        self.url = f"{person.url}/user/{person.name}"

    def request(self, method: str, path: str, **more: Any) -> requests.Response:
        """Ask the lab's own server, as its owner."""
        headers = {"Authorization": f"token {self.person.token}"}
        return requests.request(method, f"{self.url}/{path}", headers=headers, timeout=60, allow_redirects=False, **more)

    def kernel(self, name: str = SPARK, folder: str = "") -> Kernel:
        """Start a kernel, in a folder of the home as JupyterLab does for a notebook that lies there."""
        answer = self.request("POST", "api/kernels", json={"name": name, "path": folder})
        if answer.status_code != 201:
            raise HubError(f"no kernel {name}: {answer.status_code} {answer.text}")
        return Kernel(self, answer.json()["id"])


class Person:
    """Somebody with an account."""

    def __init__(self, url: str, name: str) -> None:
        self.url, self.name = url.rstrip("/"), name
        self.browser = requests.Session()
        self.token = ""

    # Pages

    def submit(self, path: str, **fields: str) -> requests.Response:
        """Open a page, fill in its form, send it to where the form says."""
        page = self.browser.get(self.url + path, timeout=30)
        token = re.search(r'name="_xsrf"\s+value="([^"]*)"', page.text)
        action = re.search(r'<form[^>]*\baction=["\']([^"\']*)["\']', page.text)
        if token is None or action is None:
            raise HubError(NO_FORM.format(url=page.url, text=page.text))
        target = self.url + action[1].replace("&amp;", "&")
        return self.browser.post(target, data={"_xsrf": token[1], **fields}, allow_redirects=False, timeout=60)

    def log_in(self, password: str, new_password: str | None = None) -> "Person":
        """Log in; after a one-time password choose ``new_password``. A token for the APIs is made too."""
        answer = self.submit("/hub/login", username=self.name, password=password)
        where = answer.headers.get("Location", "")
        if new_password is not None and where.startswith("/hub/choose-password"):
            answer = self.submit(where, new_password=new_password, repeat_password=new_password)
            where = answer.headers.get("Location", "")
        if answer.status_code != 302 or where.startswith(("/hub/login", "/hub/choose-password")):
            raise HubError(NOT_LOGGED_IN.format(name=self.name, url=self.url, status=answer.status_code, text=answer.text))
        auth = {"auth": {"username": self.name, "password": new_password or password}}
        made = requests.post(f"{self.url}/hub/api/users/{self.name}/tokens", json=auth, timeout=30)
        if made.status_code != 201:
            raise HubError(f"no token for {self.name}: {made.status_code} {made.text}")
        self.token = made.json()["token"]
        return self

    # The hub's API

    def api(self, method: str, path: str, **more: Any) -> requests.Response:
        headers = {"Authorization": f"token {self.token}"}
        return requests.request(method, f"{self.url}/hub/api/{path}", headers=headers, timeout=60, **more)

    def server(self) -> dict[str, Any] | None:
        """Return the hub's model of the lab, or None."""
        return self.api("GET", f"users/{self.name}").json()["servers"].get("")

    def click_start(self) -> None:
        """Ask for the lab, as the button does."""
        answer = self.api("POST", f"users/{self.name}/server")
        if answer.status_code not in (201, 202):
            raise HubError(FAILED.format(name=self.name, message=answer.text))

    def progress(self, seconds: float = SPAWN_SECONDS) -> Iterator[dict[str, Any]]:
        """Yield the entries of the spawn page, as they come, until the start has succeeded or failed."""
        headers = {"Authorization": f"token {self.token}", "Accept": "text/event-stream"}
        address = f"{self.url}/hub/api/users/{self.name}/server/progress"
        deadline = time.monotonic() + seconds
        with requests.get(address, headers=headers, stream=True, timeout=seconds) as stream:
            for line in stream.iter_lines(decode_unicode=True):
                if line.startswith("data: "):
                    yield json.loads(line.removeprefix("data: "))
                if time.monotonic() > deadline:
                    raise TimeoutError(f"the lab of {self.name} was not there within {seconds:g} s")

    def start(self, seconds: float = SPAWN_SECONDS) -> Lab:
        """Start the lab unless it runs, and return it when it answers. Raises HubError with the hub's reason."""
        model = self.server()
        if model is None or not (model["ready"] or model["pending"]):
            self.click_start()
        last: dict[str, Any] = {}
        for entry in self.progress(seconds):
            last = entry
        if not last.get("ready"):
            raise HubError(FAILED.format(name=self.name, message=last.get("message")))
        return Lab(self)

    def stop(self, seconds: float = 60) -> None:
        """Stop the lab and wait until the hub says so."""
        deadline = time.monotonic() + seconds
        self.api("DELETE", f"users/{self.name}/server")
        while self.server() is not None:
            if time.monotonic() > deadline:
                raise TimeoutError(f"the lab of {self.name} did not stop within {seconds:g} s")
            time.sleep(0.3)


def log_in(url: str, name: str, password: str, new_password: str | None = None) -> Person:
    """Return a person who is logged in."""
    return Person(url, name).log_in(password, new_password)
