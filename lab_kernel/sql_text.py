"""SQL as text: its statements, and what could be the name of a parameter in them.

Invariant: whatever stands in a text, a quoted name or a comment is neither a separator nor a parameter;
nothing here decides what a statement means, that is Spark's.
"""

import re
from collections.abc import Iterator

_QUOTES = "'\"`"
_NAME = re.compile(r":\s*([^\W\d]\w*)")


def split(text: str) -> list[str]:
    """Returns the statements of a text, without the semicolons between them and without empty ones."""
    statements, start, meaningful = [], 0, False
    for kind, first, last in pieces(text):
        if kind == "code" and text[first] == ";":
            if meaningful:
                statements.append(text[start:first].strip())
            start, meaningful = last, False
        else:
            meaningful |= kind == "quoted" or (kind == "code" and not text[first].isspace())
    if meaningful:
        statements.append(text[start:].strip())
    return statements


def names_after_colons(text: str) -> set[str]:
    """Returns every name that follows a colon, but not a `::` cast: the parameters, and a few that are none.

    `payload:city` and `struct<a:int>` look alike to anybody who does not know SQL as Spark does.
    """
    found = set()
    for kind, first, _ in pieces(text):
        if kind == "code" and text[first] == ":" and "::" not in text[max(first - 1, 0) : first + 2]:
            match = _NAME.match(text, first)
            if match is not None:
                found.add(match[1])
    return found


def pieces(text: str) -> Iterator[tuple[str, int, int]]:
    """Yields (kind, begin, end) for a whole text: a `comment`, something `quoted`, or one character of `code`."""
    i = 0
    while i < len(text):
        pair = text[i : i + 2]
        if pair == "--":
            kind, end = "comment", _until(text, "\n", i)
        elif pair == "/*":
            kind, end = "comment", _until(text, "*/", i + 2)
        elif text[i] in _QUOTES:
            kind, end = "quoted", _quoted(text, i)
        else:
            kind, end = "code", i + 1
        yield kind, i, end
        i = end


def first_line(statement: str, width: int = 80) -> str:
    """Returns a statement on one line, cut at `width` characters."""
    line = " ".join(statement.split())
    return line if len(line) <= width else line[: width - 1] + "…"


def _until(text: str, end: str, start: int) -> int:
    found = text.find(end, start)
    return len(text) if found < 0 else found + len(end)


def _quoted(text: str, start: int) -> int:
    quote, i = text[start], start + 1
    escapes = quote != "`" and not _raw(text, start)
    while i < len(text):
        if text[i] == "\\" and escapes:
            i += 2
        elif text[i] == quote:
            return i + 1
        else:
            i += 1
    return len(text)


def _raw(text: str, start: int) -> bool:
    """Whether the quote belongs to a text like r'\\d', in which a backslash is a backslash."""
    return re.search(r"(?<!\w)[rR]$", text[max(start - 2, 0) : start]) is not None
