"""What the measurements were made on."""

import os
import platform
import subprocess
from datetime import date
from pathlib import Path


def describe() -> dict[str, str]:
    """Return what a reader needs to compare: processors, memory, kernel, Docker, date."""
    cpu = _first(Path("/proc/cpuinfo"), "model name", ":")
    memory = int(_first(Path("/proc/meminfo"), "MemTotal", ":").split()[0]) / 1024**2
    return {
        "processors": f"{os.cpu_count()} × {cpu}",
        "memory": f"{memory:.0f} GiB",
        "kernel": platform.release(),
        "docker": _docker("{{.Server.Version}}"),
        "cgroup": "2" if Path("/sys/fs/cgroup/cgroup.controllers").exists() else "1",
        "date": date.today().isoformat(),
    }


def _first(path: Path, key: str, separator: str) -> str:
    lines = path.read_text().splitlines() if path.is_file() else []
    found = (line.partition(separator)[2].strip() for line in lines if line.startswith(key))
    return next(found, "unknown")


def _docker(template: str) -> str:
    command = ["docker", "version", "--format", template]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
