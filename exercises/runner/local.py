"""Runs what a sandbox would run, as processes of this computer, for places without Docker such as an instructor's own lab.

Invariant: only an author's own exercise is run here, never a student's submission: nothing is isolated. Files go in and out by the
archives' rules, so that what passes here meets no surprise in a container.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from exercises.runner import archive
from exercises.runner.limits import Limits, Outcome, SandboxError

IN, OUT = "/in", "/out"
PYTHON = "/opt/lab/bin/python"
EXECUTE = "exercises.runner.execute"
LOG_KEPT = 16 * 1024

NOT_STARTED = "{command} could not be started: {reason}"


class LocalSandbox:
    """The part of `Sandbox` that grading uses. Thread-safe."""

    def run(self, command: Sequence[str], inputs: Mapping[str, bytes], limits: Limits) -> Outcome:
        """Run one command on the inputs; return what it did. Memory is not limited here. Raises SandboxError."""
        base = Path(tempfile.mkdtemp(prefix="exercise-run-"))
        try:
            for folder in ("in", "out", "work"):
                (base / folder).mkdir()
            for name, content in inputs.items():
                path = base / "in" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            return self._run([_here(part, base) for part in command] + _work(command, base), base, limits)
        finally:
            shutil.rmtree(base, ignore_errors=True)

    def _run(self, command: list[str], base: Path, limits: Limits) -> Outcome:
        here = str(Path(__file__).resolve().parents[2])
        path = os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH"))))
        environment = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
        began, timed_out = time.monotonic(), False
        with open(base / "log", "wb") as log:
            try:
                process = subprocess.Popen(
                    command, cwd=base / "work", env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
                )
            except OSError as error:
                raise SandboxError(NOT_STARTED.format(command=command[0], reason=error)) from error
            try:
                code = process.wait(limits.seconds)
            except subprocess.TimeoutExpired:
                code, timed_out = None, True
            finally:
                _end(process)
        seconds = time.monotonic() - began
        files, refused = ({}, None) if timed_out else _take(base / "out", limits)
        text = (base / "log").read_bytes()[-LOG_KEPT:].decode(errors="replace")
        return Outcome(code, seconds, timed_out, False, files, refused, text)


def _here(part: str, base: Path) -> str:
    """A part of the command as it is on this computer."""
    if part == PYTHON:
        return sys.executable
    for folder in (IN, OUT):
        if part == folder or part.startswith(folder + "/"):
            return str(base) + part
    return part


def _work(command: Sequence[str], base: Path) -> list[str]:
    return ["--work", str(base / "work")] if EXECUTE in command else []


def _end(process: subprocess.Popen) -> None:
    """End the command and all that it started: kernels and JVMs are in its session."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def _take(out: Path, limits: Limits) -> tuple[dict[str, bytes], str | None]:
    most = archive.Limits(bytes=limits.outputs, files=limits.output_files, name_length=400, part_length=255, depth=24)
    files, total = {}, 0
    try:
        for path in sorted(out.rglob("*")):
            name = path.relative_to(out).as_posix()
            archive.check_name(name, most)
            if path.is_symlink():
                raise archive.ArchiveRefused(archive.LINK.format(name=name))
            if path.is_file():
                total += path.stat().st_size
                if len(files) >= most.files:
                    raise archive.ArchiveRefused(archive.TOO_MANY.format(limit=most.files))
                if total > most.bytes:
                    raise archive.ArchiveRefused(archive.TOO_LARGE.format(limit=most.bytes // archive.MB))
                files[name] = path.read_bytes()
    except archive.ArchiveRefused as refusal:
        return {}, str(refusal)
    return files, None
