"""Answers that are alike: each pair of students whose answer cells hold nearly the same code.

Invariant: only what students wrote is compared, without comments, spaces and layout; the report says how alike each is to the
solution too, because a short answer has few right forms. It accuses nobody: it says where to look.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LEAST, MOST_PAIRS = 0.8, 100
# Shorter answers are alike by themselves.
LEAST_TOKENS = 25
MOST_TOKENS = 5000
_TOKEN = re.compile(r"\"\"\"[\s\S]*?\"\"\"|\"[^\"\n]*\"|'[^'\n]*'|\w+|[^\w\s]")
_COMMENT = re.compile(r"^\s*(#|--|//).*$", re.MULTILINE)
# The private use areas: each token becomes one character, which is what the comparison is fast with.
_FIRST = 0xF0000


@dataclass(frozen=True)
class Pair:
    """Two students; shares are from 0 to 1."""

    one: str
    other: str
    alike: float
    solution: float


def pairs(answers: Mapping[str, str], solution: str) -> list[Pair]:
    """Return the pairs that are most alike, of the answers by student."""
    from rapidfuzz import process
    from rapidfuzz.distance import Indel

    known: dict[str, str] = {}
    written = {user: _letters(text, known) for user, text in answers.items()}
    written = {user: text for user, text in written.items() if len(text) >= LEAST_TOKENS}
    wanted = _letters(solution, known)
    own = {user: Indel.normalized_similarity(text, wanted) for user, text in written.items()}
    users = list(written)
    found = []
    for place, user in enumerate(users):
        rest = {other: written[other] for other in users[place + 1 :]}
        near = process.extract(
            written[user], rest, scorer=Indel.normalized_similarity, processor=None, score_cutoff=LEAST, limit=MOST_PAIRS
        )
        found += [Pair(user, other, alike, max(own[user], own[other])) for _, alike, other in near]
    return sorted(found, key=lambda pair: (-pair.alike, pair.solution))[:MOST_PAIRS]


def answers(notebook: bytes) -> str:
    """Return the code of a notebook's answer cells; an empty text where it is no notebook."""
    try:
        cells = json.loads(notebook)["cells"]
        return "\n".join(_source(cell) for cell in cells if _is_answer(cell))
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        return ""


def _is_answer(cell: dict[str, Any]) -> bool:
    told = cell.get("metadata", {}).get("nbgrader", {})
    return cell.get("cell_type") == "code" and isinstance(told, dict) and told.get("solution") is True


def _source(cell: dict[str, Any]) -> str:
    source = cell.get("source", "")
    return "".join(map(str, source)) if isinstance(source, list) else str(source)


def _letters(text: str, known: dict[str, str]) -> str:
    tokens = _TOKEN.findall(_COMMENT.sub("", text))[:MOST_TOKENS]
    return "".join(known.setdefault(token, chr(_FIRST + len(known) % 0x20000)) for token in tokens)
