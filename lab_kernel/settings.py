"""The kernel's settings, read once from the environment.

Invariant: a `Settings` is complete and valid, or reading it has raised `SettingsError` with the name of
the variable, what was found and what is allowed. Nothing else in the core reads the environment.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lab_kernel import memory, messages

VERSIONS_FILE = Path("/opt/lab/share/dataflow/versions.env")

MB = 1024 * 1024
MAX_DEFAULT_DRIVER_MB = 1024
MIN_DRIVER_MB = 300
# Spark keeps 300 MB for itself and refuses less than half as much again.
MIN_EXECUTOR_MB = 450

_SIZE = re.compile(r"(\d+)\s*([kmgt]?)i?b?", re.IGNORECASE)
_UNITS = {"": 1, "k": 1024, "m": MB, "g": 1024 * MB, "t": 1024 * 1024 * MB}
_MASTER = re.compile(r"local(\[(\*|\d+)(,\s*\d+)?\])?|spark://[^:/\s]+:\d{1,5}")
_SWITCH = {"on": True, "1": True, "true": True, "yes": True}
_SWITCH |= {"off": False, "0": False, "false": False, "no": False}


class SettingsError(ValueError):
    """A setting has a value that cannot be used; the message says which, and what is allowed."""


@dataclass(frozen=True)
class Settings:
    """What a kernel needs to know. Memory in bytes unless the name says MB; times in seconds."""

    lakehouse_root: str
    master: str
    driver_memory_mb: int
    memory_limit: int | None
    ui: bool
    ui_port: int
    hub_prefix: str
    user: str
    progress: bool
    progress_after: float
    rows: int
    heartbeat_every: float
    start_timeout: float
    spark_home: Path | None
    java_home: str | None
    state_dir: Path
    # Only where Spark computes on a cluster.
    spark_secret: str | None = field(default=None, repr=False)
    executor_memory_mb: int = 0
    student_cores: int = 0
    spark_events: str | None = None
    # Only where tables lie on S3.
    s3_region: str | None = None
    s3_path_style: bool = True
    # Only where the lab sees the class's landing zone.
    landing_zone: Path | None = None
    landing_port: int = 0


# Environment variable -> one line for the documentation; docs/kernel.md is tested against it.
NAMES = {
    "LAKEHOUSE_ROOT": "where the lakehouse lies: a folder or s3a://bucket/path",
    "AWS_REGION": "the region that S3's buckets are in",
    "AWS_ENDPOINT_URL": "the address of an S3 server that is not AWS's",
    "S3_PATH_STYLE": "on or off: a bucket's name is in the path, or before the server's name",
    "SPARK_MASTER": "where Spark computes: local[n] in the lab, or spark://host:port",
    "SPARK_SECRET": "what a cluster asks of its labs (the hub sets it)",
    "SPARK_EXECUTOR_MEMORY": "heap of one executor on a cluster, such as 512m",
    "SPARK_EVENTS": "where a cluster's history takes this notebook's log (the hub sets it)",
    "SPARK_STUDENT_CORES": "cores of a cluster that this notebook gets at most",
    "LANDING_ZONE": "where the lab sees what the class's NiFi delivers (the hub sets it)",
    "NIFI_LISTEN_PORT": "where the class's NiFi takes data over HTTP",
    "DATAFLOW_DRIVER_MEMORY": "heap of Spark's JVM, such as 768m",
    "MEM_LIMIT": "memory of the whole lab in bytes (the hub sets it)",
    "SPARK_UI": "on or off: Spark's own web pages",
    "SPARK_UI_PORT": "first port tried for Spark's web pages",
    "JUPYTERHUB_SERVICE_PREFIX": "the lab's path behind the hub (the hub sets it)",
    "JUPYTERHUB_USER": "the student's name (the hub sets it)",
    "DATAFLOW_PROGRESS": "on or off: progress of running jobs and the wait for Spark",
    "DATAFLOW_PROGRESS_AFTER": "seconds that a job runs before its progress is shown",
    "DATAFLOW_ROWS": "rows shown of a DataFrame",
    "DATAFLOW_HEARTBEAT_SECONDS": "seconds between two signs that a job or stream is running",
    "DATAFLOW_START_TIMEOUT": "seconds that Spark may take to start",
    "SPARK_HOME": "where Spark lies (the image sets it)",
    "JAVA_HOME": "where Java lies (the image sets it)",
    "DATAFLOW_STATE_DIR": "folder for heartbeats, kernels' notes and logs of this container",
}


def read(environ: Mapping[str, str] | None = None) -> Settings:
    """Returns the settings; raises SettingsError for a value that cannot be used."""
    environ = os.environ if environ is None else environ
    limit = _limit(environ)
    home = environ.get("HOME") or str(Path.home())
    java_home = environ.get("JAVA_HOME") or None
    return Settings(
        lakehouse_root=_root(environ.get("LAKEHOUSE_ROOT") or f"{home}/lakehouse", home),
        master=_master(environ.get("SPARK_MASTER") or "local[2]"),
        driver_memory_mb=_driver_memory_mb(environ.get("DATAFLOW_DRIVER_MEMORY"), limit),
        memory_limit=limit,
        ui=_switch(environ, "SPARK_UI", True),
        ui_port=_number(environ, "SPARK_UI_PORT", _default_ui_port(), low=0, high=65535, kind=int),
        hub_prefix=_prefix(environ.get("JUPYTERHUB_SERVICE_PREFIX") or "/"),
        user=environ.get("JUPYTERHUB_USER") or environ.get("USER") or "student",
        progress=_switch(environ, "DATAFLOW_PROGRESS", True),
        progress_after=_number(environ, "DATAFLOW_PROGRESS_AFTER", 0.7, low=0, high=3600),
        rows=_number(environ, "DATAFLOW_ROWS", 20, low=1, high=1000, kind=int),
        heartbeat_every=_number(environ, "DATAFLOW_HEARTBEAT_SECONDS", 20, low=0.1, high=600),
        start_timeout=_number(environ, "DATAFLOW_START_TIMEOUT", 180, low=1, high=3600),
        spark_home=Path(environ["SPARK_HOME"]) if environ.get("SPARK_HOME") else None,
        java_home=java_home,
        state_dir=Path(environ.get("DATAFLOW_STATE_DIR") or "/tmp/dataflow"),
        spark_secret=environ.get("SPARK_SECRET") or None,
        executor_memory_mb=_executor_memory_mb(environ.get("SPARK_EXECUTOR_MEMORY") or _of_image("SPARK_EXECUTOR_MEMORY", "512m")),
        student_cores=_number(
            environ, "SPARK_STUDENT_CORES", int(_of_image("SPARK_STUDENT_CORES", "1")), low=1, high=1024, kind=int
        ),
        spark_events=environ.get("SPARK_EVENTS") or None,
        s3_region=environ.get("AWS_REGION") or None,
        s3_path_style=_switch(environ, "S3_PATH_STYLE", not _on_aws(environ)),
        landing_zone=Path(environ["LANDING_ZONE"]) if environ.get("LANDING_ZONE") else None,
        landing_port=_number(environ, "NIFI_LISTEN_PORT", int(_of_image("NIFI_LISTEN_PORT", "0")), low=0, high=65535, kind=int),
    )


def size_in_bytes(text: str, name: str = "size") -> int:
    """Returns the bytes of `512m`, `1g`, `2GiB` or a plain number; raises SettingsError."""
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise _bad(name, text, messages.ALLOWED_SIZE)
    return int(match[1]) * _UNITS[match[2].lower()]


def _bad(name: str, found: object, allowed: str) -> SettingsError:
    return SettingsError(messages.BAD_SETTING.format(name=name, found=found, allowed=allowed))


def _limit(environ: Mapping[str, str]) -> int | None:
    text = environ.get("MEM_LIMIT")
    if text:
        # systemd-like spawners hand over a float; DockerSpawner an integer.
        return size_in_bytes(text.removesuffix(".0"), "MEM_LIMIT") or None
    return memory.read().limit


def _driver_memory_mb(text: str | None, limit: int | None) -> int:
    if text:
        megabytes = size_in_bytes(text, "DATAFLOW_DRIVER_MEMORY") // MB
        if megabytes < MIN_DRIVER_MB:
            allowed = messages.ALLOWED_AT_LEAST.format(least=f"{MIN_DRIVER_MB}m")
            raise _bad("DATAFLOW_DRIVER_MEMORY", text, allowed)
        if limit and megabytes * MB >= limit:
            allowed = messages.ALLOWED_BELOW_LIMIT.format(limit=memory.human(limit))
            raise _bad("DATAFLOW_DRIVER_MEMORY", text, allowed)
        return megabytes
    if limit is None:
        return MAX_DEFAULT_DRIVER_MB
    # The other half is for the server, Python, and what the JVM needs outside its heap.
    return max(MIN_DRIVER_MB, min(MAX_DEFAULT_DRIVER_MB, limit // 2 // MB))


def _root(text: str, home: str) -> str:
    if text.startswith("~"):
        text = home + text[1:]
    text = text.removeprefix("file://").rstrip("/") or "/"
    if text.startswith("/") and text != "/":
        return text
    if re.fullmatch(r"s3a://[^/]+(/.*)?", text):
        return text
    raise _bad("LAKEHOUSE_ROOT", text, messages.ALLOWED_ROOT)


def _on_aws(environ: Mapping[str, str]) -> bool:
    """AWS wants the bucket before its name; most other servers have a name for themselves only."""
    return not environ.get("AWS_ENDPOINT_URL") and (environ.get("LAKEHOUSE_ROOT") or "").startswith("s3a://")


def _master(text: str) -> str:
    if not _MASTER.fullmatch(text):
        raise _bad("SPARK_MASTER", text, messages.ALLOWED_MASTER)
    return text


def _prefix(text: str) -> str:
    return "/" + text.strip("/") + "/" if text.strip("/") else "/"


def _switch(environ: Mapping[str, str], name: str, default: bool) -> bool:
    text = environ.get(name)
    if not text:
        return default
    if text.lower() not in _SWITCH:
        raise _bad(name, text, messages.ALLOWED_SWITCH)
    return _SWITCH[text.lower()]


def _number(environ, name, default, *, low, high, kind=float):
    text = environ.get(name)
    if not text:
        return default
    allowed = messages.ALLOWED_NUMBER.format(low=low, high=high)
    try:
        number = kind(text)
    except ValueError:
        raise _bad(name, text, allowed) from None
    if not low <= number <= high:
        raise _bad(name, text, allowed)
    return number


def _executor_memory_mb(text: str) -> int:
    megabytes = size_in_bytes(text, "SPARK_EXECUTOR_MEMORY") // MB
    if megabytes < MIN_EXECUTOR_MB:
        raise _bad("SPARK_EXECUTOR_MEMORY", text, messages.ALLOWED_AT_LEAST.format(least=f"{MIN_EXECUTOR_MB}m"))
    return megabytes


def _default_ui_port() -> int:
    """The port of the image's versions.env; 0 (any free one) outside the lab image."""
    return int(_of_image("SPARK_UI_PORT", "0"))


def _of_image(name: str, otherwise: str) -> str:
    """The value of a key in the image's versions.env."""
    if VERSIONS_FILE.is_file():
        for line in VERSIONS_FILE.read_text().splitlines():
            key, _, value = line.partition("=")
            if key == name:
                return value
    return otherwise
