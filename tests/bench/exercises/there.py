"""The stock arm: the lab with nbgrader in it, in one container without network."""

import json
import os
import subprocess
import uuid
from pathlib import Path
from typing import Any

from tests.helpers.versions import ROOT, Versions

OWNER = "dataflow-bench-exercises"
DOCKERFILE = ROOT / "tests" / "bench" / "grading" / "Dockerfile"
STOCK = Path(__file__).parent / "stock.py"
MEMORY = "4G"
SECONDS = 1800


class There:
    """One container, from its start to `close`."""

    def __init__(self, settings: Versions) -> None:
        image = f"{settings['LAB_IMAGE'].partition(':')[0]}-nbgrader:bench"
        ca = Path("/etc/ssl/certs/ca-certificates.crt")
        secret = ["--secret", f"id=ca,src={ca}"] if ca.is_file() else []
        command = ["docker", "buildx", "build", "--builder", "default", "--load", "--quiet", *secret]
        command += ["--build-arg", f"lab_image={settings['LAB_IMAGE']}", "--tag", image, "--file", str(DOCKERFILE), str(ROOT)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        self.name = f"{OWNER}-{uuid.uuid4().hex[:6]}"
        limits = ["--network", "none", "--memory", MEMORY, "--cpus", str(os.cpu_count() or 1), "--init"]
        start = ["docker", "run", "--detach", "--rm", "--name", self.name, *limits, "--entrypoint", "sleep", image, "infinity"]
        subprocess.run(start, check=True, stdout=subprocess.DEVNULL)
        self.put("/tmp/stock.py", STOCK.read_bytes())

    def put(self, path: str, content: bytes) -> None:
        command = ["docker", "exec", "--interactive", self.name, "sh", "-c", 'mkdir -p "$(dirname "$0")" && cat > "$0"', path]
        subprocess.run(command, input=content, check=True)

    def run(self, *arguments: str) -> Any:
        command = ["docker", "exec", self.name, "/opt/nbgrader/bin/python", "/tmp/stock.py", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
        if done.returncode != 0:
            raise AssertionError(f"{' '.join(arguments)}: {done.stdout[-2000:]}\n{done.stderr[-2000:]}")
        return json.loads(done.stdout.splitlines()[-1])

    def close(self) -> None:
        subprocess.run(["docker", "rm", "--force", self.name], capture_output=True)
