"""Compares an answer with what is expected, and says what differs without giving it away.

Invariant: pure. `Verdict.difference` and `Verdict.expected` of a wrong answer name kinds, counts and
the student's own rows, never an expected value.
"""

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from lab_kernel.checks import messages
from lab_kernel.checks.values import MAX_ROWS, Table, Values, plain, scalar

# Digits by which floats are grouped before rows are matched; the tolerance decides within a group.
_DIGITS = 5
_SHOWN = 5
_WIDTH = 120
_CLOSE = 0.01


@dataclass(frozen=True)
class Verdict:
    """Whether an answer is right; `expected` is the value if it is, else only its kind."""

    right: bool
    expected: str
    found: str
    difference: tuple[str, ...] = ()


def compare(
    expected: Any, found: Any, *, tolerance: float = 1e-6, ordered: bool = False
) -> Verdict:
    """Compares two values of any kind that `values.plain` knows."""
    wanted, got = plain(expected), plain(found)
    if not isinstance(wanted, (Table, Values)):
        got = scalar(got)
    if isinstance(wanted, Values) and isinstance(got, Table) and len(got.columns) == 1:
        got = Values(tuple(row[0] for row in got.rows))
    if isinstance(wanted, Values) and isinstance(got, Table) and len(got.columns) == 2:
        got = Values(got.rows, unordered=True)
    if isinstance(wanted, Table):
        difference = _tables(wanted, got, tolerance)
    elif isinstance(wanted, Values):
        difference = _values(wanted, got, tolerance, ordered)
    else:
        difference = _scalars(wanted, got, tolerance)
    shown = _show(wanted) if not difference else kind(wanted)
    return Verdict(not difference, shown, _show(got), tuple(difference))


def kind(value: Any) -> str:
    """Says what sort of value is asked for, and nothing about which."""
    if isinstance(value, Table):
        return _table_text(value, messages.KIND_TABLE, messages.KIND_TABLE_ONE)
    if isinstance(value, Values):
        return messages.KIND_LIST.format(length=len(value.items))
    if isinstance(value, bool):
        return messages.KIND_BOOL
    if isinstance(value, int):
        return messages.KIND_INT
    if isinstance(value, float):
        return messages.KIND_NUMBER
    if isinstance(value, str):
        return messages.KIND_DATE if _is_date(value) else messages.KIND_TEXT
    return messages.KIND_OTHER.format(type=type(value).__name__)


def same(wanted: Any, got: Any, tolerance: float) -> bool:
    """True if two cells mean the same: numbers nearly, texts but for case and spaces around."""
    if _is_number(wanted) and _is_number(got):
        if isinstance(wanted, int) and isinstance(got, int):
            return wanted == got
        return math.isclose(wanted, got, rel_tol=tolerance, abs_tol=1e-9)
    if isinstance(wanted, str) and isinstance(got, str):
        return wanted.strip().casefold() == got.strip().casefold()
    if isinstance(wanted, tuple) and isinstance(got, tuple):
        pairs = zip(wanted, got, strict=False)
        return len(wanted) == len(got) and all(same(w, g, tolerance) for w, g in pairs)
    return type(wanted) is type(got) and wanted == got


def _scalars(wanted: Any, got: Any, tolerance: float) -> list[str]:
    if same(wanted, got, tolerance):
        return []
    if _is_number(wanted):
        if not _is_number(got):
            return [messages.WRONG_KIND.format(found=_found_kind(got), expected=kind(wanted))]
        return [_number_hint(wanted, got, tolerance)]
    if type(wanted) is not type(got):
        return [messages.WRONG_KIND.format(found=_found_kind(got), expected=kind(wanted))]
    return [messages.OTHER_TEXT if isinstance(wanted, str) else messages.OTHER_VALUE]


def _number_hint(wanted: float, got: float, tolerance: float) -> str:
    if wanted and 0 < abs(wanted) <= 1 and math.isclose(got, wanted * 100, rel_tol=tolerance):
        return messages.PERCENT
    if wanted and math.isclose(got, -wanted, rel_tol=tolerance):
        return messages.SIGN
    if wanted and abs(got - wanted) / abs(wanted) < _CLOSE:
        return messages.CLOSE
    return messages.TOO_LOW if got < wanted else messages.TOO_HIGH


def _values(wanted: Values, got: Any, tolerance: float, ordered: bool) -> list[str]:
    if not isinstance(got, Values):
        return [messages.WRONG_KIND.format(found=_found_kind(got), expected=kind(wanted))]
    if ordered and not wanted.unordered and not got.unordered:
        pairs = list(zip(wanted.items, got.items, strict=False))
        if len(wanted.items) == len(got.items) and all(same(*p, tolerance) for p in pairs):
            return []
    missing, extra = _unmatched(wanted.items, got.items, tolerance)
    found = []
    if missing:
        found.append(messages.VALUES_MISSING.format(count=len(missing)))
    if extra:
        shown = ", ".join(_cell_text(item) for item in extra[:_SHOWN])
        found.append(messages.VALUES_EXTRA.format(values=shown))
    if ordered and not found and not got.unordered:
        found.append(messages.OTHER_VALUE)
    return found


def _tables(wanted: Table, got: Any, tolerance: float) -> list[str]:
    if not isinstance(got, Table):
        return [messages.WRONG_KIND.format(found=_found_kind(got), expected=kind(wanted))]
    if got.cut:
        return [messages.FOUND_MANY_ROWS.format(rows=MAX_ROWS)]
    missing = [name for name in wanted.columns if name not in got.columns]
    extra = [name for name in got.columns if name not in wanted.columns]
    found = []
    if missing:
        found.append(messages.COLUMNS_MISSING.format(columns=", ".join(missing)))
    if extra:
        found.append(messages.COLUMNS_EXTRA.format(columns=", ".join(extra)))
    if len(wanted.rows) > len(got.rows):
        found.append(
            _count(
                len(wanted.rows) - len(got.rows), messages.ROWS_MISSING, messages.ROWS_MISSING_ONE
            )
        )
    if len(wanted.rows) < len(got.rows):
        found.append(
            _count(len(got.rows) - len(wanted.rows), messages.ROWS_EXTRA, messages.ROWS_EXTRA_ONE)
        )
    if found:
        return found
    _, extra_rows = _unmatched(wanted.rows, got.arranged(wanted.columns).rows, tolerance)
    if extra_rows:
        pairs = zip(wanted.columns, extra_rows[0], strict=True)
        example = ", ".join(f"{name} {_cell_text(cell)}" for name, cell in pairs)
        found.append(
            messages.ROWS_DIFFER.format(
                count=len(extra_rows), rows=len(got.rows), example=_cut(example)
            )
        )
    return found


def _unmatched(wanted: tuple, got: tuple, tolerance: float) -> tuple[list, list]:
    """Items of each side without a partner on the other, duplicates counted."""
    waiting = defaultdict(list)
    for item in wanted:
        waiting[_key(item)].append(item)
    extra = []
    for item in got:
        candidates = waiting[_key(item)]
        place = next((i for i, w in enumerate(candidates) if same(w, item, tolerance)), None)
        if place is None:
            extra.append(item)
        else:
            del candidates[place]
    missing = [item for candidates in waiting.values() for item in candidates]
    # Rounding may have parted two neighbours that the tolerance joins: look at those one by one.
    for item in list(missing):
        partner = next((i for i, other in enumerate(extra) if same(item, other, tolerance)), None)
        if partner is not None:
            missing.remove(item)
            del extra[partner]
    return missing, extra


def _key(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(_key, value))
    if isinstance(value, bool) or value is None:
        return value, "exact"
    if _is_number(value):
        return float(f"{value:.{_DIGITS}e}") if isinstance(value, float) else float(value)
    if isinstance(value, str):
        return value.strip().casefold()
    return value


def _found_kind(value: Any) -> str:
    return messages.KIND_OTHER.format(type="None") if value is None else kind(value)


def _count(number: int, many: str, one: str) -> str:
    return one if number == 1 else many.format(count=number)


def _show(value: Any) -> str:
    if isinstance(value, Table):
        if value.cut:
            return messages.FOUND_MANY_ROWS.format(rows=MAX_ROWS)
        return _table_text(value, messages.FOUND_TABLE, messages.FOUND_TABLE_ONE)
    if isinstance(value, Values):
        items = sorted(value.items, key=str) if value.unordered else value.items
        shown = ", ".join(_cell_text(item) for item in items[:_SHOWN])
        more = len(items) - _SHOWN
        return messages.FOUND_MORE.format(shown=shown, more=more) if more > 0 else shown
    return _cut(_cell_text(value))


def _table_text(table: Table, many: str, one: str) -> str:
    template = one if len(table.rows) == 1 else many
    return template.format(rows=f"{len(table.rows):,}", columns=", ".join(table.columns))


def _cell_text(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, tuple):
        return ": ".join(map(_cell_text, value)) if len(value) == 2 else _cut(str(value))
    if isinstance(value, float):
        return f"{value:.6g}" if abs(value) < 1e6 else f"{value:,.2f}"
    return str(value)


def _cut(text: str) -> str:
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_date(text: str) -> bool:
    return len(text) >= 10 and text[4:5] == "-" and text[7:8] == "-" and text[:4].isdigit()
