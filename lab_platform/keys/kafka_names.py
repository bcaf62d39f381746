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
_LOGIN = re.compile(f"(?:[a-z0-9]|{_ESCAPE}[0-9A-F]{{2}})+")
_ESCAPED = re.compile(f"{_ESCAPE}([0-9A-F]{{2}})".encode())
# Nobody's: their prefix would be the shared one.
_TAKEN = {"shared"}


def login(user: str) -> str:
    """Return the user's name on the broker: letters and digits stay, anything else is `-` and its bytes in upper-case hex."""
    escaped = "".join(letter if _PLAIN.fullmatch(letter) else _escaped(letter) for letter in user)
    return _escaped(user[0]) + escaped[1:] if escaped in _TAKEN else escaped


def user(login_name: str) -> str | None:
    """Return whose name on the broker this is; None for one that `login` never gives, such as the administrator's."""
    if not _LOGIN.fullmatch(login_name):
        return None
    try:
        found = _ESCAPED.sub(lambda code: bytes.fromhex(code[1].decode()), login_name.encode()).decode()
    except UnicodeDecodeError:
        return None
    return found if login(found) == login_name else None


def prefix(user: str) -> str:
    """Return what the names of the user's topics, groups and transactions begin with."""
    return login(user) + SEPARATOR


def _escaped(letter: str) -> str:
    return "".join(f"{_ESCAPE}{byte:02X}" for byte in letter.encode())
