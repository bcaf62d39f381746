"""Which places in the storage a person may look at.

Invariant: pure. A place is a bucket and a key; a key that the server could take for another one (empty parts, `.`, `..`) is none. A
student may see what is below their own folder and below the shared one, everybody who teaches all of it.
"""

from lab_platform.keys.storage_policy import SHARED, folder
from lab_platform.viewer import Viewer

UNITS = ("bytes", "kB", "MB", "GB", "TB")


def is_plain(key: str) -> bool:
    """Whether a key, or the prefix of a folder with its slash, means exactly what it says."""
    parts = key.removesuffix("/").split("/") if key else []
    return all(part not in ("", ".", "..") and "\0" not in part for part in parts)


def may_see(viewer: Viewer, key: str) -> bool:
    """Whether a person may list this folder (with its slash), or read this file."""
    return viewer.sees_everything or key.startswith((f"{folder(viewer.name)}/", f"{SHARED}/"))


def doors(viewer: Viewer) -> tuple[str, ...]:
    """The folders of a bucket that a person begins with; the empty one is all of it."""
    return ("",) if viewer.sees_everything else (f"{folder(viewer.name)}/", f"{SHARED}/")


def parents(prefix: str) -> list[tuple[str, str]]:
    """Name and prefix of each folder on the way to this one, from the top."""
    parts = prefix.removesuffix("/").split("/") if prefix else []
    return [(part, "/".join(parts[: depth + 1]) + "/") for depth, part in enumerate(parts)]


def human(size: int) -> str:
    """A size as people say it."""
    amount, unit = float(size), 0
    while amount >= 1000 and unit < len(UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    return f"{size:,} bytes" if unit == 0 else f"{amount:.1f} {UNITS[unit]}"
