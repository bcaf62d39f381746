"""Copies the class's databases as long as it runs: `python -m lab_hub.backup_service keep|now|list|restore|health`.

Invariant: `keep` goes on whatever happens to one copy, and says each failure once; healthy means that the last round copied every
database that was there, and that no copy is overdue. It needs nothing of the hub, because it is wanted when the hub does not start.
"""

import argparse
import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lab_hub import backup_messages as messages
from lab_hub import backups
from lab_hub.backups import BackupError, Database

# A round that hangs is noticed after so many.
_ROUNDS = 3
# A failed copy is tried again, and a database that is not there yet looked for, sooner than the next round.
_AGAIN_SECONDS, _LOOK_SECONDS = 60, 5


@dataclass(frozen=True)
class Settings:
    """Where databases and copies are, how often one is made, and how many are kept."""

    databases: tuple[Database, ...]
    folder: Path
    every_seconds: int
    newest: int
    # What went wrong in the last round, for `health`.
    failures: Path = Path("/tmp/failures")


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings that compose.yaml gives. Raises KeyError or ValueError with the one that is missing or impossible."""
    hub = Database("hub", Path(environment.get("HUB_DATA", "/srv/hub")) / "jupyterhub.sqlite")
    exercises = Database("exercises", Path(environment.get("EXERCISES_DATA", "/srv/exercises")) / "exercises.sqlite")
    every, newest = int(environment["BACKUP_EVERY_SECONDS"]), int(environment["BACKUP_KEEP"])
    if every < 1 or newest < 1:
        raise ValueError(f"BACKUP_EVERY_SECONDS={every} and BACKUP_KEEP={newest} must both be 1 or more")
    return Settings((hub, exercises), Path(environment.get("BACKUPS", "/srv/backups")), every, newest)


def copy_all(found: Settings) -> tuple[list[Path], list[str]]:
    """Copy what is there; return the copies and what went wrong."""
    made, wrong = [], []
    for database in found.databases:
        if not database.path.exists():
            continue
        try:
            made.append(backups.copy(database, found.folder))
            backups.thin(found.folder, database.name, found.newest)
        except BackupError as error:
            wrong.append(str(error))
    return made, wrong


def keep(found: Settings) -> None:
    """Copy for ever."""
    said: list[str] = []
    while True:
        made, wrong = copy_all(found)
        for line in wrong:
            if line not in said:
                print(line, file=sys.stderr, flush=True)
        said = wrong
        found.failures.write_text("\n".join(wrong), encoding="utf-8")
        time.sleep(min(found.every_seconds, _AGAIN_SECONDS if wrong else found.every_seconds if made else _LOOK_SECONDS))


def trouble(found: Settings, now: float) -> str | None:
    """Return what failed in the last round or which copy is too old, None if all is well."""
    if found.failures.exists() and (said := found.failures.read_text(encoding="utf-8")):
        return said
    for database in found.databases:
        there = backups.copies(found.folder, database.name)
        if not there or not database.path.exists():
            continue
        age = now - there[-1].stat().st_mtime
        if age > _ROUNDS * found.every_seconds:
            return messages.OVERDUE.format(name=database.name, age=age, every=found.every_seconds)
    return None


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m lab_hub.backup_service", description="Copies of the class's databases.")
    parser.add_argument("what", choices=("keep", "now", "list", "restore", "health"))
    parser.add_argument("copy", nargs="?", default="", help="which one to restore")
    asked = parser.parse_args(arguments)
    found = read()
    if asked.what == "keep":
        keep(found)
    elif asked.what == "now":
        made, wrong = copy_all(found)
        for path in made:
            print(messages.COPIED.format(copy=path.name))
        for line in wrong:
            print(line, file=sys.stderr)
        return 1 if wrong else 0
    elif asked.what == "list":
        there = backups.copies(found.folder)
        for path in there:
            print(messages.LISTED.format(copy=path.name, size=path.stat().st_size))
        if not there:
            print(messages.LISTED_NONE)
    elif asked.what == "restore":
        try:
            database, aside = backups.restore(found.databases, asked.copy, found.folder)
        except BackupError as error:
            print(error, file=sys.stderr)
            return 1
        print(messages.RESTORED.format(name=database.name, copy=asked.copy))
        if aside is not None:
            print(messages.ASIDE.format(aside=aside.name))
    else:
        said = trouble(found, time.time())
        print(said or "")
        return 1 if said else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
