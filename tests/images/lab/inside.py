"""Facts about the lab image, gathered inside it and printed as JSON for the host's tests to judge."""

import importlib.metadata
import json
import os
import subprocess
from pathlib import Path

PYSPARK_JARS = Path(os.environ["SPARK_HOME"]) / "jars"
KAFKA_LIBS = Path("/opt/kafka/libs")


def writable(top: str) -> list[str]:
    """Paths below `top` that the student could change."""
    return [str(path) for path in Path(top).rglob("*") if not path.is_symlink() and os.access(path, os.W_OK)]


def run(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def both(*command: str) -> str:
    """What a command says on either channel."""
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True).stdout


def unlinked() -> list[str]:
    """Compiled modules that a library is missing for: slimming took one too many."""
    found = []
    for module in sorted(Path("/opt/lab/lib").rglob("*.so*")):
        lines = subprocess.run(["ldd", str(module)], capture_output=True, text=True).stdout.splitlines()
        found += [f"{module.name}: {line.strip()}" for line in lines if "not found" in line]
    return found


facts = {
    "uid": os.getuid(),
    "java": subprocess.run(["java", "-version"], capture_output=True, text=True).stderr,
    "packages": {d.metadata["Name"].lower().replace("_", "-"): d.version for d in importlib.metadata.distributions()},
    "jars": sorted(jar.name for jar in PYSPARK_JARS.glob("*.jar")),
    "kafka_jars": sorted(jar.name for jar in KAFKA_LIBS.glob("*.jar")),
    "kernels": sorted(json.loads(run("/opt/lab/bin/jupyter", "kernelspec", "list", "--json"))["kernelspecs"]),
    "extensions": both("/opt/lab/bin/python", "-s", "-m", "jupyter", "server", "extension", "list"),
    "writable": {top: writable(top) for top in ("/opt", "/etc", "/usr")},
    "set_user_id": run("sh", "-c", "find / -xdev -perm -4000 -type f 2>/dev/null || true").split(),
    "home": sorted(entry.name for entry in Path("/home/student").iterdir()),
    "unlinked": unlinked(),
    "course": sorted(entry.name for entry in Path("/opt/course").iterdir()),
}
Path("/out/facts.json").write_text(json.dumps(facts))
