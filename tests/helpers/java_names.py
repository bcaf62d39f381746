"""Names by the order in which Java's HashMap visits them, for faults that depend on it."""

from itertools import count

# The largest table, of those that double from 16, for which the order is promised.
TABLE = 1024


def spread(name: str) -> int:
    """Return the number whose lowest bits are a string's place in a HashMap (String.hashCode, the upper half mixed in)."""
    code = 0
    for letter in name:
        code = (31 * code + ord(letter)) & 0xFFFFFFFF
    return code ^ code >> 16


def visited_first(like: str) -> str:
    """Return a name like this one that is visited before all others: it lies in the table's first place."""
    return next(name for name in (f"{like}{number}" for number in count()) if spread(name) % TABLE == 0)
