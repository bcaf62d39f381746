"""An exercise's folder on disk, as the archive that is pushed would hold it.

Invariant: what is read are plain files with relative names, within the archive's limits; what editors
and Python leave behind is not part of an exercise.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from exercises.errors import ExerciseError
from exercises.runner import archive

IGNORED_FOLDERS = ("__pycache__", ".ipynb_checkpoints", ".git", ".pytest_cache", ".ruff_cache", "spark-warehouse", "metastore_db")
IGNORED_NAMES = (".DS_Store", "Thumbs.db", "derby.log")
PREPARE_SECONDS = 120
CATALOG = Path(__file__).parent / "catalog"
TOML = "exercise.toml"

NO_FOLDER = "There is no exercise at {path}. `exercises list` shows those that there are; `exercises new NAME` makes one."
LINK = "{name} is a link; an exercise has files only."
NOT_PREPARED = "data.py failed for seed {seed}: {log}"
TOO_SLOW = "data.py took more than {seconds} s for seed {seed}."


def find(name: str) -> Path:
    """Return the folder that a person means by a name or a path: one here, or one of the catalog. Raises ExerciseError."""
    here = Path(name)
    for folder in (here, CATALOG / name):
        if (folder / TOML).is_file():
            return folder.resolve()
    if here.is_dir():
        # Its exercise.toml is missing, and the laws say so.
        return here.resolve()
    raise ExerciseError(NO_FOLDER.format(path=name))


def local(here: Path) -> list[Path]:
    """Return the folders of the exercises that lie in a folder and in the catalog."""
    return [*_under(here), *catalog()]


def catalog() -> list[Path]:
    """Return the folders of the catalog's exercises; a lab has none, or their solutions would lie in front of students."""
    return _under(CATALOG)


def _under(base: Path) -> list[Path]:
    return [path.parent for path in sorted(base.glob(f"*/{TOML}"))]


def write(files: Mapping[str, bytes], made: Path) -> None:
    """Write an exercise's files into a new folder, all or nothing. Raises OSError."""
    with tempfile.TemporaryDirectory(prefix=f".{made.name}-", dir=made.parent) as work:
        whole = Path(work) / made.name
        for name, content in files.items():
            path = whole / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        whole.rename(made)


def read(folder: Path) -> dict[str, bytes]:
    """Return the folder's files by relative name. Raises ExerciseError."""
    if not folder.is_dir():
        raise ExerciseError(NO_FOLDER.format(path=folder))
    found = {}
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if any(part in IGNORED_FOLDERS for part in parts) or path.name in IGNORED_NAMES or path.suffix == ".pyc":
            continue
        name = "/".join(parts)
        if path.is_symlink():
            raise ExerciseError(LINK.format(name=name))
        if path.is_file():
            try:
                archive.check_name(name)
            except archive.ArchiveRefused as refusal:
                raise ExerciseError(str(refusal)) from None
            found[name] = path.read_bytes()
    return found


def packed(folder: Path) -> bytes:
    """Return the folder as the archive that is pushed. Raises ExerciseError."""
    data = archive.pack(read(folder), compress=True)
    try:
        archive.unpack(data, archive.EXERCISE)
    except archive.ArchiveRefused as refusal:
        raise ExerciseError(str(refusal)) from None
    return data


def prepare(folder: Path, seed: int) -> dict[str, bytes]:
    """Return data/… and facts.json for a seed, made by the exercise's own data.py in a process of its own. Raises ExerciseError."""
    with tempfile.TemporaryDirectory(prefix="exercise-") as out:
        command = [sys.executable, "-m", "exercises.runner.prepare", str(folder.resolve()), out, "--seed", str(seed)]
        # The package lies beside whoever started this, wherever that is.
        here = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1]), "PYTHONDONTWRITEBYTECODE": "1"}
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=PREPARE_SECONDS, env=here, cwd=out)
        except subprocess.TimeoutExpired:
            raise ExerciseError(TOO_SLOW.format(seconds=PREPARE_SECONDS, seed=seed)) from None
        if done.returncode != 0:
            raise ExerciseError(NOT_PREPARED.format(seed=seed, log=done.stderr.strip()[-1000:]))
        made = read(Path(out))
    json.loads(made["facts.json"])
    return made
