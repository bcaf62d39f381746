"""What a student does with an exercise: fetch, submit, look back, restore. Files and the service; nothing is shown here.

Invariant: what a student wrote is never overwritten: what has to make way keeps its content under a name that says why. Raises
`Trouble` or `ClientError`, whose texts say what to do.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from exercises.client import Client
from exercises.student import merge, messages, packing
from exercises.student.place import OWN, Place, Trouble, around, beside, of, sha, trouble, write


@dataclass(frozen=True)
class Done:
    """What became of one file; `kind` is a key of the notes in `messages`."""

    kind: str
    name: str
    beside: str = ""


@dataclass(frozen=True)
class Brought:
    """An exercise that was fetched, or a submission that was restored, and what that did."""

    place: Place
    number: int
    done: tuple[Done, ...]


@dataclass(frozen=True)
class Submitted:
    """A submission that the service has. `exercise` is how the exercise stands now; `unkept` says why no receipt was kept."""

    place: Place
    receipt: Mapping[str, Any]
    exercise: Mapping[str, Any]
    kept: Path | None
    unkept: str = ""


def find(client: Client, home: Path, here: Path, name: str | None, course: str | None, call: str) -> Place:
    """Return the exercise that is meant: the named one, or the one whose folder this is. Raises Trouble or ClientError."""
    current = around(here)
    if name is None:
        if current is None:
            raise Trouble(messages.NOT_AN_EXERCISE.format(call=call))
        return current if course is None else of(home, course, current.name)
    if current is not None and current.name == name and course in (None, current.course):
        return current
    return of(home, course or which_course(client, home, current, name, call), name)


def which_course(client: Client, home: Path, current: Place | None, name: str, call: str) -> str:
    """Return the course: of the only fetched exercise of that name, of the folder, else the only one there is."""
    fetched = [path.parent.name for path in home.glob(f"exercises/*/{name}") if (path / OWN).is_dir()] if plain(name) else []
    if len(fetched) == 1:
        return fetched[0]
    if current is not None:
        return current.course
    courses = sorted(client.courses())
    if not courses:
        raise Trouble(messages.NO_COURSE)
    if len(courses) > 1:
        raise Trouble(messages.WHICH_COURSE.format(courses=", ".join(courses), call=call, first=courses[0]))
    return courses[0]


def fetch(client: Client, place: Place) -> Brought:
    """Put the version that is handed out into the student's folder. Raises Trouble or ClientError."""
    version, files = client.fetch(place.course, place.name)
    handed_out = {name: content for name, content in files.items() if not name.startswith(OWN + "/")}
    own = {name: content for name, content in files.items() if name.startswith(OWN + "/")}
    try:
        fetched = place.fetched()
        mine = _read(place.folder, merge.names(fetched, handed_out))
        steps = merge.steps(mine, fetched, handed_out)
        label = messages.VERSION_LABEL.format(version=version)
        done = tuple(_do(place.folder, step, label) for step in steps)
        for name, content in own.items():
            write(place.folder / name, content)
        for name in ("checks.py", "facts.json"):
            if f"{OWN}/{name}" not in own:
                (place.own / name).unlink(missing_ok=True)
        # Last: a fetch that was cut off is made again from the old base.
        place.remember(version, handed_out)
    except OSError as error:
        raise trouble(place.folder, error) from None
    return Brought(place, version, done)


def submit(client: Client, place: Place, key: str | None = None) -> Submitted:
    """Hand the folder in and keep the receipt; never twice with the same `key`. Raises Trouble or ClientError."""
    if not place.folder.is_dir():
        raise Trouble(messages.NOT_FETCHED.format(name=place.name))
    fetched = place.fetched()
    files = packing.files(place.folder, fetched)
    receipt = client.submit(place.course, place.name, files, version=fetched.version or None, key=key)
    kept, unkept = None, ""
    try:
        kept = place.keep(receipt)
    except OSError as error:
        # It is handed in all the same.
        unkept = error.strerror or str(error)
    return Submitted(place, receipt, _now(client, place), kept, unkept)


def restore(client: Client, place: Place, number: int, time: datetime) -> Brought:
    """Bring a submission back into the folder. `time` names what has to make way. Raises Trouble or ClientError."""
    found = numbered(client, place, number)
    files = client.files(found["id"])
    if not place.is_fetched:
        fetch(client, place)
    hashes = place.fetched().hashes
    label = messages.RESTORE_LABEL.format(time=time.strftime("%Y-%m-%d %H-%M-%S"))
    done = []
    try:
        mine = _read(place.folder, files)
        for name, content in sorted(files.items()):
            if name.startswith(OWN + "/") or mine.get(name) == content:
                continue
            path = place.folder / name
            aside = ""
            # What nobody changed since it was handed out is nobody's work, and fetch brings it back.
            if name in mine and hashes.get(name) != sha(mine[name]):
                old = beside(path, label, mine[name])
                write(old, mine[name])
                aside = old.relative_to(place.folder).as_posix()
            write(path, content)
            done.append(Done(merge.BESIDE if aside else merge.NEW, name, aside))
    except OSError as error:
        raise trouble(place.folder, error) from None
    return Brought(place, number, tuple(done))


def numbered(client: Client, place: Place, number: int | None) -> dict[str, Any]:
    """Return one's own submission of that number, or the last. Raises Trouble or ClientError."""
    made = client.submissions(place.course, place.name)
    if not made:
        raise Trouble(messages.NO_SUBMISSIONS.format(title=place.title))
    if number is None:
        return made[-1]
    for one in made:
        if one["number"] == number:
            return one
    known = ", ".join(str(one["number"]) for one in made)
    raise Trouble(messages.NO_SUCH_NUMBER.format(title=place.title, number=number, numbers=known))


def plain(name: str) -> bool:
    """Whether a name is one part of a path, and no pattern."""
    return bool(name) and name.replace("-", "").replace("_", "").isalnum()


def _do(folder: Path, step: merge.Step, label: str) -> Done:
    path = folder / step.name
    if step.write is not None:
        write(path, step.write)
    if step.kind == merge.REMOVED:
        path.unlink(missing_ok=True)
    if step.beside is None:
        return Done(step.kind, step.name)
    laid = beside(path, label, step.beside)
    write(laid, step.beside)
    return Done(step.kind, step.name, laid.relative_to(folder).as_posix())


def _read(folder: Path, names: Any) -> dict[str, bytes]:
    """The files of those names that are there. Raises OSError, also where something else than a file is."""
    found = {}
    for name in names:
        path = folder / name
        if path.is_file():
            found[name] = path.read_bytes()
        elif os.path.lexists(path):
            raise FileExistsError(17, "not a file", str(path))
    return found


def _now(client: Client, place: Place) -> dict[str, Any]:
    """How the exercise stands; empty when the service does not say, which changes nothing about what it has received."""
    from exercises.client import ClientError

    try:
        return client.exercise(place.course, place.name)
    except ClientError:
        return {}
