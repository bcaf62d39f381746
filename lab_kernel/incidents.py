"""What went wrong in a lab and is no error of a cell: a number for the student, the same number in the lab's log.

Invariant: whoever notices (a kernel) only writes a note; the server reads it and logs it, because a kernel's own output is not the
lab's log. The hub copies these lines into its log when the lab stops. A full disk costs the note and nothing else.
"""

import re
import secrets
from pathlib import Path

from lab_kernel import notes

FOLDER = "incidents"
# lab_hub looks for lines like this one.
LINE = "incident {incident} [{kind}] {what}"
_NAME = re.compile(r"[0-9a-f]{8}")
_LONGEST = 200


def record(folder: Path, kind: str, what: str) -> str:
    """Note what happened; return its number."""
    incident = secrets.token_hex(4)
    try:
        notes.write(folder / FOLDER / f"{incident}.json", {"kind": kind, "what": what})
    except OSError:
        pass
    return incident


def unread(folder: Path, seen: set[str]) -> list[str]:
    """Return a line for each note that is not in ``seen``, and put it there."""
    lines = []
    for path in sorted((folder / FOLDER).glob("*.json")):
        if path.stem in seen or not _NAME.fullmatch(path.stem):
            continue
        seen.add(path.stem)
        content = notes.read(path) or {}
        kind, what = (str(content.get(key, "?"))[:_LONGEST] for key in ("kind", "what"))
        lines.append(LINE.format(incident=path.stem, kind=kind, what="".join(filter(str.isprintable, what))))
    return lines
