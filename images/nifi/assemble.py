"""Puts NiFi together from exactly the parts of jars.lock, or not at all.

Invariant: after a run, the library folder holds the locked core jars and NARs, and for each NAR that is packed here the locked jars
of its folder, without those that a NAR above it, or the class path, brings already (theirs win, as they come first). None has a
component that starts programs.
"""

import argparse
import io
import re
import shutil
import sys
import zipfile
from pathlib import Path

# The lab's own script for the same job: one form of lock in the project.
from install_jars import artifact, read_lock, sha256, write_lock

DIFFER = "NiFi's parts differ from jars.lock (run `make lock/nifi` if the version was meant to change):"
BUNDLED = "META-INF/bundled-dependencies/"
# Whoever may edit a flow could run any program with them. A test asks the running NiFi whether there are others.
STARTS_PROGRAMS = {"org.apache.nifi.processors.standard.ExecuteProcess", "org.apache.nifi.processors.standard.ExecuteStreamCommand"}
SERVICES = "META-INF/services/"
# Not published as NARs: the folder with their jars, and the NARs that they find classes in, nearest first.
PARENTS = {
    "standard": ("nifi-standard-shared-nar", "nifi-standard-services-api-nar", "nifi-jetty-nar"),
    "update-attribute": ("nifi-standard-shared-nar", "nifi-standard-services-api-nar", "nifi-jetty-nar"),
}
MANIFEST = """Manifest-Version: 1.0
Nar-Group: org.apache.nifi
Nar-Id: nifi-{name}-nar
Nar-Version: {version}
Nar-Dependency-Group: org.apache.nifi
Nar-Dependency-Id: {parent}
Nar-Dependency-Version: {version}

"""
# The same bytes from the same parts, so that a layer of the image does not change without a reason.
EPOCH = (1980, 1, 1, 0, 0, 0)


def found_in(fetched: Path) -> dict[str, str]:
    return {f"{path.parent.name}/{path.name}": sha256(path) for path in sorted(fetched.glob("*/*.?ar"))}


def differences(found: dict[str, str], locked: dict[str, str]) -> list[str]:
    names = sorted(found.keys() | locked.keys())
    return [
        f"{name}: expected {locked.get(name, 'nothing')}, got {found.get(name, 'nothing')}"
        for name in names
        if found.get(name) != locked.get(name)
    ]


def nar_path(nars: Path, name: str) -> Path:
    (path,) = nars.glob(f"{name}-[0-9]*.nar")
    return path


def bundled(nar: Path) -> set[str]:
    """The artifacts inside a NAR."""
    with zipfile.ZipFile(nar) as archive:
        jars = (re.sub(r".*/", "", name) for name in archive.namelist() if name.startswith(BUNDLED))
        return {artifact(jar) for jar in jars if jar.endswith(".jar")}


def without(jar: Path, left_out: set[str]) -> tuple[bytes, set[str]]:
    """A jar without some classes, and which of them were in it: neither their code nor the lines that announce them stay."""
    seen, made = set(), io.BytesIO()
    with zipfile.ZipFile(jar) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            # The classes inside a class are named after it.
            owner = entry.filename.removesuffix(".class").split("$")[0].replace("/", ".")
            if entry.filename.endswith(".class") and owner in left_out:
                seen.add(owner)
                continue
            if entry.filename.startswith(SERVICES):
                lines = content.decode().splitlines(keepends=True)
                content = "".join(line for line in lines if line.strip() not in left_out).encode()
            new.writestr(zipfile.ZipInfo(entry.filename, EPOCH), content, zipfile.ZIP_DEFLATED)
    return (made.getvalue(), seen) if seen else (jar.read_bytes(), seen)


def pack(name: str, fetched: Path, library: Path) -> set[str]:
    """Write a NAR; return what was left out of it."""
    nars = [nar_path(fetched / "nars", parent) for parent in PARENTS[name]]
    version = nars[0].stem.removeprefix(f"{PARENTS[name][0]}-")
    above = {artifact(jar.name) for jar in (fetched / "core").glob("*.jar")}.union(*(bundled(nar) for nar in nars))
    jars = [jar for jar in sorted((fetched / name).glob("*.jar")) if artifact(jar.name) not in above]
    manifest = MANIFEST.format(name=name, version=version, parent=PARENTS[name][0])
    left_out = set()

    with zipfile.ZipFile(library / f"nifi-{name}-nar-{version}.nar", "w") as archive:
        # NiFi's own unpacking needs an entry for each folder.
        for folder in ("META-INF/", BUNDLED):
            archive.writestr(zipfile.ZipInfo(folder, EPOCH), b"")
        archive.writestr(zipfile.ZipInfo("META-INF/MANIFEST.MF", EPOCH), manifest)
        for jar in jars:
            # Only NiFi's own jars have components.
            content, seen = without(jar, STARTS_PROGRAMS) if jar.name.startswith("nifi-") else (jar.read_bytes(), set())
            archive.writestr(zipfile.ZipInfo(BUNDLED + jar.name, EPOCH), content)
            left_out |= seen
    return left_out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fetched", type=Path, required=True, help="folder with core/, nars/ and one for each NAR to pack")
    parser.add_argument("--lock", type=Path, required=True)
    parser.add_argument("--library", type=Path, help="where NiFi's lib/ is to be")
    parser.add_argument("--write-lock", action="store_true", help="write the lock instead")
    args = parser.parse_args()

    found = found_in(args.fetched)
    if args.write_lock:
        write_lock(args.lock, found)
        return
    problems = differences(found, read_lock(args.lock))
    if problems:
        sys.exit("\n  ".join([DIFFER, *problems]))

    args.library.mkdir(parents=True)
    for part in [*(args.fetched / "core").glob("*.jar"), *(args.fetched / "nars").glob("*.nar")]:
        shutil.copyfile(part, args.library / part.name)
    left_out = set().union(*(pack(name, args.fetched, args.library) for name in PARENTS))
    if left_out != STARTS_PROGRAMS:
        sys.exit(f"Components that start programs were not found where they are left out: {STARTS_PROGRAMS - left_out}")


if __name__ == "__main__":
    main()
