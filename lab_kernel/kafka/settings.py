"""Where the broker lives and listens: read once from the environment and the image's versions.env.

Invariant: no port or path of a running class is written in this package; what is missing is an error that names the setting.
"""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lab_kernel.kafka import messages
from lab_kernel.kafka.errors import KafkaError

VERSIONS_FILE = Path("/opt/lab/share/dataflow/versions.env")
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class KafkaSettings:
    """What a broker needs to know.

    home: folder of its records and control files; libs: folder of its jars; heap: the JVM's upper limit in Java's notation;
    shared: bootstrap address of a broker that others run, or None; owner: the student, for topic names on a shared broker;
    user, password: who the student is there, or None where nobody is asked.
    """

    home: Path
    libs: Path
    java: str
    port: int
    controller_port: int
    heap: str
    shared: str | None
    owner: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @property
    def address(self) -> str:
        return self.shared or f"{LOOPBACK}:{self.port}"


def read(environ: Mapping[str, str] | None = None, versions_file: Path = VERSIONS_FILE) -> KafkaSettings:
    """Settings from `environ` (default: the process's), then from the image's versions file.

    Raises KafkaError if a port is given by neither.
    """
    environ = os.environ if environ is None else environ
    file_values = _key_values(versions_file)
    shared = environ.get("KAFKA_BOOTSTRAP") or None

    def port(name: str) -> int:
        value = environ.get(name) or file_values.get(name)
        if value is None:
            if shared:
                return 0
            raise KafkaError(messages.NO_PORT.format(name=name, source=versions_file))
        return int(value)

    java_home = environ.get("JAVA_HOME")
    user = (environ.get("KAFKA_USER") or None) if shared else None
    default_home = Path(environ.get("HOME", "/tmp")) / ".local/share/dataflow/kafka"
    return KafkaSettings(
        home=Path(environ.get("DATAFLOW_KAFKA_HOME") or default_home),
        libs=Path(environ.get("DATAFLOW_KAFKA_LIBS") or "/opt/kafka/libs"),
        java=f"{java_home}/bin/java" if java_home else (shutil.which("java") or "java"),
        port=port("KAFKA_PORT"),
        controller_port=port("KAFKA_CONTROLLER_PORT"),
        heap=environ.get("DATAFLOW_KAFKA_HEAP") or "256m",
        shared=shared,
        # The name on a broker that asks for one is chosen so that it can begin topics' names; the hub's name need not.
        owner=user or environ.get("JUPYTERHUB_USER") or environ.get("USER") or "student",
        user=user,
        password=environ.get("KAFKA_PASSWORD", "") if user else None,
    )


def _key_values(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    lines = (line.strip() for line in path.read_text().splitlines())
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#") and "=" in line)
