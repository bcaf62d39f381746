"""What the platform's container needs to know, from the environment that compose gives it.

Invariant: read once, by `read`, into a frozen value; what is missing stops the start with its name. What only one service's part
needs is asked for by name (`text`, `port`, `secret`) when that part is made, so that a class without that service need not set it.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

MISSING = "{name} is not set. The platform is started by `make up`, which takes it from versions.env; add it there."
NOT_A_PORT = "{name}={value!r} is not a port from 1 to 65535. Change it in versions.env, then run `make up`."
NO_SECRET = "The secret {path} cannot be read: {reason}. `make up` makes it; run it again, then `make doctor`."

# The name at the hub, and the path under which people come back from its login.
SERVICE = "platform"
PREFIX = "/services/"


class SettingsError(ValueError):
    """A setting is missing or impossible; the message names it."""


@dataclass(frozen=True)
class Settings:
    """`token` is what the hub and this service know each other by, `gateway_token` what the front door shows with every request."""

    port: int
    hub_api: str
    hub_public: str
    token: str
    gateway_token: str
    remembered_seconds: float
    leavers_seconds: float
    secrets: Path
    environment: Mapping[str, str]

    @property
    def client_id(self) -> str:
        return f"service-{SERVICE}"

    def text(self, name: str) -> str:
        """Return a variable of the container. Raises SettingsError."""
        return _need(self.environment, name)

    def port_of(self, name: str) -> int:
        """Return a variable that is a port. Raises SettingsError."""
        return _port(self.environment, name)

    def secret(self, name: str) -> str:
        """Return a secret's text. Raises SettingsError, without its content."""
        return _secret(self.secrets, name)


def read(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings. Raises SettingsError."""
    found = dict(os.environ if environment is None else environment)
    secrets = Path(found.get("PLATFORM_SECRETS") or "/run/secrets")
    return Settings(
        port=_port(found, "PLATFORM_PORT"),
        hub_api=_need(found, "JUPYTERHUB_API_URL").rstrip("/"),
        hub_public="/" + (found.get("JUPYTERHUB_BASE_URL") or "/").strip("/"),
        token=_secret(secrets, "platform_token"),
        gateway_token=_secret(secrets, "gateway_token"),
        # Whoever logs out of the hub, or leaves a course, is out of everything after this time.
        remembered_seconds=float(found.get("PLATFORM_REMEMBERED_SECONDS") or 5),
        # How often keys are compared with the class's accounts; a service that comes back is compared at once.
        leavers_seconds=float(found.get("PLATFORM_LEAVERS_SECONDS") or 300),
        secrets=secrets,
        environment=found,
    )


def _need(found: Mapping[str, str], name: str) -> str:
    value = found.get(name, "")
    if not value:
        raise SettingsError(MISSING.format(name=name))
    return value


def _port(found: Mapping[str, str], name: str) -> int:
    text = _need(found, name)
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise SettingsError(NOT_A_PORT.format(name=name, value=text))
    return int(text)


def _secret(folder: Path, name: str) -> str:
    path = folder / name
    try:
        text = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingsError(NO_SECRET.format(path=path, reason=error.strerror)) from None
    if not text:
        raise SettingsError(NO_SECRET.format(path=path, reason="it is empty"))
    return text
