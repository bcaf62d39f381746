"""Runs a command in a fresh lab container, as limited as a student's.

Invariant: what runs here has the image, user, memory, processors, capabilities and process limit of
a class's lab, and no network; the checkout is visible read-only at /repo; only OUT is shared.
"""

import json
import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.helpers.versions import ROOT, Versions, read

PYTHON = "/opt/lab/bin/python"
REPO = "/repo"
OUT = "/out"

MISSING_IMAGE = (
    "The lab image {image} is not there.\n"
    "Run `make build/lab` (or `make test`, which builds all images first)."
)
NO_DOCKER = (
    "No Docker engine answers: {error}\n"
    "Run `make up` or `make doctor`; `make test-unit` needs no Docker."
)
SUMMARY = (
    "lab container {name}: exit {status} after {wall:.0f} s (cpu {cpu:.0f} s, "
    "peak {peak:.0f} MB, killed for memory: {killed})\ncommand: {command}\n--- log ---\n{log}"
)

# Room for the container itself to start and stop, beyond the deadline of the command.
_OVERHEAD_SECONDS = 60


class LabError(AssertionError):
    """A lab container did not do what was asked; the message has its log."""


@dataclass(frozen=True)
class LabRun:
    """What one container did. Memory is resident (no file cache), in bytes."""

    name: str
    command: tuple[str, ...]
    status: int
    log: str
    out: Path
    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int
    killed_for_memory: int
    timed_out: bool
    left_running: tuple[str, ...]

    def __str__(self) -> str:
        return SUMMARY.format(
            name=self.name,
            status=self.status,
            wall=self.wall_seconds,
            cpu=self.cpu_seconds,
            peak=self.peak_bytes / 1e6,
            killed=self.killed_for_memory,
            command=" ".join(self.command),
            log=self.log,
        )

    def raise_for_status(self) -> "LabRun":
        """Return self, or raise LabError with the container's log."""
        if self.status != 0:
            raise LabError(str(self))
        return self


def require_image(image: str) -> None:
    """Raise LabError, saying which make target to run, unless the image is there."""
    if shutil.which("docker") is None:
        raise LabError(NO_DOCKER.format(error="there is no docker command"))
    probe = subprocess.run(
        ["docker", "image", "inspect", "--format", "{{.Id}}", image],
        capture_output=True,
        text=True,
    )
    if probe.returncode == 0:
        return
    if "No such image" in probe.stderr:
        raise LabError(MISSING_IMAGE.format(image=image))
    raise LabError(NO_DOCKER.format(error=probe.stderr.strip()))


def limits(settings: Versions) -> list[str]:
    """Return the `docker run` options that make a container as limited as a student's lab."""
    return [
        *("--network", "none"),
        *("--memory", settings["LAB_MEMORY"], "--memory-swap", settings["LAB_MEMORY"]),
        *("--cpus", settings["LAB_CPUS"], "--pids-limit", settings["LAB_PIDS"]),
        *("--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--user", "1000"),
    ]


def run(
    command: Sequence[str],
    *,
    seconds: float,
    out: Path | None = None,
    environment: Mapping[str, str] | None = None,
    mounts: Mapping[Path, str] | None = None,
    settings: Versions | None = None,
    name: str | None = None,
) -> LabRun:
    """Run ``command`` in a fresh lab container and return what happened, success or not.

    ``seconds`` is the command's deadline. ``out`` becomes /out, writable (a temporary folder unless
    given). ``mounts`` are further host paths by their place in the container, read-only. With
    DATAFLOW_TEST_LIVE=1 the checkout's lab_kernel is used instead of the image's own copy.
    Raises LabError when the container itself could not run.
    """
    settings = settings or read()
    image = settings["LAB_IMAGE"]
    require_image(image)
    out = out or Path(tempfile.mkdtemp(prefix="dataflow-lab-out-"))
    out.mkdir(parents=True, exist_ok=True)
    out.chmod(0o777)
    (out / "usage.json").unlink(missing_ok=True)
    name = name or f"{settings.get('PROJECT', 'dataflow')}-test-{uuid.uuid4().hex[:8]}"
    variables = {"PYTHONDONTWRITEBYTECODE": "1", **(environment or {})}
    line = ["docker", "run", "--rm", "--name", name, *limits(settings)]
    line += ["--volume", f"{ROOT}:{REPO}:ro", "--volume", f"{out}:{OUT}"]
    if os.environ.get("DATAFLOW_TEST_LIVE"):
        line += ["--volume", f"{ROOT / 'lab_kernel'}:/opt/live/lab_kernel:ro"]
        variables["PYTHONPATH"] = "/opt/live"
    for host, inside in (mounts or {}).items():
        line += ["--volume", f"{host}:{inside}:ro"]
    for key, value in variables.items():
        line += ["--env", f"{key}={value}"]
    line += ["--entrypoint", PYTHON, image, f"{REPO}/tests/helpers/lab_supervisor.py"]
    line += [OUT, str(seconds), *command]
    try:
        done = subprocess.run(
            line,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=seconds + _OVERHEAD_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        log = (error.stdout or b"").decode(errors="replace")
        raise LabError(f"{name} did not end, even when asked to; it was removed\n{log}") from error
    finally:
        # Gone already unless this side was interrupted or gave up.
        subprocess.run(["docker", "rm", "--force", name], capture_output=True)
    report = out / "usage.json"
    if not report.is_file():
        # The supervisor itself was killed, or the engine refused to start the container.
        raise LabError(f"{name}: exit {done.returncode}, no report\n{done.stdout}")
    usage = json.loads(report.read_text())
    return LabRun(
        name=name,
        command=tuple(command),
        status=usage["status"],
        log=done.stdout,
        out=out,
        wall_seconds=usage["wall_seconds"],
        cpu_seconds=usage["cpu_seconds"],
        peak_bytes=usage["peak_bytes"],
        killed_for_memory=usage["killed_for_memory"],
        timed_out=usage["timed_out"],
        left_running=tuple(usage["left_running"]),
    )
