"""Runs the project's scripts the way a person does, in a checkout, with settings from the environment.

Invariant: what a test starts belongs to the tests' own project and state folder, never to a class.
"""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.helpers.versions import ROOT

SECONDS = 120
# What a script needs to run without an engine; a test may then break its copy.
PARTS = ("scripts", "images", "versions.env", "Makefile", "compose.yaml", "compose", ".dockerignore")
NOBODY = 65534


@dataclass(frozen=True)
class Done:
    status: int
    out: str
    err: str

    @property
    def text(self) -> str:
        return self.out + self.err


def run(
    command: Sequence[str],
    *,
    root: Path = ROOT,
    seconds: float = SECONDS,
    **settings: str,
) -> Done:
    """Run ``command`` in the checkout ``root``; raises subprocess.TimeoutExpired after ``seconds``."""
    # A person's shell is not inside another make, which would announce folders on the output.
    own = {key: value for key, value in os.environ.items() if key not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    environment: Mapping[str, str] = {**own, **settings}
    done = subprocess.run(
        list(command), cwd=root, env=environment, capture_output=True, text=True, timeout=seconds
    )
    return Done(done.returncode, done.stdout, done.stderr)


def script(name: str, *arguments: str, root: Path = ROOT, **settings: str) -> Done:
    """Run scripts/``name``.sh."""
    return run([f"scripts/{name}.sh", *arguments], root=root, **settings)


def shell(text: str, *, root: Path = ROOT, **settings: str) -> Done:
    """Run lines of bash with the scripts' shared parts loaded."""
    parts = "".join(f"source scripts/lib/{part}.sh; " for part in ("common", "docker", "inputs"))
    return run(["bash", "-c", parts + text], root=root, **settings)


def copy_checkout(target: Path) -> Path:
    """Copy what scripts need into ``target``."""
    target.mkdir(parents=True, exist_ok=True)
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, target / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, target / part)
    return target
