"""One thing that was looked at, and how it is."""

from dataclasses import dataclass

WELL, WRONG, WORTH_KNOWING = 0, 1, 3


@dataclass(frozen=True)
class Finding:
    """``text`` says what and where, ``remedy`` what to type."""

    status: int
    text: str
    remedy: str = ""


def well(text: str) -> Finding:
    return Finding(WELL, text)


def wrong(text: str, remedy: str) -> Finding:
    return Finding(WRONG, text, remedy)


def worth_knowing(text: str, remedy: str) -> Finding:
    return Finding(WORTH_KNOWING, text, remedy)
