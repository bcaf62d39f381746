"""What a run left, packed so that a check which is mended later can judge it again.

Invariant: what comes back is what went in, or nothing; it is as hostile as it was, and goes nowhere but to the judging container.
"""

import json

from exercises.outcome import Outcome
from exercises.runner import archive
from exercises.runner.grading import Left
from exercises.runner.limits import MB

# What is larger is run again instead: a course has thousands of runs.
MOST, MOST_PACKED = 16 * MB, 2 * MB
ABOUT, FILES = "run.json", "left/"
LIMITS = archive.Limits(bytes=2 * MOST, files=5000, packed=MOST_PACKED, name_length=500, part_length=255, depth=32)


def packed(found: Left | None) -> bytes | None:
    """Return it as it is stored; None where it is too large to be kept."""
    if found is None or sum(map(len, found.files.values())) > MOST:
        return None
    about = {"status": found.status.value, "message": found.message, "missing": found.missing, "seconds": found.seconds}
    files = {FILES + name: content for name, content in found.files.items()}
    try:
        data = archive.pack({**files, ABOUT: json.dumps(about).encode()}, compress=True)
        archive.unpack(data, LIMITS)
    except archive.ArchiveRefused:
        return None
    return data


def unpacked(data: bytes) -> Left:
    """Return what was packed."""
    files = archive.unpack(data, LIMITS)
    about = json.loads(files.pop(ABOUT))
    left = {name.removeprefix(FILES): content for name, content in files.items()}
    return Left(Outcome(about["status"]), about["message"], tuple(about["missing"]), about["seconds"], left)
