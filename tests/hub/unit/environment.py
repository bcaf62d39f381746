"""The environment that compose gives the hub, as the unit tests vary it."""

from pathlib import Path

from tests.helpers.versions import read

NAMES = (
    "PROJECT",
    "HUB_PORT",
    "HUB_API_PORT",
    "PROXY_PORT",
    "PROXY_API_PORT",
    "EXERCISES_PORT",
    "GATEWAY_PORT",
    "PLATFORM_PORT",
    "LABS_ON_PLATFORM",
    "LAB_IMAGE",
    "LAB_PORT",
    "LAB_MEMORY",
    "LAB_CPUS",
    "LAB_PIDS",
    "HOME_QUOTA",
    "SHARED_QUOTA",
    "HOME_FULL_PERCENT",
    "LAB_STARTS_AT_ONCE",
    "CULL_IDLE_SECONDS",
    "CULL_EVERY_SECONDS",
    "CULL_WARN_SECONDS",
    "CULL_KERNEL_SECONDS",
)


def complete(folder: Path) -> dict[str, str]:
    """Return every required setting as versions.env has it, with secrets and data in ``folder``."""
    secrets = folder / "secrets"
    secrets.mkdir(exist_ok=True)
    for name in ("cookie_secret", "crypt_key", "proxy_auth_token", "exercises_token", "operator_token", "platform_token"):
        path = secrets / name
        path.write_text("ab" * 32)
        path.chmod(0o600)
    versions = read(environment={})
    found = {name: versions[name] for name in NAMES}
    return {**found, "HUB_DATA": str(folder), "HUB_SECRETS": str(secrets), "ENGINE_SOCKET": str(folder / "docker.sock")}
