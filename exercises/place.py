"""Where an author's notebooks run: in the runner's own containers when an engine answers, otherwise as processes of this computer.

Invariant: the grader is the one that students' work goes through; what was started for it is gone when the block ends.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from exercises.errors import ExerciseError
from exercises.runner.execute import KERNEL
from exercises.runner.grading import Grader
from exercises.runner.limits import SandboxError
from exercises.runner.local import LocalSandbox

if TYPE_CHECKING:
    from exercises.runner.sandbox import Sandbox

IMAGE = "LAB_IMAGE"
VERSIONS = (Path(__file__).resolve().parents[1] / "versions.env", Path("/opt/lab/share/dataflow/versions.env"))
OWNER = "author-{process}"

NO_ENGINE = "No Docker engine answers here, so the notebooks run as processes of this computer, without limits on memory."
NO_IMAGE = "The image {image} is not there: make build/lab. Without it: --local, in a lab."
NO_NAME = "Which image do labs have? Set LAB_IMAGE, or say --local in a lab."
NO_KERNEL = (
    "Nothing here can run a notebook: no Docker engine answers, and this computer has no kernel {kernel}. "
    "Run it in a lab's terminal, or start Docker and build the lab's image: make build/lab"
)


@contextmanager
def grader(*, local: bool, workers: int, tell: Callable[[str], None]) -> Iterator[tuple[Grader, int]]:
    """Yield a grader, and how many containers it may use at a time. Raises ExerciseError."""
    sandbox = None if local else in_containers()
    if sandbox is None:
        if not local:
            tell(NO_ENGINE)
        if not has_kernel():
            raise ExerciseError(NO_KERNEL.format(kernel=KERNEL))
        # One Spark at a time: a lab has the memory of one.
        yield Grader(LocalSandbox()), 1
        return
    try:
        # No container is warmed ahead: there are few runs, and each would wait for its own.
        yield Grader(sandbox), workers
    finally:
        sandbox.sweep()


def in_containers() -> "Sandbox | None":
    """Return the sandbox, or None where no engine answers. Raises ExerciseError when only the image is missing."""
    try:
        from exercises.runner import sandbox
    except ImportError:
        return None
    try:
        api = sandbox.engine()
    except SandboxError:
        return None
    try:
        image = image_name()
        if not api.images(name=image):
            raise ExerciseError(NO_IMAGE.format(image=image))
    finally:
        api.close()
    return sandbox.Sandbox(image, owner=OWNER.format(process=os.getpid()))


def image_name() -> str:
    """Return the lab image's name: LAB_IMAGE, or what versions.env says. Raises ExerciseError."""
    if name := os.environ.get(IMAGE):
        return name
    for path in VERSIONS:
        if path.is_file():
            for line in path.read_text(encoding="utf-8").splitlines():
                key, equals, value = line.partition("=")
                if equals and key.strip() == IMAGE:
                    return value.strip()
    raise ExerciseError(NO_NAME)


def has_kernel() -> bool:
    """Whether this computer has the kernel that students use."""
    try:
        from jupyter_client.kernelspec import KernelSpecManager
    except ImportError:
        return False
    return KERNEL in KernelSpecManager().find_kernel_specs()
