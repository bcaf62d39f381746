"""Brings the image's course into the student's home; the student's change always wins.

Invariant: no line that a student wrote is lost. The image has no history, so each delivered version becomes one commit of a small
repository in the home (`delivered`), and nbgitpuller merges that into `~/course` by its published rules
(https://nbgitpuller.readthedocs.io/en/latest/topic/automatic-merging.html). Notebooks are JSON, which a merge by lines can break:
one that cannot be read afterwards is put back as the student left it.
"""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

BRANCH = "main"
# Commits made by the lab, not by whatever identity the student set.
IDENTITY = ["-c", "user.name=DataFlow Lab", "-c", "user.email=lab@dataflow.invalid"]


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", *IDENTITY, *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


def deliver(source: Path, delivered: Path) -> None:
    """Makes `source` the newest commit of the repository `delivered`, if it differs from the one before."""
    if not (delivered / ".git").is_dir():
        delivered.mkdir(parents=True, exist_ok=True)
        _git(delivered, "init", "--quiet", "--initial-branch", BRANCH)
    for entry in delivered.iterdir():
        if entry.name == ".git":
            continue
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    shutil.copytree(source, delivered, dirs_exist_ok=True)
    _git(delivered, "add", "--all")
    if _git(delivered, "status", "--porcelain"):
        _git(delivered, "commit", "--quiet", "--message", "Course as delivered with the lab")


def _broken_notebooks(course: Path) -> Iterator[Path]:
    for notebook in course.rglob("*.ipynb"):
        try:
            json.loads(notebook.read_text(encoding="utf-8"))
        except ValueError:
            yield notebook


def merge(delivered: Path, course: Path) -> None:
    """Merges the newest delivered version into `course`; a folder that is no copy of the course is kept aside."""
    from nbgitpuller.pull import GitPuller

    is_copy = not course.exists() or (course / ".git").is_dir()
    before = {path: path.read_bytes() for path in course.rglob("*.ipynb")} if course.exists() else {}
    puller = GitPuller(str(delivered), str(course), branch=BRANCH, backup=not is_copy, depth=0)
    for _ in puller.pull():
        pass
    for notebook in _broken_notebooks(course):
        if notebook in before:
            notebook.write_bytes(before[notebook])


def sync(source: Path, home: Path) -> None:
    """Copies or merges `source` into `home/course`.

    Raises subprocess.CalledProcessError or OSError when it could not; the home is then as it was before the failing step.
    """
    delivered = home / ".local" / "share" / "dataflow" / "delivered"
    deliver(source, delivered)
    merge(delivered, home / "course")
