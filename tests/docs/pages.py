"""The documentation as the tests see it: pages, their headings, links and words.

Invariant: a page is a Markdown file that a reader can reach: README, CONTRIBUTING, or below docs/.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from tests.helpers.versions import ROOT

_FENCE = re.compile(r"^(```|~~~).*?^\1\s*$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")
_IMAGE_TAG = re.compile(r"<(?:img|a)\b[^>]*\b(?:src|href)=\"([^\"]+)\"")
_HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$", re.MULTILINE)
_TARGET = re.compile(r"^([a-zA-Z][\w./%-]*):(?!=)[^#\n]*##", re.MULTILINE)


@dataclass(frozen=True)
class Page:
    path: Path
    text: str

    @property
    def name(self) -> str:
        return str(self.path.relative_to(ROOT))

    def links(self) -> list[str]:
        """Return the targets of links and pictures, code blocks left out."""
        prose = _FENCE.sub("", self.text)
        return _LINK.findall(prose) + _IMAGE_TAG.findall(prose)

    def anchors(self) -> set[str]:
        """Return the anchors that a forge makes of the headings."""
        return {anchor(heading) for heading in _HEADING.findall(_FENCE.sub("", self.text))}


def anchor(heading: str) -> str:
    plain = re.sub(r"[`*_]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
    return re.sub(r"[^\w\- ]", "", plain).strip().replace(" ", "-")


def pages(root: Path = ROOT) -> list[Page]:
    """Return every page; the changelog is none, it speaks of the past."""
    paths = [root / "README.md", root / "CONTRIBUTING.md", *sorted(root.glob("docs/**/*.md"))]
    return [Page(path, path.read_text(encoding="utf-8")) for path in paths if path.is_file()]


def words(text: str) -> set[str]:
    """Return what stands between characters that no name has."""
    return set(re.findall(r"[\w./%=-]*\w", text))


def make_targets(makefile: str) -> set[str]:
    """Return the public targets: those with a `##` description."""
    return set(_TARGET.findall(makefile))
