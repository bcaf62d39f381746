"""What a lesson may write to stderr.

Invariant: silence is the default; every exception says where it comes from and why it stays.
"""

import re
from dataclasses import dataclass

_STDOUT_WARNING = re.compile(r"^.*(?:\bWARN(?:ING)?\b|\w+Warning:).*$", re.MULTILINE)


@dataclass(frozen=True)
class Allowed:
    """One expected line: in which lessons (a pattern of names), what, and why it is not ours."""

    lessons: str
    line: str
    reason: str


ALLOWED: tuple[Allowed, ...] = (
    Allowed(
        lessons="04_mlflow|17_model_lifecycle",
        line=r"^(Successfully registered model|Created version|Registered model) '",
        reason="MLflow reports a registration on stderr; the lesson is about just that event",
    ),
)


def unexpected(lesson: str, stream: str, text: str, allowed: tuple[Allowed, ...] = ALLOWED) -> str:
    """Return the lines of an output that nobody expected: all of stderr, warnings on stdout."""
    if stream == "stderr":
        lines = [line for line in text.splitlines() if line.strip()]
    else:
        lines = _STDOUT_WARNING.findall(text)
    patterns = [re.compile(entry.line) for entry in allowed if re.fullmatch(entry.lessons, lesson)]
    return "\n".join(line for line in lines if not any(p.search(line) for p in patterns))
