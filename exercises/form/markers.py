"""nbgrader's markers: `### BEGIN SOLUTION` … `### END SOLUTION`, and the same for HIDDEN TESTS and MARK SCHEME.

Invariant: regions are closed, in order, not nested and of one kind at a time; anything else raises with its line. Like nbgrader, a
line is a marker when it contains the words.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from exercises.errors import FormError

SOLUTION, HIDDEN, SCHEME = "SOLUTION", "HIDDEN TESTS", "MARK SCHEME"
KINDS = (SOLUTION, HIDDEN, SCHEME)
BEGIN, END = "BEGIN {kind}", "END {kind}"

UNCLOSED = "### BEGIN {kind} has no ### END {kind} in this cell."
NESTED = "### BEGIN {kind} inside the region of {kind_open} that began in line {line}; end that one first."
LONE_END = "### END {kind} without a ### BEGIN {kind} before it."
CROSSED = "### END {kind} inside the region of {kind_open} that began in line {line}."


@dataclass(frozen=True)
class Region:
    """One marked region: the lines of its two markers, counted from 1, and the text between them."""

    kind: str
    begin: int
    end: int
    lines: tuple[str, ...]


def marker(line: str) -> tuple[str, str] | None:
    """Return ("BEGIN" or "END", kind) when the line is a marker."""
    for kind in KINDS:
        if BEGIN.format(kind=kind) in line:
            return "BEGIN", kind
        if END.format(kind=kind) in line:
            return "END", kind
    return None


def regions(source: str, *, exercise: str = "", cell: str | None = None) -> list[Region]:
    """Return a cell's regions in their order. Raises FormError with the line."""
    return list(_regions(source, exercise, cell))


def _regions(source: str, exercise: str, cell: str | None) -> Iterator[Region]:
    lines = source.split("\n")
    open_kind, open_line = None, 0

    def refuse(text: str, number: int, kind: str | None) -> FormError:
        problem = text.format(kind=kind, kind_open=open_kind, line=open_line)
        return FormError(problem, exercise=exercise, cell=cell, line=number)

    for number, line in enumerate(lines, start=1):
        if (found := marker(line)) is None:
            continue
        edge, kind = found
        if edge == "BEGIN":
            if open_kind is not None:
                raise refuse(NESTED, number, kind)
            open_kind, open_line = kind, number
        elif open_kind is None:
            raise refuse(LONE_END, number, kind)
        elif kind != open_kind:
            raise refuse(CROSSED, number, kind)
        else:
            yield Region(kind, open_line, number, tuple(lines[open_line : number - 1]))
            open_kind = None
    if open_kind is not None:
        raise refuse(UNCLOSED, open_line, open_kind)
