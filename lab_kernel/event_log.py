"""Sends what Spark writes about a notebook's jobs to the cluster's history, while they run and after.

Invariant: a log leaves the lab in one direction only, in order and without gaps, so no lab can read another's; whatever fails here
costs pages of the history, never a cell.
"""

import json
import secrets
import threading
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import quote

EVERY_SECONDS = 5.0
ANSWER_SECONDS = 5.0
LAST_SECONDS = 3.0
PIECE = 1 << 20
RUNNING = ".inprogress"


def configuration(folder: Path) -> dict[str, str]:
    """Spark's settings for a log that can be sent while it grows: one file, beside the lab's other notes."""
    return {
        "spark.eventLog.enabled": "true",
        "spark.eventLog.dir": folder.as_uri(),
        "spark.eventLog.rolling.enabled": "false",
        "spark.eventLog.compress": "true",
    }


class Refused(Exception):
    """The history does not take this log; trying again would not help."""


class Log:
    """One application's log, and how much of it has been sent."""

    def __init__(self, path: Path) -> None:
        self.name = path.name.removesuffix(RUNNING)
        self.sent, self.ended = 0, False
        # Whoever has sent the first piece is the only one to send more.
        self.token = secrets.token_hex(16)


class Sender:
    """Follows the logs in one folder until it is closed."""

    def __init__(self, folder: Path, url: str, secret: str) -> None:
        self._folder, self._url, self._secret = folder, url.rstrip("/"), secret
        self._logs: dict[str, Log] = {}
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._follow, name="spark-event-log", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Sends what is left; Spark has ended, so its logs have too."""
        self._stop.set()
        last = threading.Thread(target=self.send, args=(True,), name="spark-event-log-end", daemon=True)
        last.start()
        last.join(LAST_SECONDS)

    def send(self, over: bool = False) -> None:
        """Sends what is new of each log; `over` says that nothing will come after."""
        with self._lock:
            for path in sorted(self._folder.glob("app-*")):
                log = self._logs.setdefault(path.name.removesuffix(RUNNING), Log(path))
                try:
                    self._send(path, log, over or not path.name.endswith(RUNNING))
                except Refused:
                    log.ended = True
                except (OSError, ValueError):
                    # The history is away, or Spark has just renamed the file: the next round sends it.
                    continue

    def _send(self, path: Path, log: Log, over: bool) -> None:
        if log.ended:
            return
        with path.open("rb") as file:
            file.seek(log.sent)
            while piece := file.read(PIECE):
                log.sent = self._post(log, f"?offset={log.sent}", piece)
                file.seek(log.sent)
        if over:
            self._post(log, "/end", b"")
            log.ended = True

    def _post(self, log: Log, what: str, body: bytes) -> int:
        """Returns how much of the log the history has now. Raises Refused, or OSError to try again later."""
        headers = {"Authorization": f"Bearer {self._secret}", "X-Log-Token": log.token}
        request = urllib.request.Request(f"{self._url}/events/{quote(log.name)}{what}", body, headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=ANSWER_SECONDS) as answer:
                return int(json.load(answer)["size"])
        except urllib.error.HTTPError as error:
            # 409: it has another part than this side believes, and says how much.
            if error.code == 409:
                return int(json.load(error)["size"])
            if 400 <= error.code < 500:
                raise Refused(error.code) from error
            raise

    def _follow(self) -> None:
        while not self._stop.wait(EVERY_SECONDS):
            self.send()
