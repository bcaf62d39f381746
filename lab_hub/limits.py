"""What one lab may use, more of it for some.

Invariant: a group only ever adds to what everybody has, and of several the largest counts; a text that cannot be read is refused
whole, so nobody works with a limit that was not meant.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from lab_hub import groups

_BYTES = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
_FEWEST_PIDS = 64


@dataclass(frozen=True)
class Limits:
    """Bytes, processors, processes; a home of 0 bytes is one without a limit."""

    memory: int
    cpus: float
    pids: int
    home: int


More = Mapping[str, Mapping[str, float]]


def parse_bytes(text: str) -> int:
    """Return the bytes of a size such as 2G or 512M. Raises ValueError."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([KMGT]?)B?", text.strip().upper())
    if match is None or not float(match[1]):
        raise ValueError(text)
    return int(float(match[1]) * _BYTES[match[2]])


def parse_home(text: str) -> int:
    """Return a home's bytes; 0 is no limit. Raises ValueError."""
    return 0 if text == "0" else parse_bytes(text)


def _pids(text: str) -> int:
    if int(text) < _FEWEST_PIDS:
        raise ValueError(text)
    return int(text)


def _cpus(text: str) -> float:
    if not 0 < float(text) < float("inf"):
        raise ValueError(text)
    return float(text)


_PARSE = {"memory": parse_bytes, "cpus": _cpus, "pids": _pids, "home": parse_home}


def parse_more(text: str) -> More:
    """Read `grader:memory=4G,cpus=4 course-sql-student:home=8G`. Raises ValueError."""
    found: dict[str, dict[str, float]] = {}
    for part in text.split():
        whom, colon, settings = part.partition(":")
        if not colon or whom in found or not (whom in groups.ROLES or groups.GROUP.fullmatch(whom)):
            raise ValueError(part)
        pairs = [pair.partition("=") for pair in settings.split(",")]
        if any(name not in _PARSE for name, _, _ in pairs):
            raise ValueError(part)
        found[whom] = {name: _PARSE[name](value) for name, _, value in pairs}
    return found


def of(base: Limits, more: More, member_of: Iterable[str]) -> Limits:
    """Return what somebody in these groups may use."""
    matches = [(name, groups.GROUP.fullmatch(name)) for name in member_of]
    own = {name for name, _ in matches} | {match["role"] for _, match in matches if match}
    limits = asdict(base)
    for whom in own & set(more):
        for name, value in more[whom].items():
            # No limit is more than any.
            limits[name] = 0 if name == "home" and 0 in (value, limits[name]) else max(value, limits[name])
    return Limits(**limits)
