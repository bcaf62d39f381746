"""versions.env as the tests see it.

Invariant: a version, image name, port or limit that a test needs comes from here, so a test cannot
disagree with what is built and started.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_LINE = re.compile(r"([A-Z][A-Z0-9_]*)=(.*)")


class Versions(dict[str, str]):
    """The settings by name; an unknown name says where it should have been."""

    def __missing__(self, key: str) -> str:
        raise KeyError(f"versions.env has no {key}; add it there, it is the only place for it")


def parse(text: str) -> Versions:
    """Return the settings of a versions.env text; a line that is no KEY=value is a ValueError."""
    found = Versions()
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        match = _LINE.fullmatch(stripped)
        if match is None:
            raise ValueError(f"versions.env line {number}: expected KEY=value, got {line!r}")
        found[match[1]] = match[2]
    return found


def read(root: Path = ROOT, environment: Mapping[str, str] | None = None) -> Versions:
    """Return the checkout's settings, each overridden by the environment variable of its name."""
    environment = os.environ if environment is None else environment
    found = parse((root / "versions.env").read_text(encoding="utf-8"))
    found.update({key: environment[key] for key in found if environment.get(key)})
    return found


def ports(settings: Mapping[str, str]) -> dict[str, int]:
    """Return the settings that are port numbers."""
    return {key: int(value) for key, value in settings.items() if key.endswith("_PORT")}
