"""Whether a student version gives away what it should not.

Invariant: a line of a solution, of hidden tests, of a mark scheme or of an instructor's cell that students are not given anyway is
found wherever it appears in the text, the metadata or the attachments of a student's file, by its exercise, cell and line.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from exercises.errors import LeakError
from exercises.form import markers
from exercises.form.notebooks import text
from exercises.form.roles import ANSWERS, CellRole, Role, roles

# Shorter ones, and those without a name in them, are in every program.
LEAST = 6
# From this length on, a line is found inside other text too.
LEAST_INSIDE = 16
EVERYDAY = re.compile(r"(?:else|try|finally|pass|return|break|continue|return None|return True|return False|[\W\d_]*)\W*")

MARKER = "the marker {found!r} is in the student version."
OUTPUT = "it has outputs in the student version."
LINE = "a line of {what} is in the student version: {secret!r}."
IN_METADATA = "a line of {what} is in its metadata or attachments: {secret!r}."
IN_FILE = "{file}, line {line}: a line of {what} is in the student version: {secret!r}."

A_SOLUTION, HIDDEN_TESTS, A_SCHEME, AN_INSTRUCTOR = "a solution", "hidden tests", "a mark scheme", "an instructor's cell"
A_HIDDEN_CHECK = "a hidden check"
_WHAT = {markers.SOLUTION: A_SOLUTION, markers.HIDDEN: HIDDEN_TESTS, markers.SCHEME: A_SCHEME}


@dataclass(frozen=True)
class Secret:
    """A line that students must not see, and what it belongs to."""

    line: str
    what: str


def secrets(notebook: Mapping[str, Any], *, exercise: str = "") -> list[Secret]:
    """Return the lines of a complete notebook that students must not see. Raises FormError."""
    hidden: list[Secret] = []
    given: set[str] = set()
    for one in roles(notebook, exercise=exercise):
        lines = text(notebook["cells"][one.index]).split("\n")
        covered = _covered(one, lines)
        for number, line in enumerate(lines, start=1):
            plain = line.strip()
            if number in covered:
                hidden.append(Secret(plain, covered[number]))
            elif markers.marker(line) is None:
                given.add(plain)
    return _telling(hidden, given)


def notebook(complete: Mapping[str, Any], student: Mapping[str, Any], *, exercise: str = "") -> None:
    """Raise LeakError when the student's notebook has a secret of the complete one, a marker or an output."""
    known = secrets(complete, exercise=exercise)
    for one in roles(student, exercise=exercise):
        cell = student["cells"][one.index]
        for number, line in enumerate(text(cell).split("\n"), start=1):
            if (found := markers.marker(line)) is not None:
                raise LeakError(MARKER.format(found=" ".join(found)), exercise=exercise, cell=one.name, line=number)
            if (secret := _found(line, known)) is not None:
                problem = LINE.format(what=secret.what, secret=secret.line)
                raise LeakError(problem, exercise=exercise, cell=one.name, line=number)
        if cell.get("outputs") or cell.get("execution_count"):
            raise LeakError(OUTPUT, exercise=exercise, cell=one.name)
        for value in _texts([cell.get("metadata"), cell.get("attachments")]):
            if (secret := _found(value, known)) is not None:
                problem = IN_METADATA.format(what=secret.what, secret=secret.line)
                raise LeakError(problem, exercise=exercise, cell=one.name)
    for value in _texts(student.get("metadata")):
        if (secret := _found(value, known)) is not None:
            raise LeakError(IN_METADATA.format(what=secret.what, secret=secret.line), exercise=exercise)


def files(found: Mapping[str, bytes], known: Iterable[Secret], *, exercise: str = "") -> None:
    """Raise LeakError when one of the files, taken as text, has a marker or one of the secrets."""
    known = list(known)
    for name, content in sorted(found.items()):
        for number, line in enumerate(content.decode("utf-8", "replace").split("\n"), start=1):
            # A notebook or facts file has its texts quoted.
            plain = line.replace('\\"', '"')
            if (seen := markers.marker(plain)) is not None:
                problem = MARKER.format(found=" ".join(seen))
                raise LeakError(f"{name}, line {number}: {problem}", exercise=exercise)
            if (secret := _found(plain, known)) is not None:
                raise LeakError(IN_FILE.format(file=name, line=number, what=secret.what, secret=secret.line), exercise=exercise)


def telling(lines: Iterable[str], what: str, given: Iterable[str]) -> list[Secret]:
    """Return those lines that tell something and are not given anyway."""
    return _telling([Secret(line.strip(), what) for line in lines], {line.strip() for line in given})


def _telling(hidden: Iterable[Secret], given: set[str]) -> list[Secret]:
    found = {}
    for one in hidden:
        if len(one.line) >= LEAST and not EVERYDAY.fullmatch(one.line) and one.line not in given:
            found.setdefault(one.line, one)
    return list(found.values())


def _covered(one: CellRole, lines: list[str]) -> dict[int, str]:
    """The numbers of a cell's secret lines, and what each belongs to."""
    if one.role is Role.INSTRUCTOR:
        return dict.fromkeys(range(1, len(lines) + 1), AN_INSTRUCTOR)
    if one.role in ANSWERS and not any(region.kind == markers.SOLUTION for region in one.regions):
        # Without a region, nbgrader takes the whole cell for the solution.
        return dict.fromkeys(range(1, len(lines) + 1), A_SOLUTION)
    return {number: _WHAT[region.kind] for region in one.regions for number in range(region.begin + 1, region.end)}


def _found(line: str, known: Iterable[Secret]) -> Secret | None:
    plain = line.strip()
    for secret in known:
        if secret.line == plain or (len(secret.line) >= LEAST_INSIDE and secret.line in line):
            return secret
    return None


def _texts(value: Any) -> Iterator[str]:
    """All texts in a JSON value, keys included."""
    if isinstance(value, str):
        yield from value.split("\n")
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from _texts(key)
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif value is not None:
        yield json.dumps(value)
