"""What takes the space in the lab image."""

import subprocess

from tests.helpers import lab

# Places that one decision each put there; the rest of the image is the last line.
PARTS = {
    "Spark's jars": "/opt/lab/lib/python3*/site-packages/pyspark/jars",
    "AOT cache": "/opt/lab/share/dataflow/spark.aot",
    "Python packages without Spark's jars": "/opt/lab/lib/python3*/site-packages",
    "JupyterLab's pages": "/opt/lab/share/jupyter",
    "Java": "/usr/lib/jvm",
    "Kafka": "/opt/kafka",
}
LARGEST_PACKAGES = 8


def size_bytes(image: str) -> int:
    """Return the uncompressed size of the image, all layers."""
    lab.require_image(image)
    command = ["docker", "image", "inspect", "--format", "{{.Size}}", image]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def parts() -> list[tuple[str, float]]:
    """Return (part, MB), largest first."""
    script = "; ".join(f"du -xsm {path} | sort -n | tail -n 1" for path in PARTS.values())
    run = lab.run(["sh", "-c", script], seconds=120).raise_for_status()
    sizes = [float(line.split()[0]) for line in run.log.splitlines()]
    found = dict(zip(PARTS, sizes, strict=True))
    found["Python packages without Spark's jars"] -= found["Spark's jars"]
    return sorted(found.items(), key=lambda part: -part[1])


def packages() -> list[tuple[str, float]]:
    """Return the largest Python packages (name, MB)."""
    script = (
        f"du -xsm /opt/lab/lib/python3*/site-packages/* | sort -rn | head -n {LARGEST_PACKAGES}"
    )
    run = lab.run(["sh", "-c", script], seconds=120).raise_for_status()
    pairs = (line.split(None, 1) for line in run.log.splitlines())
    return [(path.rpartition("/")[2], float(size)) for size, path in pairs]
