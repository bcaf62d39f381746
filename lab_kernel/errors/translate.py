"""From an exception to its explanation.

Invariant: pure; returns None for what the table does not know, and never raises.
"""

from dataclasses import asdict, dataclass

from lab_kernel.errors import chain, places
from lab_kernel.errors.table import ENTRIES, Entry

UNKNOWN = "?"


@dataclass(frozen=True)
class Facts:
    """What the kernel knows about its surroundings when an error appears; all texts are for people."""

    limit: str = UNKNOWN
    heap: str = UNKNOWN
    root: str = UNKNOWN
    said: str = ""
    exit_code: int | None = None
    jvm_dead: bool = False
    jvm_killed_for_memory: bool = False
    jvm_heap_full: bool = False
    restarted: bool = False


@dataclass(frozen=True)
class Explanation:
    """What to show. `id` is stable; `docs/kernel.md` describes each."""

    id: str
    title: str
    why: str
    next: str


def translate(error: BaseException, facts: Facts) -> Explanation | None:
    """Returns the explanation of the first entry that matches, or None."""
    words = chain.text(error)
    words += places.note(words, facts.root)
    for entry in ENTRIES:
        if entry.fact is not None and not getattr(facts, entry.fact):
            continue
        for pattern in entry.compiled:
            match = pattern.search(words)
            if match is not None:
                return _explain(entry, match.groupdict(), facts)
    return None


def _explain(entry: Entry, groups: dict[str, str | None], facts: Facts) -> Explanation:
    fields = _Fields(asdict(facts))
    fields.update({name: value for name, value in groups.items() if value is not None})
    texts = (text.format_map(fields).rstrip() for text in (entry.title, entry.why, entry.next))
    return Explanation(entry.id, *texts)


class _Fields(dict):
    """A pattern without a field's group leaves a question mark, not an error in the error."""

    def __missing__(self, key: str) -> str:
        return UNKNOWN
