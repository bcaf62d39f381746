"""Grades to take away: a table for people, and the forms in which Moodle and Canvas import grades.

Invariant: a cell is a value, never a formula: a text that a spreadsheet would compute is quoted. Each student has one row; the
points are those that count.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from exercises.service.desk.board import Row

TABLE, MOODLE, CANVAS = "table", "moodle", "canvas"
FORMS = (TABLE, MOODLE, CANVAS)
# Canvas takes a student by this column and leaves the others as they are there.
CANVAS_HEAD = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
CANVAS_POINTS = "    Points Possible"


@dataclass(frozen=True)
class Column:
    """One exercise with its board."""

    name: str
    title: str
    points: float
    rows: Sequence[Row]


def text(form: str, columns: Sequence[Column]) -> str:
    """Return the CSV file in one of FORMS."""
    found = {column.name: {row.user: row for row in column.rows} for column in columns}
    users = sorted({user for rows in found.values() for user in rows})
    made = io.StringIO()
    writer = csv.writer(made)
    for line in {TABLE: _table, MOODLE: _moodle, CANVAS: _canvas}[form](columns, users, found):
        writer.writerow([_cell(value) for value in line])
    return made.getvalue()


def _table(columns, users, found):
    head = ["user"]
    for column in columns:
        head += [f"{column.name} points", f"{column.name} of", f"{column.name} submissions", f"{column.name} received"]
    yield [*head, "points", "of"]
    of = sum(column.points for column in columns)
    for user in users:
        line, total = [user], 0.0
        for column in columns:
            row = found[column.name].get(user)
            counts = row.best if row is not None else None
            total += _points(row) or 0.0
            line += [_points(row), column.points, len(row.works) if row else 0, counts.received.isoformat() if counts else None]
        yield [*line, round(total, 6), of]


def _moodle(columns, users, found):
    # By its user name; the import asks which column is which grade, and these are named for that.
    yield ["username", *(f"{column.title} ({column.name})" for column in columns)]
    for user in users:
        yield [user, *(_points(found[column.name].get(user)) for column in columns)]


def _canvas(columns, users, found):
    yield [*CANVAS_HEAD, *(f"{column.title} ({column.name})" for column in columns)]
    yield [CANVAS_POINTS, *[None] * (len(CANVAS_HEAD) - 1), *(column.points for column in columns)]
    for user in users:
        yield [user, None, None, user, None, *(_points(found[column.name].get(user)) for column in columns)]


def _points(row: Row | None) -> float | None:
    return None if row is None or row.best is None else row.best.points


def _cell(value: str | float | None) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        return f"{value:.10g}"
    return "'" + value if value[:1] in tuple("=+-@\t\r") else value
