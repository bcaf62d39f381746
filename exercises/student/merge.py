"""A newly fetched version brought together with what a student made of the one before.

Invariant: the rules are nbgitpuller's, for one folder without history: the student's change always wins, a file that was deleted
comes back, and nothing that a student wrote is lost. Where both changed the same, the new one is laid beside it. Pure: files in,
steps out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from exercises.student import cells
from exercises.student.place import Fetched, sha

NEW, UPDATED, MERGED, KEPT, BESIDE = "new", "updated", "merged", "kept", "beside"
BACK, REMOVED, YOURS = "back", "removed", "yours"


@dataclass(frozen=True)
class Step:
    """What becomes of one file: `write` is its new content, `beside` a content for a new name beside it; None leaves it alone."""

    name: str
    kind: str
    write: bytes | None = None
    beside: bytes | None = None


def names(fetched: Fetched, new: Mapping[str, bytes]) -> Iterable[str]:
    """The files whose present content decides."""
    return sorted(set(fetched.hashes) | set(new))


def steps(mine: Mapping[str, bytes], fetched: Fetched, new: Mapping[str, bytes]) -> list[Step]:
    """Return what is to be done, by name; `mine` are the files that are there. Files that stay as they are have no step."""
    found = [_step(name, mine.get(name), fetched, new.get(name)) for name in names(fetched, new)]
    return [one for one in found if one is not None]


def _step(name: str, mine: bytes | None, fetched: Fetched, new: bytes | None) -> Step | None:
    base = fetched.hashes.get(name)
    if new is None:
        if mine is None:
            return None
        return Step(name, REMOVED if sha(mine) == base else YOURS)
    if mine is None:
        return Step(name, NEW if base is None else BACK, write=new)
    if mine == new:
        return None
    if sha(mine) == base:
        return Step(name, UPDATED, write=new)
    if name.endswith(".ipynb") and name in fetched.notebooks:
        return _notebook(name, mine, fetched.notebooks[name], new)
    return _theirs(name, base, new)


def _notebook(name: str, mine: bytes, base: bytes, new: bytes) -> Step | None:
    together = cells.merge(mine, base, new)
    if together is None:
        # It cannot be read: the one that can is laid beside it, even if it is no other than before.
        return Step(name, BESIDE, beside=new)
    write = together.notebook if together.changed else None
    if together.conflicts:
        return Step(name, BESIDE, write=write, beside=new)
    if together.changed:
        return Step(name, MERGED, write=write)
    return Step(name, KEPT) if base != new else None


def _theirs(name: str, base: str | None, new: bytes) -> Step | None:
    if sha(new) == base:
        return None
    return Step(name, BESIDE, beside=new)
