"""Puts exactly the jars of jars.lock where they belong, or nothing.

Invariant: after a run, each lock line's file is in its target folder with the locked sha256, and no fetched jar was left out
silently: it is either in the lock or an artifact that pyspark itself
brings (pyspark's version wins, because Spark was built on it).
"""

import argparse
import hashlib
import re
import shutil
import sys
from pathlib import Path

ARTIFACT = re.compile(r"^(?P<name>.+?)-(?P<version>\d[\w.]*(?:-[\w.]+)*)\.jar$")


def artifact(file_name: str) -> str:
    """The artifact of a jar's file name: `delta-storage` of `delta-storage-1.0.jar`."""
    match = ARTIFACT.match(file_name)
    if match is None:
        raise SystemExit(f"jars: cannot tell name from version in {file_name}")
    return match["name"]


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def wanted(fetched: Path, pyspark_jars: Path) -> dict[str, str]:
    """What the lock should say: `group/file.jar` to sha256, for what was fetched and pyspark has not."""
    own = {artifact(jar.name) for jar in pyspark_jars.glob("*.jar")}
    entries = {}
    for jar in sorted(fetched.glob("*/*.jar")):
        group = jar.parent.name
        if group == "spark" and artifact(jar.name) in own:
            continue
        entries[f"{group}/{jar.name}"] = sha256(jar)
    return entries


def read_lock(lock: Path) -> dict[str, str]:
    lines = [line for line in lock.read_text().splitlines() if line and not line.startswith("#")]
    return {name: digest for digest, name in (line.split() for line in lines)}


def write_lock(lock: Path, entries: dict[str, str]) -> None:
    head = "# sha256 and jar, made by `make lock`. The image build takes these and no others.\n"
    lock.write_text(head + "".join(f"{digest}  {name}\n" for name, digest in sorted(entries.items())))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fetched", type=Path, required=True, help="folder with spark/ and kafka/")
    parser.add_argument("--pyspark-jars", type=Path, required=True)
    parser.add_argument("--lock", type=Path, required=True)
    parser.add_argument("--kafka-libs", type=Path)
    parser.add_argument("--write-lock", action="store_true", help="write the lock instead of installing")
    args = parser.parse_args()

    found = wanted(args.fetched, args.pyspark_jars)
    if args.write_lock:
        write_lock(args.lock, found)
        return

    locked = read_lock(args.lock)
    problems = [f"not in the lock: {name}" for name in sorted(found.keys() - locked.keys())]
    problems += [f"in the lock, not fetched: {name}" for name in sorted(locked.keys() - found.keys())]
    problems += [
        f"{name}: expected sha256 {locked[name]}, got {found[name]}"
        for name in sorted(found.keys() & locked.keys())
        if found[name] != locked[name]
    ]
    if problems:
        sys.exit("jars differ from jars.lock (run `make lock` if the versions were meant to change):\n  "
                 + "\n  ".join(problems))

    targets = {"spark": args.pyspark_jars, "kafka": args.kafka_libs}
    for name in locked:
        group, file_name = name.split("/")
        targets[group].mkdir(parents=True, exist_ok=True)
        shutil.copyfile(args.fetched / group / file_name, targets[group] / file_name)


if __name__ == "__main__":
    main()
