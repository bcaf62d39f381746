"""A person's name on the broker, and the prefix of all that is theirs there.

Invariant: two people never have the same name, nor one a prefix that another's topic begins with. So the dot ends a prefix and is
in no name; and no name has the underscore, because Kafka takes `a.b` and `a_b` for one topic, which would let one block another.
"""

import re

SEPARATOR = "."
# What everybody may read.
SHARED = "shared" + SEPARATOR

_PLAIN = re.compile(r"[a-z0-9]")
_ESCAPE = "-"
# Nobody's: their prefix would be the shared one.
_TAKEN = {"shared"}


def login(user: str) -> str:
    """Return the user's name on the broker: letters and digits stay, anything else is `-` and its bytes in upper-case hex."""
    escaped = "".join(letter if _PLAIN.fullmatch(letter) else _escaped(letter) for letter in user)
    return _escaped(user[0]) + escaped[1:] if escaped in _TAKEN else escaped


def prefix(user: str) -> str:
    """Return what the names of the user's topics, groups and transactions begin with."""
    return login(user) + SEPARATOR


def _escaped(letter: str) -> str:
    return "".join(f"{_ESCAPE}{byte:02X}" for byte in letter.encode())
