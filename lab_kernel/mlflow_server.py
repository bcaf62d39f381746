"""The student's own MLflow pages, started when they are first opened and reached through the hub only.

Invariant: the server listens on the loopback address, reads the very store that the student's kernels write to, and is one
process; this module is imported by the lab's server, so it imports nothing heavier than the standard library.

As a program (`python -m lab_kernel.mlflow_server PORT`) it becomes that server.
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LOOPBACK = "127.0.0.1"
TITLE = "MLflow"
APPLICATION = "lab_kernel.mlflow_app:app"
START_SECONDS = 60

SHARED_SERVER = (
    "MLFLOW_TRACKING_URI is {uri}: runs are kept by that server, which has pages of its own.\n"
    "Next: open it instead of the lab's own MLflow, or unset MLFLOW_TRACKING_URI to track inside the lab."
)
UNKNOWN_COMMAND = (
    "MLflow starts its server in a way this lab does not know: {command}\n"
    "Next: tell whoever keeps the lab image; runs are still recorded."
)


@dataclass(frozen=True)
class Store:
    """Where runs (`uri`) and their files (`artifacts`) are kept."""

    uri: str
    artifacts: Path


def store(environ: Mapping[str, str] | None = None) -> Store:
    """The student's store, by the same settings that MLflow reads in a kernel."""
    environ = os.environ if environ is None else environ
    folder = Path(environ.get("HOME", "/tmp")) / "mlflow"
    uri = environ.get("MLFLOW_TRACKING_URI") or f"sqlite:///{folder}/mlflow.db"
    return Store(uri, Path(environ.get(ARTIFACT_ROOT_VARIABLE) or folder / "artifacts"))


# The only way that MLflow offers to say where a kernel that writes to SQLite directly puts new experiments' files;
# without it they land beside the notebook that happened to run first.
ARTIFACT_ROOT_VARIABLE = "_MLFLOW_SERVER_ARTIFACT_ROOT"


def kernel_environment(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """Variables that a kernel's process needs so that its runs land in the store (nothing for a class's server)."""
    found = store(environ)
    if not found.uri.startswith("sqlite:"):
        return {}
    return {"MLFLOW_TRACKING_URI": found.uri, ARTIFACT_ROOT_VARIABLE: str(found.artifacts)}


def server_proxy_entry() -> dict[str, Any]:
    """The entry for jupyter-server-proxy's `servers`, to be named `mlflow`: its page is then `<prefix>mlflow/`."""
    return {
        "command": [sys.executable, "-s", "-m", "lab_kernel.mlflow_server", "{port}"],
        "timeout": START_SECONDS,
        "absolute_url": False,
        "launcher_entry": {"enabled": True, "title": TITLE, "path_info": "mlflow/"},
        "new_browser_tab": True,
    }


def server_arguments(port: int, environ: Mapping[str, str] | None = None) -> list[str]:
    """The arguments of `mlflow` for the pages of the student's store. Raises SystemExit for a store that others serve."""
    found = store(environ)
    if not found.uri.startswith("sqlite:"):
        raise SystemExit(SHARED_SERVER.format(uri=found.uri))
    return [
        "server", "--host", LOOPBACK, "--port", str(port), "--workers", "1",
        "--backend-store-uri", found.uri, "--default-artifact-root", str(found.artifacts), "--no-serve-artifacts",
    ]


def main(port: int) -> None:
    """Becomes the server; returns only by exiting."""
    arguments = server_arguments(port)
    database = Path(store().uri.removeprefix("sqlite:///"))
    database.parent.mkdir(parents=True, exist_ok=True)
    os.chdir(database.parent)
    # Its job runner is a second server of several processes, for features that need a provider outside the class.
    os.environ["MLFLOW_SERVER_ENABLE_JOB_EXECUTION"] = "false"
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"

    import mlflow.server
    from mlflow.cli import cli

    def become(command: list[str], extra_env: Mapping[str, str], **_: Any) -> None:
        ours = [APPLICATION if part == "mlflow.server.fastapi_app:app" else part for part in command]
        if APPLICATION not in ours:
            raise SystemExit(UNKNOWN_COMMAND.format(command=" ".join(command)))
        os.execvpe(ours[0], ours, {**os.environ, **extra_env})

    # MLflow's command stays as a waiting parent of the server, which doubles the memory for nothing.
    mlflow.server._exec_cmd = become
    cli(arguments)


if __name__ == "__main__":
    main(int(sys.argv[1]))
