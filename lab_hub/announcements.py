"""What the class is told on all pages of the hub and in all labs: `python -m lab_hub.announcements add|list|remove`.

Invariant: an announcement is plain text with an end; the file of them is replaced whole or not at all, and whoever reads it sees no
announcement that is over. The command writes it in the hub's container, and the running hub sees it at the next page or question.
"""

import argparse
import json
import os
import re
import secrets
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from jupyterhub.apihandlers.base import APIHandler
from tornado import web

from lab_hub import messages, settings

KINDS = ("info", "warning")
LONGEST = 500
MOST = 20
LONGEST_SECONDS = 366 * 86400
_SECONDS = {"m": 60, "h": 3600, "d": 86400}


class Refused(Exception):
    """The reason, as it is printed."""


@dataclass(frozen=True)
class Announcement:
    """``until`` is a time as `time.time` counts."""

    id: str
    text: str
    kind: str
    until: float


class Announcements:
    """Those of one class, in one file."""

    def __init__(self, path: Path, now: Callable[[], float] = time.time) -> None:
        self._path, self._now = path, now
        self._read: tuple[tuple[int, int] | None, list[Announcement]] = (None, [])

    def current(self) -> list[Announcement]:
        """Return those that are not over, the newest first. A file that cannot be read is as good as none."""
        now = self._now()
        return [one for one in self._all() if one.until > now]

    def add(self, text: str, until: float, kind: str) -> Announcement:
        """Raises Refused."""
        text = " ".join(text.split())
        if not text:
            raise Refused(messages.ANNOUNCE_EMPTY)
        if len(text) > LONGEST or not text.isprintable():
            raise Refused(messages.ANNOUNCE_TEXT.format(longest=LONGEST, length=len(text)))
        if kind not in KINDS:
            raise Refused(messages.ANNOUNCE_KIND.format(kind=kind, kinds=", ".join(KINDS)))
        if not 0 < until - self._now() <= LONGEST_SECONDS:
            raise Refused(messages.ANNOUNCE_PAST)
        there = self.current()
        if len(there) >= MOST:
            raise Refused(messages.ANNOUNCE_MANY.format(most=MOST))
        made = Announcement(secrets.token_hex(2), text, kind, until)
        self._write([made, *there])
        return made

    def remove(self, wanted: str) -> None:
        """Raises Refused."""
        there = self.current()
        left = [one for one in there if one.id != wanted]
        if len(left) == len(there):
            raise Refused(messages.ANNOUNCE_UNKNOWN.format(id=wanted))
        self._write(left)

    def _all(self) -> list[Announcement]:
        try:
            found = self._path.stat()
            seen = (found.st_mtime_ns, found.st_ino)
            if seen != self._read[0]:
                self._read = (seen, [Announcement(**one) for one in json.loads(self._path.read_text(encoding="utf-8"))])
        except (OSError, ValueError, TypeError):
            return []
        return self._read[1]

    def _write(self, left: Sequence[Announcement]) -> None:
        part = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        try:
            part.write_text(json.dumps([asdict(one) for one in left]), encoding="utf-8")
            part.replace(self._path)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise Refused(messages.ANNOUNCE_KEPT_NOT.format(reason=error.strerror)) from None


def end(text: str, now: float) -> float:
    """Return when `2h`, `45m`, `3d` or `@SECONDS` (a time that the script has worked out) is. Raises Refused."""
    if match := re.fullmatch(r"(\d{1,5})([mhd])", text):
        return now + int(match[1]) * _SECONDS[match[2]]
    if match := re.fullmatch(r"@(\d{1,12})", text):
        return float(match[1])
    raise Refused(messages.ANNOUNCE_UNTIL.format(until=text))


def shown(one: Announcement, zone: str) -> str:
    """Return a line for the operator, with the time of the operator's machine (`+0100`)."""
    match = re.fullmatch(r"([+-])(\d\d)(\d\d)", zone)
    offset = timedelta(hours=int(match[2]), minutes=int(match[3])) if match else timedelta()
    here = timezone(-offset if match and match[1] == "-" else offset) if match else UTC
    return messages.ANNOUNCED.format(id=one.id, until=datetime.fromtimestamp(one.until, here), kind=one.kind, text=one.text)


class AnnouncementsHandler(APIHandler):
    """GET /hub/api/announcements, for whoever is known to the hub: labs show them to their people."""

    async def get(self) -> None:
        if self.current_user is None:
            raise web.HTTPError(403)
        self.write(json.dumps([asdict(one) for one in self.authenticator.announcements.current()]))


HANDLERS = [(r"/api/announcements", AnnouncementsHandler)]


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m lab_hub.announcements", description="What the class is told.")
    made.add_argument("--zone", default="+0000", help="the operator's time, as date +%%z writes it")
    commands = made.add_subparsers(dest="command", required=True)
    one = commands.add_parser("add")
    one.add_argument("text")
    one.add_argument("until", help="2h, 45m, 3d, or @ and seconds since 1970")
    one.add_argument("kind", help=", ".join(KINDS))
    commands.add_parser("remove").add_argument("id")
    commands.add_parser("list")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    asked = parser().parse_args(arguments)
    try:
        there = Announcements(settings.read().announcements_file)
        if asked.command == "add":
            print(shown(there.add(asked.text, end(asked.until, time.time()), asked.kind), asked.zone))
        elif asked.command == "remove":
            there.remove(asked.id)
            print(messages.ANNOUNCE_REMOVED.format(id=asked.id))
        else:
            print("\n".join(shown(one, asked.zone) for one in there.current()) or messages.ANNOUNCE_NONE)
    except (Refused, settings.SettingsError) as refusal:
        print(refusal, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
