"""Labs that are started before their students press: `python -m lab_hub.prepared COURSE [NAME...] [--most N]`.

Invariant: a prepared lab is the student's own, started the way it always is, with that student's home and keys; nobody's lab is
ever given to another. It waits behind whoever presses a button, and stops as an idle lab does. No lab is prepared that would leave
the machine without the memory that one more student's lab may need. Runs in the hub's container and asks the running hub.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from urllib.parse import quote

from lab_hub import members, memory, messages, settings
from lab_hub.members import Ask, Refused
from lab_hub.start_failures import size

# Start a lab, and see whether it runs: beside what `make member` may.
SCOPES = ("start:servers", "read:servers")

EACH_SECONDS = 240
_LOOK_SECONDS = 0.5
_STARTED = (201, 202)
# The hub's word for a lab that runs already.
_RUNS = 400


def students(ask: Ask, course: str) -> list[str]:
    """Return who is a student of this course. Raises Refused."""
    members.group(course, "student")
    found = [name for one, role, name in members.memberships(ask) if (one, role) == (course, "student")]
    if not found:
        raise Refused(messages.COURSE_EMPTY.format(course=course))
    return found


def lab(ask: Ask, name: str) -> dict | None:
    """Return the hub's model of somebody's lab, or None. Raises Refused."""
    status, found = ask("GET", f"/users/{quote(name)}", None)
    if status == 404:
        raise Refused(messages.NO_ACCOUNT.format(name=name))
    if status != 200:
        raise Refused(messages.HUB_REFUSES.format(reason=f"HTTP {status}: {found}"))
    return found["servers"].get("")


class Preparation:
    """One after the other, as long as there is memory."""

    def __init__(
        self,
        ask: Ask,
        limit: int,
        say: Callable[[str], None],
        available: Callable[[], int | None] = memory.available,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._ask, self._limit, self._say = ask, limit, say
        self._available, self._clock, self._sleep = available, clock, sleep

    def all(self, names: Sequence[str], most: int) -> int:
        """Prepare at most so many labs; return how many of them could not be started. Raises Refused."""
        ready = failed = 0
        before = self._available()
        for name in names:
            if ready == most:
                break
            free = self._available()
            if free is not None and free < 2 * self._limit:
                self._say(messages.PREPARED_ENOUGH.format(free=size(free), limit=size(self._limit)))
                break
            if lab(self._ask, name) is not None:
                self._say(messages.PREPARED_RUNS.format(name=name))
                continue
            began = self._clock()
            if problem := self._start(name):
                failed += 1
                self._say(messages.PREPARED_NOT.format(name=name, reason=problem))
            else:
                ready += 1
                self._say(messages.PREPARED.format(name=name, seconds=self._clock() - began))
        after = self._available()
        if ready and before is not None and after is not None:
            used = max(0, before - after)
            self._say(messages.PREPARED_ALL.format(count=ready, used=size(used), each=size(used // ready)))
        return failed

    def _start(self, name: str) -> str | None:
        """Return why it did not start, or None."""
        status, found = self._ask("POST", f"/users/{quote(name)}/server", None)
        if status not in (*_STARTED, _RUNS):
            return str((found or {}).get("message", found)) if isinstance(found, dict) else f"HTTP {status}"
        deadline = self._clock() + EACH_SECONDS
        while self._clock() < deadline:
            model = lab(self._ask, name)
            if model is None:
                return messages.PREPARED_GONE
            if model["ready"]:
                return None
            self._sleep(_LOOK_SECONDS)
        return messages.PREPARED_LATE.format(seconds=EACH_SECONDS)


def main(arguments: Sequence[str] | None = None) -> int:
    made = argparse.ArgumentParser(prog="python -m lab_hub.prepared", description="Start labs before their students press.")
    made.add_argument("course")
    made.add_argument("names", nargs="*", metavar="name", help="only these; else all students of the course")
    made.add_argument("--most", type=int, default=0, help="not more than so many; 0: as many as the memory bears")
    asked = made.parse_args(arguments)
    try:
        found = settings.read()
        ask = members.asker(f"http://127.0.0.1:{found.hub_port}/hub/api", found.secret("operator_token"))
        there = students(ask, asked.course)
        for name in asked.names:
            if name not in there:
                raise Refused(messages.NOT_IN_COURSE.format(name=name, course=asked.course))
        names = asked.names or there
        failed = Preparation(ask, found.lab_memory, lambda line: print(line, flush=True)).all(names, asked.most or len(names))
    except (Refused, settings.SettingsError) as refusal:
        print(refusal, file=sys.stderr)
        return 2
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
