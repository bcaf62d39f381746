"""Files of a data set on disk.

Invariant: a file is either whole or not there, and one that already has the bytes keeps its time stamp.
"""

import os
from pathlib import Path


def folder(directory: str | Path | None, name: str) -> Path:
    """Returns the folder to write to: the one given, or the cache folder of this name. Makes it."""
    chosen = Path(directory) if directory else Path.home() / ".cache" / "dataflow" / name
    chosen.mkdir(parents=True, exist_ok=True)
    return chosen


def put(path: Path, content: bytes) -> Path:
    """Makes a file have this content; returns its path."""
    try:
        if path.read_bytes() == content:
            return path
    except FileNotFoundError:
        pass
    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.write_bytes(content)
    os.replace(part, path)
    return path
