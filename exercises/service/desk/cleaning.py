"""HTML of a student's, reduced to the tags of tables and plain text.

Invariant: what comes out is tags of TAGS without attributes, each closed inside it, and escaped text, whatever went in; the time it
takes grows as the length does. (Parsers that mend a page as browsers do, and Python's own, take half a minute and more for 100 kB
that is made for that, which would be everybody's minute.)
"""

import re
from collections import Counter
from html import escape, unescape

TAGS = frozenset(
    "b br caption code div em h1 h2 h3 h4 h5 h6 i li ol p pre small span strong table tbody td tfoot th thead tr ul".split()
)
VOID = frozenset(["br"])
# Their text is none to read.
UNSEEN = frozenset(["script", "style", "title", "template"])
MOST_DEPTH = 100

# No step of it looks further than to the next < or >. A > inside a value ends a tag too early, which costs looks, nothing else.
_MARK = re.compile(r"<(?:(?P<comment>!--)|[!?][^<>]*>|(?P<end>/?)(?P<tag>[a-zA-Z][a-zA-Z0-9]*)(?:[\s/][^<>]*)?>)")


def clean(html: str) -> str:
    """Return the HTML with nothing in it that could act."""
    made = _Made()
    lower = html.lower()
    at = 0
    while (mark := _MARK.search(html, at)) is not None:
        made.text(html[at : mark.start()])
        at = mark.end()
        tag = (mark["tag"] or "").lower()
        if mark["comment"]:
            at = _after(lower, "-->", at)
        elif tag in UNSEEN and not mark["end"]:
            at = _after(lower, f"</{tag}", at)
        elif mark["end"]:
            made.end(tag)
        elif tag:
            made.begin(tag)
    made.text(html[at:])
    return made.whole()


def _after(lower: str, ending: str, at: int) -> int:
    """Where to go on; behind everything when it never ends."""
    found = lower.find(ending, at)
    return len(lower) if found < 0 else found + (len(ending) if ending == "-->" else 0)


class _Made:
    """Clean HTML as it grows."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._open: list[str] = []
        self._count: Counter[str] = Counter()

    def text(self, text: str) -> None:
        self._parts.append(escape(unescape(text)))

    def begin(self, tag: str) -> None:
        if tag not in TAGS or len(self._open) >= MOST_DEPTH:
            return
        self._parts.append(f"<{tag}>")
        if tag not in VOID:
            self._open.append(tag)
            self._count[tag] += 1

    def end(self, tag: str) -> None:
        while self._count[tag]:
            if self._close() == tag:
                break

    def whole(self) -> str:
        while self._open:
            self._close()
        return "".join(self._parts)

    def _close(self) -> str:
        tag = self._open.pop()
        self._count[tag] -= 1
        self._parts.append(f"</{tag}>")
        return tag
