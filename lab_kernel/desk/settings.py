"""What the hub tells a lab of its limits.

Invariant: read once, into a frozen value. A lab outside a hub has none of these and works; a value that cannot be read counts as
not given, because no such value may keep a lab from starting.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

# Where the hub mounts a folder for each course of the person (lab_kernel.start links them into the home).
SHARED = Path("/srv/shared")


@dataclass(frozen=True)
class Settings:
    """Bytes and seconds; 0 is no limit."""

    home: Path
    quota: int
    full: int
    # Where courses' folders are, and what each may hold.
    shared: Path
    shared_quota: int
    idle_seconds: float
    warn_seconds: float
    kernel_idle_seconds: int
    api_url: str
    activity_url: str
    token: str
    server_name: str


def read(environ: Mapping[str, str] | None = None) -> Settings:
    environ = os.environ if environ is None else environ
    quota = _number(environ, "DATAFLOW_HOME_QUOTA")
    idle = _number(environ, "DATAFLOW_IDLE_SECONDS")
    return Settings(
        home=Path(environ.get("HOME") or Path.home()),
        quota=quota,
        full=quota * max(100, _number(environ, "DATAFLOW_HOME_FULL_PERCENT")) // 100,
        shared=Path(environ.get("DATAFLOW_SHARED") or SHARED),
        shared_quota=_number(environ, "DATAFLOW_SHARED_QUOTA"),
        idle_seconds=idle,
        # A limit of a few minutes leaves no ten of them to be warned in.
        warn_seconds=min(_number(environ, "DATAFLOW_IDLE_WARN_SECONDS"), idle / 2),
        kernel_idle_seconds=_number(environ, "DATAFLOW_KERNEL_IDLE_SECONDS"),
        api_url=environ.get("JUPYTERHUB_API_URL", ""),
        activity_url=environ.get("JUPYTERHUB_ACTIVITY_URL", ""),
        token=environ.get("JUPYTERHUB_API_TOKEN", ""),
        server_name=environ.get("JUPYTERHUB_SERVER_NAME", ""),
    )


def _number(environ: Mapping[str, str], name: str) -> int:
    try:
        return max(0, int(environ.get(name) or 0))
    except ValueError:
        return 0
