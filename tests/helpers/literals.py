"""Literals that belong somewhere else: versions, ports, registry hosts, paths of one machine.

Invariant: one definition of each, for the notebook rules, the documentation tests and the tests of
every other file; a finding is (line number, the literal).
"""

import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.helpers.versions import ROOT, ports

Finding = tuple[int, str]

# Two digits at most, so that a CPF, an amount with thousands points or an address is none.
VERSION = re.compile(r"(?<![\w.,-])v?\d{1,2}\.\d{1,2}\.\d{1,3}(?![\w.,-]*\d)")

REGISTRY_HOST = re.compile(
    r"\b(?:pypi\.org|files\.pythonhosted\.org|registry\.npmjs\.org|repo1?\.maven\.(?:org|apache\.org)"
    r"|proxy\.golang\.org|(?:deb|security)\.debian\.org|registry-1\.docker\.io|(?<!\w)quay\.io"
    r"|ghcr\.io|repo\.maven\.apache\.org)\b"
)

# Letter classes keep this file from finding itself.
MACHINE_PATH = re.compile(
    r"(?<![\w.$}/-])/(?:[w]ork/(?:main|shared)|[r]oot|[t]mp/x|[h]ome/(?!student))\b"
)


def known_port(settings: Mapping[str, str]) -> re.Pattern[str]:
    """Match the ports of versions.env; numbers as round as 8000 are more likely rows than ports."""
    known = {port for port in ports(settings).values() if port % 1000}
    joined = "|".join(map(str, sorted(known))) or "(?!)"
    return re.compile(rf"(?<![\w.,])(?:{joined})(?![\w]|[.,]\d)")


def find(pattern: re.Pattern[str], text: str) -> Iterator[Finding]:
    """Yield each match with its line number, from 1."""
    for number, line in enumerate(text.splitlines(), start=1):
        for match in pattern.finditer(line):
            yield number, match[0].strip()


def project_files(root: Path = ROOT) -> list[Path]:
    """Return the files that are, or would be, in the repository: what git does not ignore."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    paths = [root / name for name in listed.split("\0") if name]
    return [path for path in paths if path.is_file()]
