"""Two changes of one notebook brought together, cell by cell.

Invariant: no cell that a student wrote or changed is lost or altered, and the result is a notebook. Merging lines of JSON, as git
would, gives neither. A cell is known by its grade_id, else by its id; what it shows (outputs) is nobody's change.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from exercises.errors import FormError
from exercises.form import notebooks

Key = tuple[str, str]
Cell = Mapping[str, Any]


@dataclass(frozen=True)
class Together:
    """The merged notebook. `changed`: it differs from the student's; `conflicts`: a cell that both changed stayed the student's."""

    notebook: bytes
    changed: bool
    conflicts: bool


def merge(mine: bytes, base: bytes, new: bytes) -> Together | None:
    """Return both changes of `base` together; None when one of the three is no notebook with cell ids."""
    try:
        own, old, newest = (notebooks.read(one) for one in (mine, base, new))
    except FormError:
        return None
    own_by, old_by, new_by = (_by_key(one["cells"]) for one in (own, old, newest))
    order = _order(list(own_by), list(old_by), list(new_by))
    cells, conflicts = [], False
    for key in order:
        found, conflict = _one(own_by.get(key), old_by.get(key), new_by.get(key))
        conflicts |= conflict
        if found is not None:
            cells.append(found)
    if cells == own["cells"]:
        return Together(mine, False, conflicts)
    return Together(notebooks.dump({**own, "cells": cells}), True, conflicts)


def _one(mine: Cell | None, base: Cell | None, new: Cell | None) -> tuple[Cell | None, bool]:
    """Return the cell that stands in the end, if one does, and whether both had changed it."""
    if new is None:
        gone = mine is not None and base is not None and _said(mine) == _said(base)
        return (None if gone else mine), False
    if mine is None:
        # A deleted answer comes back, because without its cell nothing can be graded; other text stays deleted.
        return (new if base is None or _grade_id(new) else None), False
    if _said(mine) == _said(new):
        return _labelled(mine, new), False
    if base is not None and _said(mine) == _said(base):
        return new, False
    return _labelled(mine, new), base is None or _said(new) != _said(base)


def _order(mine: list[Key], base: list[Key], new: list[Key]) -> list[Key]:
    """The new order, unless the student moved cells: then theirs."""
    both = set(mine) & set(base)
    moved = [key for key in mine if key in both] != [key for key in base if key in both]
    return _woven(mine, new) if moved else _woven(new, mine)


def _woven(first: Sequence[Key], second: Sequence[Key]) -> list[Key]:
    """`first`, and each key that only `second` has behind the one that it follows there."""
    made, known = list(first), set(first)
    for place, key in enumerate(second):
        if key not in known:
            made.insert(made.index(second[place - 1]) + 1 if place else 0, key)
            known.add(key)
    return made


def _by_key(cells: Sequence[Cell]) -> dict[Key, Cell]:
    """The cells by what they are known by, in order. A key's second cell is a copy that somebody made: a cell of its own."""
    found: dict[Key, Cell] = {}
    for place, cell in enumerate(cells):
        name, identity = _grade_id(cell), str(cell.get("id", ""))
        for key in (("grade_id", name or ""), ("id", identity), ("place", f"{place} {identity}")):
            if key[1] and key not in found:
                found[key] = cell
                break
    return found


def _labelled(mine: Cell, new: Cell) -> Cell:
    """The student's cell with the new one's grading label: it says what the cell is, not what is in it."""
    told, own = new.get("metadata", {}).get("nbgrader"), mine.get("metadata", {})
    if told is None or own.get("nbgrader") == told:
        return mine
    return {**mine, "metadata": {**own, "nbgrader": told}}


def _grade_id(cell: Cell) -> str | None:
    told = cell.get("metadata", {}).get("nbgrader")
    name = told.get("grade_id") if isinstance(told, dict) else None
    return name if isinstance(name, str) and name else None


def _said(cell: Cell) -> tuple[Any, str]:
    return cell.get("cell_type"), notebooks.text(cell)
