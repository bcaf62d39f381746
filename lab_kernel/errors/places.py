"""Whose place on an S3 server an error speaks of: the student's own, what everybody reads, or somebody else's.

Invariant: pure; says something only where the lakehouse itself lies on S3, because only then is it known what is the student's own.
"""

import re

# As the class's storage names what everybody reads, in every bucket.
SHARED = "shared"
_WORD = r"[^/\s:'\"`,;()\[\]{}<>]+"
_PLACE = re.compile(rf"s3a://{_WORD}(?:/+{_WORD})*")
# Writing folders' marks, Hadoop names a place without its bucket.
_KEY = re.compile(rf"AccessDeniedException: (?P<key>{_WORD}(?:/{_WORD})+): ")
_LAYER = "{layer}"


def note(words: str, root: str) -> str:
    """Return a line for the table's patterns about the first place that is spoken of: `place: own|shared|others FOLDER`."""
    if not root.startswith("s3a://"):
        return ""
    place, key = _PLACE.search(words), _KEY.search(words)
    if place is None and key is None:
        return ""
    bucket = root.split("/")[2]
    parts = (place[0] if place else f"s3a://{bucket}/{key['key']}").split("/", 3)
    folder = parts[3].lstrip("/").partition("/")[0] if len(parts) > 3 else ""
    own = re.escape(root.rstrip("/")).replace(re.escape(_LAYER), "[^/]+")
    if re.fullmatch(f"{own}(/.*)?", "/".join(parts)):
        whose = "own"
    else:
        whose = "shared" if folder == SHARED else "others"
    return f"\nplace: {whose} {folder}"
