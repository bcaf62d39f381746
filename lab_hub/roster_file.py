"""A class as a spreadsheet writes it: bytes in, people and memberships out.

Invariant: pure; a file with any bad row gives nothing but the list of all bad rows. An empty cell says nothing, so it never erases
what is known. Whatever a cell contains is text: control characters become spaces, and nothing is ever evaluated.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lab_hub import account_rules, members, roster_columns
from lab_hub import people_messages as messages
from lab_hub.roster_columns import COURSE, EMAIL, FULL_NAME, NAME, ROLE

MOST_BYTES = 1 << 20
MOST_ROWS = 5000
LONGEST_FULL_NAME = 120
LONGEST_EMAIL = 254

_SEPARATORS = (",", ";", "\t", "|")
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+")
# What Excel itself writes into the first line for whoever has another separator.
_SEP_LINE = re.compile(r"\s*\"?sep=(.)\"?\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Problem:
    """What is wrong in one line of the file; a row of several lines is known by its first."""

    line: int
    reason: str

    def __str__(self) -> str:
        return messages.LINE.format(line=self.line, reason=self.reason)


class BadRoster(ValueError):
    """The file cannot be used; `problems` has every reason."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems, key=lambda problem: problem.line)
        super().__init__(messages.REFUSED.format(count=len(problems), problems="\n".join(map(str, self.problems))))


@dataclass(frozen=True)
class Details:
    """What is known of a person beside the name; None: the file says nothing."""

    full_name: str | None = None
    email: str | None = None


@dataclass(frozen=True)
class Roster:
    """People by name, and the role of each in each course."""

    people: dict[str, Details] = field(default_factory=dict)
    roles: dict[tuple[str, str], str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def read(content: bytes) -> Roster:
    """Return what the file says. Raises BadRoster."""
    text, notes = _decoded(content)
    rows, separator = _rows(text)
    try:
        where, unused = roster_columns.columns(rows[0][1])
    except roster_columns.BadHeader as error:
        raise BadRoster([Problem(rows[0][0], str(error))]) from None
    if unused:
        notes.append(messages.COLUMNS_UNUSED.format(names=", ".join(unused)))
    return _Reader(where, len(rows[0][1]), separator).all(rows[1:], notes)


def _decoded(content: bytes) -> tuple[str, list[str]]:
    if len(content) > MOST_BYTES:
        raise BadRoster([Problem(1, messages.TOO_LARGE.format(size=len(content) >> 10, most=MOST_BYTES >> 10))])
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise BadRoster([Problem(1, messages.NOT_CSV)])
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16"), []
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        # Every byte means something there, so that nobody is turned away; whoever reads the table sees what came of it.
        return content.decode("cp1252", errors="replace"), [messages.READ_AS]


def _rows(text: str) -> tuple[list[tuple[int, list[str]]], str]:
    """Return every row that is not blank, with its first line's number, and the separator. The first row is the header."""
    best: tuple[int, str] = (-1, ",")
    first = next((line for line in text.splitlines() if line.strip() and not _SEP_LINE.fullmatch(line)), "")
    for separator in _SEPARATORS:
        heading = next(csv.reader([first], delimiter=separator), [])
        best = max(best, (roster_columns.recognized(heading), separator), key=lambda pair: pair[0])
    rows = [row for row in _parsed(text, best[1]) if any(cell.strip() for cell in row[1])]
    if rows and _SEP_LINE.fullmatch(best[1].join(rows[0][1])):
        del rows[0]
    if not rows:
        raise BadRoster([Problem(1, messages.EMPTY_FILE)])
    if len(rows) > MOST_ROWS + 1:
        raise BadRoster([Problem(rows[MOST_ROWS + 1][0], messages.TOO_MANY_ROWS.format(most=MOST_ROWS))])
    return rows, best[1]


def _parsed(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text.replace("\0", " "), newline=""), delimiter=separator, skipinitialspace=True, strict=True)
    line = 1
    try:
        for row in reader:
            yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise BadRoster([Problem(line, messages.UNREADABLE_CSV.format(reason=error))]) from None


class _Reader:
    """Goes through the rows and collects what they say and what is wrong with them."""

    def __init__(self, where: dict[str, int], columns: int, separator: str) -> None:
        self._where, self._columns, self._separator = where, columns, separator
        self.problems: list[Problem] = []
        self._said: dict[tuple[str, str], tuple[str, int]] = {}
        self._roles: dict[tuple[str, str], tuple[str, int]] = {}
        self._names: list[str] = []

    def all(self, rows: list[tuple[int, list[str]]], notes: list[str]) -> Roster:
        for line, cells in rows:
            for reason in self._row(line, cells):
                self.problems.append(Problem(line, reason))
        if self.problems:
            raise BadRoster(self.problems)

        def said(name: str, column: str) -> str | None:
            return self._said.get((name, column), (None, 0))[0]

        people = {name: Details(said(name, FULL_NAME), said(name, EMAIL)) for name in dict.fromkeys(self._names)}
        roles = {key: role for key, (role, _) in self._roles.items() if key[1]}
        return Roster(people, roles, tuple(notes))

    def _row(self, line: int, cells: list[str]) -> Iterator[str]:
        if any(cell.strip() for cell in cells[self._columns :]):
            yield messages.TOO_MANY_CELLS.format(count=len(cells), columns=self._columns, separator=self._separator)
            return

        def cell(column: str) -> str:
            number = self._where.get(column)
            return text_of(cells[number]) if number is not None and number < len(cells) else ""

        name, course, role = cell(NAME).lower(), cell(COURSE).lower(), roster_columns.role_of(cell(ROLE))
        usable = True
        if not name:
            yield messages.NO_NAME
            usable = False
        elif problem := account_rules.name_problem(name):
            yield problem
            usable = False
        if role is None:
            yield messages.ROLE_UNKNOWN.format(role=cell(ROLE))
        if course and not members.COURSE.fullmatch(course):
            yield messages.COURSE_UNUSABLE.format(course=course)
        elif not course and role not in (None, "student"):
            yield messages.ROLE_WITHOUT_COURSE.format(role=role)
        if (length := len(cell(FULL_NAME))) > LONGEST_FULL_NAME:
            yield messages.FULL_NAME_LONG.format(length=length, most=LONGEST_FULL_NAME)
        if (email := cell(EMAIL)) and (len(email) > LONGEST_EMAIL or not _EMAIL.fullmatch(email)):
            yield messages.EMAIL_INVALID.format(email=email[:80])
        if not usable:
            return
        self._names.append(name)
        yield from self._once(line, name, FULL_NAME, cell(FULL_NAME), messages.FIELD_FULL_NAME)
        yield from self._once(line, name, EMAIL, email, messages.FIELD_EMAIL)
        if role is not None:
            yield from self._member(line, name, course, role)

    def _once(self, line: int, name: str, column: str, value: str, field_name: str) -> Iterator[str]:
        """A person has one full name and one e-mail, said in any of the rows."""
        other, first = self._said.setdefault((name, column), (value, line)) if value else (value, line)
        if other != value:
            yield messages.TWO_VALUES.format(name=name, field=field_name, value=value, other=other, first=first)

    def _member(self, line: int, name: str, course: str, role: str) -> Iterator[str]:
        if (name, course) not in self._roles:
            self._roles[name, course] = (role, line)
            return
        other, first = self._roles[name, course]
        if other != role:
            yield messages.ROLE_TWICE.format(name=name, course=course, role=role, other=other, first=first)
        elif course:
            yield messages.ROW_TWICE.format(name=name, course=course, first=first)
        else:
            yield messages.ACCOUNT_TWICE.format(name=name, first=first)


def text_of(cell: str) -> str:
    """Return a cell as one line of plain text."""
    return " ".join("".join(c if c.isprintable() else " " for c in cell).split())


def details_problem(full_name: str, email: str) -> str | None:
    """Return why these cannot be a person's full name and e-mail, or None; empty ones can."""
    if len(full_name) > LONGEST_FULL_NAME:
        return messages.FULL_NAME_LONG.format(length=len(full_name), most=LONGEST_FULL_NAME)
    if email and (len(email) > LONGEST_EMAIL or not _EMAIL.fullmatch(email)):
        return messages.EMAIL_INVALID.format(email=email[:80])
    return None
