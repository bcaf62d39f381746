"""Takes the event logs that labs send, for the history server beside it to show.

Invariant: write only; a log is taken from whoever began it and from nobody else, in order, and up to a limit; a name is a file in
one folder or is refused.
"""

import hmac
import json
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock
from urllib.parse import parse_qs, unquote, urlsplit

NAME = re.compile(r"app-[0-9]{14}-[0-9]{4,9}(\.[a-z0-9]{1,8})?")
# Other digits than these are none to int(), or too many.
_COUNT = re.compile(r"[0-9]{1,15}")
RUNNING = ".inprogress"
MOST_BYTES = 64 << 20
MOST_PIECE = 2 << 20
MOST_LOGS = 2000
MOST_TOGETHER = 4 << 30


class Refusal(Exception):
    """`status` and what is told with it."""

    def __init__(self, status: int, **said: object) -> None:
        super().__init__(status)
        self.status, self.said = status, said


class Store:
    """The logs of one folder. Who began one is known by a token, kept beside it under a name that the history does not read."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._lock = folder, Lock()
        (folder / ".tokens").mkdir(mode=0o700, parents=True, exist_ok=True)

    def add(self, name: str, token: str, offset: int, piece: bytes) -> int:
        """Return the log's size after this piece. Raises Refusal."""
        with self._lock:
            path = self._open(name, token, begin=offset == 0)
            size = path.stat().st_size if path.exists() else 0
            if offset != size:
                raise Refusal(409, size=size)
            if size + len(piece) > MOST_BYTES:
                raise Refusal(413, size=size)
            with path.open("ab") as file:
                file.write(piece)
            return size + len(piece)

    def end(self, name: str, token: str) -> int:
        """Show the log as one of an application that has ended."""
        with self._lock:
            path = self._open(name, token, begin=False)
            if not path.exists():
                raise Refusal(404)
            path.rename(self._folder / name)
            return (self._folder / name).stat().st_size

    def _open(self, name: str, token: str, *, begin: bool) -> Path:
        if NAME.fullmatch(name) is None or not re.fullmatch(r"[0-9a-f]{32}", token):
            raise Refusal(400)
        known = self._folder / ".tokens" / name
        if begin and not known.exists():
            if (self._folder / name).exists() or not self._room():
                raise Refusal(403)
            known.write_text(token)
        if not known.exists() or not hmac.compare_digest(known.read_text(), token) or (self._folder / name).exists():
            raise Refusal(403)
        return self._folder / (name + RUNNING)

    def _room(self) -> bool:
        """Whether one more log may begin. The history's own cleaner removes old ones; their tokens go here."""
        sizes = {path.name.removesuffix(RUNNING): path.stat().st_size for path in self._folder.glob("app-*")}
        for token in (self._folder / ".tokens").iterdir():
            if token.name not in sizes:
                token.unlink()
        return len(sizes) < MOST_LOGS and sum(sizes.values()) < MOST_TOGETHER


class Door(BaseHTTPRequestHandler):
    """POST /events/<name>?offset=N with a piece, then POST /events/<name>/end."""

    store: Store
    secret: str
    timeout = 30

    def do_POST(self) -> None:
        try:
            self._answer(200, size=self._take())
        except Refusal as refusal:
            self._answer(refusal.status, **refusal.said)

    def _take(self) -> int:
        length = self.headers.get("Content-Length", "")
        if not _COUNT.fullmatch(length) or int(length) > MOST_PIECE:
            self.close_connection = True
            raise Refusal(413)
        body = self.rfile.read(int(length))
        if not hmac.compare_digest(self.headers.get("Authorization", "").encode(), f"Bearer {self.secret}".encode()):
            raise Refusal(401)
        try:
            address = urlsplit(self.path)
        except ValueError:
            raise Refusal(404) from None
        match = re.fullmatch(r"/events/([^/]+)(/end)?", address.path)
        if match is None:
            raise Refusal(404)
        name, token = unquote(match[1]), self.headers.get("X-Log-Token", "")
        if match[2]:
            return self.store.end(name, token)
        offset = parse_qs(address.query).get("offset", [""])[0]
        if not _COUNT.fullmatch(offset):
            raise Refusal(400)
        return self.store.add(name, token, int(offset), body)

    def _answer(self, status: int, **said: object) -> None:
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Pieces come every few seconds; only trouble is worth a line."""


def serve(address: tuple[str, int], folder: Path, secret: str) -> ThreadingHTTPServer:
    """Return a server that listens; its caller runs it."""
    door = type("ClassDoor", (Door,), {"store": Store(folder), "secret": secret})
    server = ThreadingHTTPServer(address, door)
    server.daemon_threads = True
    return server
