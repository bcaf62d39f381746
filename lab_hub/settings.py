"""The hub's settings, from the environment that compose.yaml gives it.

Invariant: read once, by `read`, into a frozen value; a missing or impossible setting stops the start with its name and what was
expected, so no lab ever runs with a guessed limit.
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from lab_hub import limits

Value = TypeVar("Value")

MISSING = "{name} is not set. The hub is started by `make up`, which takes it from versions.env; add it there."
IMPOSSIBLE = "{name}={value!r} is not {expected}. Change it in versions.env, then run `make up`."
NO_SECRET = "The secret {path} cannot be read: {reason}. `make up` makes it; run it again, then `make doctor`."
MORE = "a role or a group with limits, such as grader:memory=4G,cpus=4,pids=2048,home=8G or course-sql-student:home=8G"
EMPTY_SECRET = "The secret {path} is empty. Remove the file in the state folder and run `make up`, which makes a new one."


class SettingsError(ValueError):
    """A setting is missing or impossible; the message names it and the remedy."""


@dataclass(frozen=True)
class Settings:
    """What the hub needs to know. Times in seconds, memory in bytes."""

    project: str
    public_port: int
    hub_port: int
    proxy_port: int
    proxy_api_port: int
    exercises_port: int
    gateway_port: int
    platform_port: int
    labs_on_platform: bool
    hub_name: str
    proxy_api_name: str
    data: Path
    secrets: Path
    # Where homes are kept that were removed, and how the operator calls that folder.
    archives: Path
    archives_on_host: str
    # The engine's, as it is mounted into this container.
    engine_socket: Path
    # Where people find the class, if the operator said so.
    class_address: str
    lab_image: str
    lab_port: int
    lab_memory: int
    lab_cpus: float
    lab_pids: int
    # Added to these, by role or group.
    lab_limits_more: limits.More
    home_quota: int
    home_full_percent: int
    shared_quota: int
    lab_starts_at_once: int
    lab_start_seconds: int
    cull_idle_seconds: int
    cull_every_seconds: int
    cull_warn_seconds: int
    cull_kernel_seconds: int

    @property
    def lab_limits(self) -> limits.Limits:
        """What every lab may use."""
        return limits.Limits(self.lab_memory, self.lab_cpus, self.lab_pids, self.home_quota)

    @property
    def database_file(self) -> Path:
        return self.data / "jupyterhub.sqlite"

    @property
    def database_url(self) -> str:
        return f"sqlite:///{self.database_file}"

    @property
    def announcements_file(self) -> Path:
        return self.data / "announcements.json"

    @property
    def hub_url(self) -> str:
        """Where labs and the proxy find the hub."""
        return f"http://{self.hub_name}:{self.hub_port}"

    @property
    def own_api_url(self) -> str:
        """The hub's API, from inside the hub's container."""
        return f"http://127.0.0.1:{self.hub_port}/hub/api"

    @property
    def proxy_api_url(self) -> str:
        """Where the hub gives the proxy its routes; no lab has a way to this name's network."""
        return f"http://{self.proxy_api_name}:{self.proxy_api_port}"

    @property
    def exercises_url(self) -> str:
        """Where the proxy finds the exercises' service."""
        return f"http://exercises:{self.exercises_port}"

    @property
    def gateway_url(self) -> str:
        """Where the proxy finds the pages of the services around the class."""
        return f"http://gateway:{self.gateway_port}"

    @property
    def exercises_url_in_labs(self) -> str:
        """Where labs find it: through the proxy, like everybody."""
        return f"http://proxy:{self.proxy_port}/services/exercises/"

    @property
    def platform_url(self) -> str:
        """Where keys for labs are made; empty when labs are to work by themselves."""
        return f"http://platform:{self.platform_port}" if self.labs_on_platform else ""

    @property
    def labs_network(self) -> str:
        return f"{self.project}-labs"

    @property
    def home_volume(self) -> str:
        """DockerSpawner's template of a home's volume."""
        return self.project + "-home-{username}"

    @property
    def course_volume(self) -> str:
        """Template of the volume of a course's folder."""
        return self.project + "-shared-{course}"

    @property
    def landing_volume(self) -> str:
        """What compose/processing.yaml calls it."""
        return f"{self.project}-landing-data"

    @property
    def cookie_secret_file(self) -> Path:
        return self.secrets / "cookie_secret"

    @property
    def activity_seconds(self) -> int:
        """How often activity is reported: four times within the idle limit, so that work in progress is never taken for idle."""
        return max(5, min(300, self.cull_idle_seconds // 4))

    def secret(self, name: str) -> str:
        """Return a secret's text. Raises SettingsError, without its content."""
        path = self.secrets / name
        try:
            text = path.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SettingsError(NO_SECRET.format(path=path, reason=error.strerror)) from None
        if not text:
            raise SettingsError(EMPTY_SECRET.format(path=path))
        return text


def read(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings. Raises SettingsError on the first that is missing or impossible."""
    found = os.environ if environment is None else environment

    def take(name: str, parse: Callable[[str], Value], expected: str) -> Value:
        value = found.get(name, "")
        if not value:
            raise SettingsError(MISSING.format(name=name))
        try:
            return parse(value)
        except ValueError:
            raise SettingsError(IMPOSSIBLE.format(name=name, value=value, expected=expected)) from None

    def port(name: str) -> int:
        return take(name, _integer(1, 65535), "a port from 1 to 65535")

    def limits_more() -> limits.More:
        # Nothing is what most classes have.
        value = found.get("LAB_LIMITS_MORE", "")
        try:
            return limits.parse_more(value)
        except ValueError as error:
            raise SettingsError(IMPOSSIBLE.format(name="LAB_LIMITS_MORE", value=str(error), expected=MORE)) from None

    return Settings(
        project=take("PROJECT", _matching(r"[a-z0-9][a-z0-9_-]*"), "lower-case letters, digits, - and _"),
        public_port=port("HUB_PORT"),
        hub_port=port("HUB_API_PORT"),
        proxy_port=port("PROXY_PORT"),
        proxy_api_port=port("PROXY_API_PORT"),
        exercises_port=port("EXERCISES_PORT"),
        gateway_port=port("GATEWAY_PORT"),
        platform_port=port("PLATFORM_PORT"),
        labs_on_platform=take("LABS_ON_PLATFORM", _matching("on|off"), "on or off") == "on",
        hub_name=found.get("HUB_NAME") or "hub",
        proxy_api_name=found.get("PROXY_API_NAME") or "proxy-api",
        data=Path(found.get("HUB_DATA") or "/srv/hub"),
        secrets=Path(found.get("HUB_SECRETS") or "/run/secrets"),
        archives=Path(found.get("HUB_ARCHIVES") or "/srv/archives"),
        archives_on_host=found.get("ARCHIVES_ON_HOST") or "",
        engine_socket=Path(found.get("ENGINE_SOCKET") or "/var/run/docker.sock"),
        class_address=found.get("CLASS_ADDRESS") or "",
        lab_image=take("LAB_IMAGE", _matching(r"\S+"), "an image name"),
        lab_port=port("LAB_PORT"),
        lab_memory=take("LAB_MEMORY", limits.parse_bytes, "a size such as 2G"),
        lab_cpus=take("LAB_CPUS", _positive, "a number of processors above 0"),
        lab_pids=take("LAB_PIDS", _integer(64), "a number of processes, 64 or more"),
        lab_limits_more=limits_more(),
        home_quota=take("HOME_QUOTA", limits.parse_home, "a size such as 2G, or 0 for none"),
        home_full_percent=take("HOME_FULL_PERCENT", _integer(100, 1000), "a number of percent from 100 to 1000"),
        shared_quota=take("SHARED_QUOTA", limits.parse_home, "a size such as 5G, or 0 for none"),
        lab_starts_at_once=take("LAB_STARTS_AT_ONCE", _integer(0), "a number of labs, or 0"),
        lab_start_seconds=_integer(10)(found.get("LAB_START_SECONDS") or "180"),
        cull_idle_seconds=take("CULL_IDLE_SECONDS", _integer(20), "seconds, 20 or more"),
        cull_every_seconds=take("CULL_EVERY_SECONDS", _integer(5), "seconds, 5 or more"),
        cull_warn_seconds=take("CULL_WARN_SECONDS", _integer(0), "seconds, 0 or more"),
        cull_kernel_seconds=take("CULL_KERNEL_SECONDS", _integer(0), "seconds, 0 or more"),
    )


def _integer(least: int, most: int | None = None) -> Callable[[str], int]:
    def parse(text: str) -> int:
        value = int(text)
        if value < least or (most is not None and value > most):
            raise ValueError(text)
        return value

    return parse


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value < float("inf"):
        raise ValueError(text)
    return value


def _matching(pattern: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if re.fullmatch(pattern, text) is None:
            raise ValueError(text)
        return text

    return parse
