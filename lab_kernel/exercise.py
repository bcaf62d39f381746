"""Where the notebook of an exercise computes and keeps its tables: in its own lab, whatever the lab is told.

Invariant: what an exercise leaves lies on the lab's disk, where `check()` looks for it, and is computed as in a graded run;
never on the class's cluster, whose workers see no file of the exercise and whose history everybody reads. A notebook that is in no
exercise's folder is told what its lab is told.
"""

from collections.abc import Mapping
from pathlib import Path

# Beside the notebook of each exercise that was fetched (exercises/student/place.py).
MARK = Path(".exercise", "exercise.json")
# What sends a lab to the class's services; without them it computes by itself.
PLACES = ("SPARK_MASTER", "LAKEHOUSE_ROOT")


def is_one(folder: Path) -> bool:
    """Whether a notebook in this folder is an exercise's."""
    return any((one / MARK).is_file() for one in (folder, *folder.parents))


def told_otherwise(environ: Mapping[str, str], folder: Path) -> list[str]:
    """Which of the lab's settings do not concern a notebook in this folder."""
    if not is_one(folder):
        return []
    return [name for name in PLACES if environ.get(name, "").startswith(("spark://", "s3a://"))]


def environment(environ: Mapping[str, str], folder: Path) -> dict[str, str]:
    """What a notebook in this folder is told of what the lab is told."""
    without = told_otherwise(environ, folder)
    return {name: value for name, value in environ.items() if name not in without}
