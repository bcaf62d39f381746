"""How a roster's one-time passwords are kept: sealed with a key that is not in the database.

Invariant: the sealed form tells nothing without the key, however fast somebody guesses, and only random passwords of this project's
own making are kept so; what a person chooses is always kept by bcrypt. docs/decisions/accounts.md has the reckoning.
"""

import base64
import hashlib
import hmac
import secrets

_MARK = b"$sealed$"
_SALT_BYTES = 16


def seal(password: str, key: str) -> bytes:
    """Return what is stored of a one-time password."""
    salt = secrets.token_bytes(_SALT_BYTES)
    return _MARK + base64.b64encode(salt + _digest(password, salt, key))


def is_sealed(stored: bytes) -> bool:
    return stored.startswith(_MARK)


def opens(password: str, stored: bytes, key: str) -> bool:
    """Return whether this is the password that was sealed; without a key nothing is."""
    raw = base64.b64decode(stored.removeprefix(_MARK))
    return bool(key) and hmac.compare_digest(raw[_SALT_BYTES:], _digest(password, raw[:_SALT_BYTES], key))


def _digest(password: str, salt: bytes, key: str) -> bytes:
    return hmac.new(key.encode(), b"one-time password\0" + salt + password.encode(), hashlib.sha256).digest()
