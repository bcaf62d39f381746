"""Starts the class's broker: prepares an empty volume once, then becomes the broker.

Invariant: a volume counts as prepared only when the marker, which is written last, is there; before that the broker has never
run on it, so a half-made one is made again and nothing can be lost.
"""

import base64
import os
import shutil
import string
import subprocess
import sys
import uuid
from pathlib import Path

HERE = Path("/etc/kafka")
HOME = Path("/var/tmp/kafka")
DATA, MARKER = HOME / "data", HOME / "prepared"
CONFIG = Path("/tmp/server.properties")
LIBS = "/opt/kafka/libs/*"

PREPARED = "Kafka's volume is prepared."
NOT_PREPARED = "Kafka could not prepare its volume (exit code {code}): {tail}"


def main() -> None:
    CONFIG.write_text(configuration())
    if not MARKER.exists():
        prepare()
    os.execv(java()[0], [*java(), "kafka.Kafka", str(CONFIG)])


def configuration() -> str:
    """The text of server.properties; a setting that is missing is an error that names it."""
    template = string.Template((HERE / "server.properties").read_text())
    return template.substitute(
        data=DATA,
        admin=os.environ["KAFKA_ADMIN"],
        class_port=os.environ["KAFKA_PORT"],
        host_port=os.environ["KAFKA_HOST_PORT"],
        internal_port=os.environ["KAFKA_INTERNAL_PORT"],
        controller_port=os.environ["KAFKA_CONTROLLER_PORT"],
    )


def prepare() -> None:
    """Formats the storage and puts the administrator's credential into it, without which nobody could log in at all."""
    shutil.rmtree(DATA, ignore_errors=True)
    HOME.mkdir(mode=0o700, exist_ok=True)
    admin, password = os.environ["KAFKA_ADMIN"], Path(os.environ["KAFKA_ADMIN_PASSWORD_FILE"]).read_text().strip()
    cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=").replace("-", "A")
    # In a file that Java reads, because a list of processes shows what stands on a command line.
    arguments = Path("/tmp/format.arguments")
    arguments.touch(mode=0o600)
    arguments.write_text(
        f"kafka.tools.StorageTool format -t {cluster} -c {CONFIG} --add-scram SCRAM-SHA-512=[name={admin},password={password}]\n")
    try:
        done = subprocess.run([*java(), f"@{arguments}"], capture_output=True, text=True, timeout=120)
    finally:
        arguments.unlink()
    if done.returncode != 0:
        tail = "\n".join((done.stdout + done.stderr).splitlines()[-8:]).replace(password, "***")
        sys.exit(NOT_PREPARED.format(code=done.returncode, tail=tail))
    MARKER.touch()
    print(PREPARED, flush=True)


def java() -> list[str]:
    return [
        f"{os.environ['JAVA_HOME']}/bin/java", f"-Xmx{os.environ['KAFKA_HEAP']}", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError",
        f"-Dlog4j2.configurationFile={HERE / 'log4j2.properties'}", "-cp", LIBS,
    ]


if __name__ == "__main__":
    main()
