"""The one client of the exercises service: labs, the command line and tests use it.

Invariant: a call returns what the service said, or raises `ClientError` with a sentence for a person. A call is sent again only
where that cannot do anything twice. The token goes to the address that was given and to no other: redirects are not followed.
"""

import hashlib
import http.client
import json
import os
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urljoin, urlsplit

from exercises.runner import archive

URL, TOKENS = "EXERCISES_URL", ("EXERCISES_TOKEN", "JUPYTERHUB_API_TOKEN")
ANSWER_SECONDS = 60.0
# Between two tries; one try more than there are pauses.
PAUSES = (0.5, 1.5, 4.0)
BUSY = (502, 503, 504)
# JupyterHub names itself so in each answer. It gets what the proxy has no route for, as in the seconds after the proxy fell.
HUB = "x-jupyterhub-version"

NO_URL = "Where is the exercises service? Set EXERCISES_URL, or give the address: http://HOST/services/exercises/"
BAD_URL = "{url!r} is no address of the exercises service. It begins with http:// or https:// and ends with /services/exercises/"
NO_TOKEN = (
    "A token is missing. In a lab it is there by itself; elsewhere make one on the hub's page Token and put it "
    "into EXERCISES_TOKEN or into a file."
)
BAD_TOKEN_FILE = "The token's file {path} cannot be read ({reason})."
BAD_TOKEN = "The token contains characters that no token has. Copy it again from the hub's page Token."
SILENT = "The exercises service at {url} cannot be reached ({reason}). Try again in a minute; if it stays so, tell your instructor."
UNSURE = (
    "The connection to the exercises service at {url} broke ({reason}) after everything was sent. "
    "Look whether it arrived before you send it again."
)
MOVED = "The address {url} leads on to {there}. Use that one."
NOT_OURS = "{url} answered {status}, and not as the exercises service does. Is the address right, and is the service running?"
HUB_INSTEAD = (
    "The class's hub answers in the place of {url}: the exercises service is not back yet, or the address is not its. "
    "Try again in a minute; if it stays so, tell your instructor."
)
BUSY_STILL = "The exercises service is busy ({status}). Try again in a minute."
DAMAGED = "What arrived is not what was sent (the sha256 differs). Try again."
NOT_UNPACKED = "What the service sent cannot be unpacked: {reason}."
NOT_SENT = "Nothing was sent: {reason}."


class ClientError(Exception):
    """The service refused, or could not be reached; the text says what to do. `status` is HTTP's, None without an answer."""

    def __init__(self, text: str, status: int | None = None) -> None:
        super().__init__(text)
        self.status = status


@dataclass(frozen=True)
class Answer:
    """What came back: the body, and the headers with lower-case names."""

    body: bytes
    headers: Mapping[str, str]


class Client:
    """Speaks to one service as one person. Raises ClientError from every call."""

    def __init__(self, url: str, token: str, *, seconds: float = ANSWER_SECONDS, pauses: tuple[float, ...] = PAUSES) -> None:
        """`seconds` is how long one answer may take; `pauses` lie between the tries of a call that may be sent again."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ClientError(BAD_URL.format(url=url))
        if not token:
            raise ClientError(NO_TOKEN)
        if not (token.isascii() and token.isprintable()):
            raise ClientError(BAD_TOKEN)
        self.url = url.rstrip("/") + "/"
        self._token, self._seconds, self._pauses = token, seconds, pauses
        self._opener = urllib.request.build_opener(_NoRedirect)

    def me(self) -> dict[str, Any]:
        """Return the person's name, and their roles by course."""
        return self._json("GET", "api/me")

    def courses(self) -> dict[str, list[str]]:
        """Return the roles by course."""
        return self.me()["courses"]

    def exercises(self, course: str) -> list[dict[str, Any]]:
        """Return the course's exercises, with one's own status and grade in each."""
        return self._json("GET", _path("courses", course, "exercises"))

    def exercise(self, course: str, name: str) -> dict[str, Any]:
        return self._json("GET", _exercise(course, name))

    def fetch(self, course: str, name: str) -> tuple[int, dict[str, bytes]]:
        """Return the number and the files of the version that is handed out."""
        answer = self._ask("GET", _exercise(course, name) + "/student")
        return int(answer.headers.get("x-exercise-version", 0)), _unpacked(answer)

    def submit(
        self, course: str, name: str, files: Mapping[str, bytes], *, version: int | None = None, key: str | None = None
    ) -> dict[str, Any]:
        """Hand the files in and return the receipt.

        `version` is the one that was worked on (default: the newest). The same `key` (8 to 64 letters, digits, - and _) never hands
        in twice: a second call with it returns the first one's receipt.
        """
        data = packed(files)
        query = {"version": version, "key": key or secrets.token_urlsafe(24)}
        receipt = self._json("POST", _exercise(course, name) + "/submissions", query, data, again=True)
        if receipt["sha256"] != hashlib.sha256(data).hexdigest() and key is None:
            raise ClientError(DAMAGED)
        return receipt

    def submissions(self, course: str, name: str) -> list[dict[str, Any]]:
        """Return one's own submissions, oldest first."""
        return self._json("GET", _exercise(course, name) + "/submissions")

    def tell_checks(self, course: str, name: str, checks: Mapping[str, bool]) -> None:
        """Say which visible checks pass, for the class board."""
        self._ask("POST", _exercise(course, name) + "/checks", None, json.dumps({"checks": dict(checks)}).encode())

    def submission(self, identity: str) -> dict[str, Any]:
        return self._json("GET", _path("submissions", identity))

    def files(self, identity: str) -> dict[str, bytes]:
        """Return what was handed in."""
        return _unpacked(self._ask("GET", _path("submissions", identity, "files")))

    def feedback(self, identity: str) -> dict[str, Any]:
        """Return the submission with its grade check by check; `checks` is None before it is graded."""
        return self._json("GET", _path("submissions", identity, "feedback"))

    def push(
        self,
        course: str,
        name: str,
        archive_bytes: bytes,
        *,
        opens: str | None = None,
        due: str | None = None,
        attempts: int | None = None,
        late: str | None = None,
        trial: bool = False,
    ) -> dict[str, Any]:
        """Push an exercise's archive and return its new version, whose laws are checked from now on.

        None leaves a rule as exercise.toml has it; an empty `opens` or `due` takes that time away. A `trial` is never handed
        out: it only has its laws tried.
        """
        query = {"opens": opens, "due": due, "attempts": attempts, "late": late, "trial": "true" if trial else None}
        return self._json("POST", _exercise(course, name), query, archive_bytes)

    def version(self, course: str, name: str, number: int) -> dict[str, Any]:
        """Return a version with its state and the report on its laws.

        The state is checking, accepted or refused; of a trial trying, tried or refused.
        """
        return self._json("GET", _exercise(course, name) + f"/versions/{number:d}")

    def versions(self, course: str, name: str) -> list[dict[str, Any]]:
        return self._json("GET", _exercise(course, name) + "/versions")

    def source(self, course: str, name: str, number: int) -> dict[str, bytes]:
        """Return the files of a version as they were pushed."""
        return _unpacked(self._ask("GET", _exercise(course, name) + f"/versions/{number:d}/source"))

    def catalog(self, course: str) -> list[dict[str, Any]]:
        """Return the exercises that the service brings along, for instructors to copy."""
        return self._json("GET", _path("courses", course, "catalog"))

    def copy(self, course: str, name: str) -> dict[str, bytes]:
        """Return the files of an exercise of the catalog, with its solution."""
        return _unpacked(self._ask("GET", _path("courses", course, "catalog", name)))

    def everybody(self, course: str, name: str) -> list[dict[str, Any]]:
        """Return everybody's submissions."""
        return self._json("GET", _exercise(course, name) + "/class")

    def regrade(self, identity: str) -> dict[str, Any]:
        """Have a submission graded again, against the version that it was made for."""
        return self._json("POST", _path("submissions", identity, "regrade"))

    def regrade_all(self, course: str, name: str, how: str = "own") -> dict[str, Any]:
        """Have all submissions graded again, each against its `own` version, against the `newest`, or only what `changed`.

        Return how far it is; its id is None where all of them wait for that already.
        """
        return self._json("POST", _exercise(course, name) + "/regrades", {"how": how})

    def regrades(self, course: str, name: str) -> list[dict[str, Any]]:
        """Return how far the exercise's regrades are: those that are not done, and the last one."""
        return self._json("GET", _exercise(course, name) + "/regrades")

    def regrade_of(self, course: str, name: str, number: int) -> dict[str, Any]:
        """Return how far one regrade is."""
        return self._json("GET", _exercise(course, name) + f"/regrades/{number:d}")

    def _json(self, method: str, path: str, query: Mapping[str, Any] | None = None, data: bytes | None = None, **more) -> Any:
        answer = self._ask(method, path, query, data, **more)
        try:
            return json.loads(answer.body)
        except ValueError:
            raise ClientError(NOT_OURS.format(url=self.url + path, status=200)) from None

    def _ask(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None = None,
        data: bytes | None = None,
        *,
        again: bool | None = None,
    ) -> Answer:
        """Return the answer. `again`: whether the request may be sent twice; GET may."""
        given = urlencode({key: value for key, value in (query or {}).items() if value is not None})
        url = self.url + path + ("?" + given if given else "")
        request = urllib.request.Request(url, data, {"Authorization": f"token {self._token}"}, method=method)
        if method == "POST":
            request.data = data or b""
            request.add_header("Content-Type", "application/gzip")
        again = method == "GET" if again is None else again
        for pause in self._pauses:
            try:
                return self._once(request)
            except _Worth as trouble:
                if not (again or trouble.never_arrived):
                    raise trouble.told(self.url, sent=method == "POST") from None
            time.sleep(pause)
        try:
            return self._once(request)
        except _Worth as trouble:
            raise trouble.told(self.url, sent=method == "POST" and not again) from None

    def _once(self, request: urllib.request.Request) -> Answer:
        try:
            with self._opener.open(request, timeout=self._seconds) as answer:
                return Answer(answer.read(), {key.lower(): value for key, value in answer.headers.items()})
        except urllib.error.HTTPError as error:
            raise _refusal(error, self.url) from None
        except urllib.error.URLError as error:
            # What urllib wraps happened before the answer began; a refused connection, before anything was sent.
            raise _Worth(error.reason, isinstance(error.reason, ConnectionRefusedError)) from None
        except (OSError, http.client.HTTPException) as error:
            raise _Worth(error, False) from None


def is_known(url: str | None = None) -> bool:
    """Whether somebody said where the service is: the call, or the environment."""
    return bool(url or os.environ.get(URL))


def from_environment(
    *,
    url: str | None = None,
    token: str | None = None,
    token_file: Path | None = None,
    environment: Mapping[str, str] | None = None,
    **more: Any,
) -> Client:
    """Return the client that the environment describes; what is given goes first. Raises ClientError."""
    environment = os.environ if environment is None else environment
    if token_file is not None:
        try:
            token = token_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ClientError(BAD_TOKEN_FILE.format(path=token_file, reason=error)) from None
    url = url or environment.get(URL)
    if not url:
        raise ClientError(NO_URL)
    return Client(url, token or next((environment[name] for name in TOKENS if environment.get(name)), ""), **more)


def packed(files: Mapping[str, bytes], limits: archive.Limits = archive.SUBMISSION) -> bytes:
    """Return the archive of the files, as the service will take it; the same files give the same bytes. Raises ClientError."""
    try:
        data = archive.pack(files, compress=True)
        archive.unpack(data, limits)
    except archive.ArchiveRefused as refusal:
        raise ClientError(NOT_SENT.format(reason=refusal)) from None
    return data


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Leaves a redirect as the answer that it is."""

    def redirect_request(self, *_: Any) -> None:
        return None


class _Worth(Exception):
    """Trouble that may pass. `never_arrived`: the service cannot have seen the request."""

    def __init__(self, reason: object, never_arrived: bool, status: int | None = None, words: str = "") -> None:
        super().__init__(str(reason))
        self.never_arrived, self._status, self._words = never_arrived, status, words

    def told(self, url: str, *, sent: bool) -> ClientError:
        if self._status is not None:
            return ClientError(self._words or BUSY_STILL.format(status=self._status), self._status)
        form = UNSURE if sent and not self.never_arrived else SILENT
        return ClientError(form.format(url=url, reason=str(self) or "no answer"))


def _refusal(error: urllib.error.HTTPError, url: str) -> Exception:
    """The error that an answer means."""
    with error:
        try:
            body = error.read()
        except (OSError, http.client.HTTPException):
            body = b""
    if error.headers.get(HUB):
        return _Worth(error.reason, True, error.code, HUB_INSTEAD.format(url=url))
    if there := error.headers.get("location"):
        return ClientError(MOVED.format(url=url, there=urljoin(url, there)), error.code)
    words = _words(body)
    if error.code in BUSY:
        # With the service's own words nothing was done; without them, somebody in between speaks, who cannot know.
        return _Worth(error.reason, error.code == 503 and bool(words), error.code, words)
    return ClientError(words or NOT_OURS.format(url=url, status=error.code), error.code)


def _words(body: bytes) -> str:
    """The service's own words; an empty text when these are not its."""
    try:
        told = json.loads(body).get("detail", "")
    except (ValueError, AttributeError):
        return ""
    if isinstance(told, list):
        return "; ".join(f"{'.'.join(map(str, one.get('loc', ())))}: {one.get('msg')}" for one in told if isinstance(one, dict))
    return str(told)


def _unpacked(answer: Answer) -> dict[str, bytes]:
    wanted = answer.headers.get("x-content-sha256")
    if wanted is not None and wanted != hashlib.sha256(answer.body).hexdigest():
        raise ClientError(DAMAGED)
    try:
        return archive.unpack(answer.body)
    except archive.ArchiveRefused as refusal:
        raise ClientError(NOT_UNPACKED.format(reason=refusal)) from None


def _exercise(course: str, name: str) -> str:
    return _path("courses", course, "exercises", name)


def _path(*parts: str) -> str:
    return "api/" + "/".join(quote(part, safe="") for part in parts)

