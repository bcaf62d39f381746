"""Healthy means: the hub answers, and it can do what it is for: reach the engine that starts labs and the proxy that leads to them.

Invariant: exits 0, or 1 with one line that says which of the three failed and how.
"""

import http.client
import os
import socket
import sys
from pathlib import Path

SECONDS = 4
FAILED = "{what} failed: {reason}"
PROXY_TOKEN = Path("/run/secrets/proxy_auth_token")
DOCKER_SOCKET = "/var/run/docker.sock"


class UnixConnection(http.client.HTTPConnection):
    """HTTP over the engine's socket."""

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(SECONDS)
        self.sock.connect(DOCKER_SOCKET)


def expect_ok(connection: http.client.HTTPConnection, path: str, headers: dict[str, str] | None = None) -> None:
    """Raise OSError unless the answer is 200."""
    connection.request("GET", path, headers=headers or {})
    answer = connection.getresponse()
    if answer.status != 200:
        raise OSError(f"{path} answered {answer.status}")


def hub() -> None:
    port = int(os.environ["HUB_API_PORT"])
    expect_ok(http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS), "/hub/health")


def engine() -> None:
    expect_ok(UnixConnection("docker"), "/_ping")


def proxy() -> None:
    port = int(os.environ["PROXY_API_PORT"])
    token = {"Authorization": f"token {PROXY_TOKEN.read_text().strip()}"}
    expect_ok(http.client.HTTPConnection("proxy-api", port, timeout=SECONDS), "/api/routes", token)


def main() -> int:
    for check in (hub, engine, proxy):
        try:
            check()
        except (OSError, http.client.HTTPException) as error:
            print(FAILED.format(what=check.__name__, reason=error))
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
