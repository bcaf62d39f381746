"""The service's and the runner's settings, from the environment that compose gives them.

Invariant: read once, into frozen values; a missing or impossible one stops the start with its name and what was expected.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

MISSING = "{name} is not set: {what}."
IMPOSSIBLE = "{name}={value!r} is not {expected}."
NO_FILE = "{name}: {path} cannot be read: {reason}."


class SettingsError(ValueError):
    """A setting is missing or impossible."""


@dataclass(frozen=True)
class Shared:
    """Where the database and the store are; both the service and the runner need them."""

    database: str
    store: Path


@dataclass(frozen=True)
class Web:
    """What the service needs. `hub_api` is the hub's own address; `hub_public` is its path for browsers."""

    shared: Shared
    port: int
    prefix: str
    hub_api: str
    hub_public: str
    client_id: str
    token: str
    roles_seconds: float


@dataclass(frozen=True)
class Runner:
    """What the runner needs: how many submissions it runs at once, how many containers it keeps warm, the file that it touches
    while it is well, and the engine's socket."""

    shared: Shared
    project: str
    image: str
    workers: int
    warm: int
    pulse: Path
    engine_socket: Path


def read_shared(found: Mapping[str, str] | None = None) -> Shared:
    found = os.environ if found is None else found
    data = Path(_need(found, "EXERCISES_DATA", "the folder of the database and the store"))
    url = found.get("EXERCISES_DATABASE_URL") or f"sqlite:///{data / 'exercises.sqlite'}"
    return Shared(url, data / "store")


def read_web(found: Mapping[str, str] | None = None) -> Web:
    """Return the service's settings. Raises SettingsError."""
    found = os.environ if found is None else found
    return Web(
        shared=read_shared(found),
        port=_integer(found, "EXERCISES_PORT", 1, 65535),
        prefix="/" + _need(found, "EXERCISES_PREFIX", "the service's path behind the hub").strip("/") + "/",
        hub_api=_need(found, "JUPYTERHUB_API_URL", "the address of the hub's API").rstrip("/"),
        hub_public="/" + (found.get("JUPYTERHUB_BASE_URL") or "/").strip("/").replace("//", "/"),
        client_id=found.get("JUPYTERHUB_CLIENT_ID") or "service-exercises",
        token=_secret(found, "JUPYTERHUB_API_TOKEN"),
        roles_seconds=float(found.get("EXERCISES_ROLES_SECONDS") or 3),
    )


def read_runner(found: Mapping[str, str] | None = None) -> Runner:
    """Return the runner's settings. Raises SettingsError."""
    found = os.environ if found is None else found
    workers = _integer(found, "RUNNER_WORKERS", 0, 64, default=0) or os.cpu_count() or 1
    return Runner(
        shared=read_shared(found),
        project=_need(found, "PROJECT", "the name that marks this class's containers"),
        image=_need(found, "LAB_IMAGE", "the image that students' labs run"),
        workers=workers,
        warm=_integer(found, "RUNNER_WARM", 0, 64, default=workers),
        pulse=Path(found.get("RUNNER_PULSE") or "/tmp/pulse"),
        engine_socket=Path(found.get("ENGINE_SOCKET") or "/var/run/docker.sock"),
    )


def _need(found: Mapping[str, str], name: str, what: str) -> str:
    value = found.get(name, "")
    if not value:
        raise SettingsError(MISSING.format(name=name, what=what))
    return value


def _integer(found: Mapping[str, str], name: str, low: int, high: int, default: int | None = None) -> int:
    text = found.get(name, "") or ("" if default is None else str(default))
    if not text.isdecimal() or not low <= int(text) <= high:
        raise SettingsError(IMPOSSIBLE.format(name=name, value=text, expected=f"a whole number from {low} to {high}"))
    return int(text)


def _secret(found: Mapping[str, str], name: str) -> str:
    """The value itself, or the first line of the file that NAME_FILE names."""
    path = found.get(f"{name}_FILE", "")
    if not path:
        return _need(found, name, "the token that the hub knows this service by")
    try:
        text = Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingsError(NO_FILE.format(name=name, path=path, reason=error.strerror)) from None
    if not text:
        raise SettingsError(NO_FILE.format(name=name, path=path, reason="it is empty"))
    return text
