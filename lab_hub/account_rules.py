"""What may be a name, a password, a one-time password.

Invariant: pure functions; every refusal is a sentence that says what to do.
"""

import re
import secrets
from collections.abc import Callable

from lab_hub import messages

LONGEST_NAME = 32
SHORTEST_PASSWORD = 10
# bcrypt knows no more than this, and its library refuses longer ones with an error.
LONGEST_PASSWORD_BYTES = 72

_NAME = re.compile(r"[a-z](?:[._-]?[a-z0-9])*")

# Read aloud, copied by hand: no l, 1, o, 0, and nothing upper-case.
_CLEAR = "bcdfghjkmnpqrstvwxz23456789"
_GROUPS, _GROUP = 3, 4


def name_problem(name: str) -> str | None:
    """Return why this cannot be a user's name, or None."""
    if len(name) <= LONGEST_NAME and _NAME.fullmatch(name):
        return None
    return messages.NAME_INVALID.format(name=name[: LONGEST_NAME * 2], longest=LONGEST_NAME)


def password_problem(password: str, repeated: str, name: str, is_common: Callable[[str], bool]) -> str | None:
    """Return why this cannot be the new password of that user, or None."""
    if password != repeated:
        return messages.PASSWORDS_DIFFER
    if len(password) < SHORTEST_PASSWORD:
        return messages.PASSWORD_SHORT.format(length=len(password), minimum=SHORTEST_PASSWORD)
    if too_long(password):
        return messages.PASSWORD_LONG.format(maximum=LONGEST_PASSWORD_BYTES)
    if is_common(password) or is_common(password.lower()) or len(set(password)) < 4:
        return messages.PASSWORD_COMMON
    if len(name) > 2 and name in password.lower():
        return messages.PASSWORD_HAS_NAME
    return None


def too_long(password: str) -> bool:
    return len(password.encode()) > LONGEST_PASSWORD_BYTES


def one_time_password() -> str:
    """Return a fresh one-time password of 57 random bits that can be read aloud."""
    return "-".join("".join(secrets.choice(_CLEAR) for _ in range(_GROUP)) for _ in range(_GROUPS))
