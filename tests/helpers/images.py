"""What a service's image is, asked of one container of it without network.

Invariant: the container is as the image makes it, but for its first program; nothing of it is left.
"""

import json
import re
import subprocess
from dataclasses import dataclass

SECONDS = 120
# Debian's own programs that change who they run as; a container forbids that (no-new-privileges), and the image adds none.
SET_ID = {"chage", "chfn", "chsh", "expiry", "gpasswd", "mount", "newgrp", "passwd", "su", "umount", "unix_chkpwd"}
_ASK = """
id -u
echo ==; find / -xdev -perm /6000 -type f 2> /dev/null
echo ==; find /opt /usr /etc -writable -not -type l 2> /dev/null
echo ==; find /run/secrets 2> /dev/null
echo ==; command -v pip npm go mvn javac gcc 2> /dev/null
true
"""


@dataclass(frozen=True)
class Image:
    """Files are given by path, `set_id` and `builders` by the last part of it."""

    user: int
    set_id: set[str]
    writable: list[str]
    secrets: list[str]
    builders: set[str]
    labels: dict[str, str]
    environment: list[str]
    history: str


def docker(*arguments: str) -> str:
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, timeout=SECONDS)
    assert done.returncode == 0, done.stderr
    return done.stdout


def inside(image: str, *command: str) -> str:
    entry, *rest = command
    return docker("run", "--rm", "--network", "none", "--entrypoint", entry, image, *rest)


def look(image: str) -> Image:
    """Raises AssertionError if there is no such image."""
    config = json.loads(docker("image", "inspect", "--format", "{{json .Config}}", image))
    user, set_id, writable, secrets, builders = (part.split() for part in inside(image, "sh", "-c", _ASK).split("==\n"))
    return Image(
        user=int(user[0]),
        set_id={path.rpartition("/")[2] for path in set_id},
        writable=writable,
        secrets=[path for path in secrets if path != "/run/secrets"],
        builders={path.rpartition("/")[2] for path in builders},
        labels=config["Labels"] or {},
        environment=config["Env"] or [],
        history=docker("history", "--no-trunc", "--format", "{{.CreatedBy}}", image),
    )


def assert_is_a_service(image: Image) -> None:
    """What holds for the image of every service, whatever is in it."""
    assert image.user != 0
    assert image.set_id <= SET_ID
    assert image.writable == []
    assert image.secrets == []
    assert image.builders == set()
    assert len(image.labels["dataflow.inputs"]) == 64, "scripts/build.sh knows by it whether the image is still right"
    names = [one.partition("=")[0] for one in image.environment]
    assert [name for name in names if re.search("TOKEN|SECRET|KEY|PASSWORD", name)] == []
    assert "BEGIN CERTIFICATE" not in image.history
